using System.CommandLine;
using System.Text;
using AgentHost.Composition;
using AgentHost.Knowledge.Audit;
using AgentHost.Knowledge.Memory;
using AgentHost.Rendering;
using AgentHost.Skills;

namespace AgentHost.Cli;

/// <summary><c>agenthost memory</c>: the whole of the memory, for people and programs.</summary>
internal static class MemoryCommand
{
    private static readonly string[] Files = ["decisions.md", "issues.md", "learnings.md"];

    /// <summary>The verb.</summary>
    public static Command Create() => new("memory", "The project's memory: list, show, check, export, merge") { CreateList(), CreateShow(), CreateCheck(), CreateExport(), MemoryMergeCommand.Create() };

    private static Command CreateList()
    {
        var kind = new Option<string?>("--kind") { Description = "Only these", HelpName = "learning|decision|issue" };
        kind.AcceptOnlyFromAmong("learning", "decision", "issue");
        var scope = new Option<string?>("--scope") { Description = "Only what bears on a table or schema: public.orders, billing.*", HelpName = "SCOPE" };
        var tag = new Option<string?>("--tag") { Description = "Only entries with this tag", HelpName = "TAG" };
        var all = new Option<bool>("--all") { Description = "Also what is not in force any more" };
        var command = new Command("list", "One line an entry: what is open, in force and learnt") { kind, scope, tag, all, Options.Format };
        command.SetAction((parse, cancellation) => Session.RunAsync(parse, (session, _) =>
        {
            var memory = session.Architect.Memory;
            var wanted = from entry in memory.Entries
                         where parse.GetValue(kind) is not { } only || entry.Kind.ToString().Equals(only, StringComparison.OrdinalIgnoreCase)
                         where parse.GetValue(tag) is not { } label || entry.Tags.Contains(label, StringComparer.OrdinalIgnoreCase)
                         where parse.GetValue(scope) is not { } place || EntryScopes.Touches(entry, place)
                         let standing = memory.StandingOf(entry)
                         where parse.GetValue(all) || standing.InForce
                         orderby entry.Kind descending, entry.When descending
                         select new RecalledEntry(entry, null, standing);
            session.Write(new MemoryEntries([.. wanted]) { Problems = Recall.Problems(memory) }, (result, _) => MemoryListText.Render(result));
            return Task.FromResult(Session.Clean);
        }, cancellation));
        return command;
    }

    private static Command CreateShow()
    {
        var id = new Argument<string>("id") { Description = "The entry's id, or its beginning" };
        var command = new Command("show", "One entry, whole, with its history and who names it") { id, Options.Format };
        command.SetAction((parse, cancellation) => Session.RunAsync(parse, (session, _) =>
        {
            var memory = session.Architect.Memory;
            var asked = parse.GetValue(id)!.Trim();
            var entries = memory.Entries;
            var named = entries.Where(entry => entry.Id.Equals(asked, StringComparison.OrdinalIgnoreCase)).ToList();
            if (named.Count == 0 && asked.Length > 2)
                named = [.. entries.Where(entry => entry.Id.StartsWith(asked, StringComparison.OrdinalIgnoreCase))];
            if (named is not [var found])
            {
                throw new SkillInputException(named.Count == 0
                    ? $"There is no entry '{asked}'; agenthost memory list --all has them all."
                    : $"'{asked}' may be {string.Join(", ", named.Take(5).Select(entry => entry.Id))}; give the whole id.");
            }
            session.Write(MemoryEntries.Whole(memory, found), (result, _) => MemoryListText.Show(result.Entries[0], memory));
            return Task.FromResult(Session.Clean);
        }, cancellation));
        return command;
    }

    private static Command CreateCheck()
    {
        var command = new Command("check", "What is wrong in the memory files: unreadable places, dead links, waivers that do nothing, contradictions") { Options.Format };
        command.SetAction((parse, cancellation) => Session.RunAsync(parse, (session, _) =>
        {
            var memory = session.Architect.Memory;
            var checkup = new MemoryCheckup(memory.Entries.Length, MemoryAudit.Of(memory, MemoryWriting.WrongRule));
            session.Write(checkup, (result, _) => MemoryListText.Checkup(result, memory.Folder));
            return Task.FromResult(checkup.Problems.IsEmpty ? Session.Clean : Session.Findings);
        }, cancellation));
        return command;
    }

    private static Command CreateExport()
    {
        var format = Options.Choice("--format", "json", ["json", "markdown"], "json: every entry with its standing; markdown: the files, one behind the other");
        var file = new Option<string?>("--out") { Description = "File to write instead of printing", HelpName = "FILE" };
        var command = new Command("export", "Everything, in one piece") { format, file };
        command.SetAction((parse, cancellation) => Session.RunAsync(parse, async (session, stop) =>
        {
            var memory = session.Architect.Memory;
            var entries = MemoryEntries.Whole(memory, memory.Entries) with { Problems = Recall.Problems(memory, all: true) };
            var text = parse.GetValue(format) == "json"
                ? System.Text.Json.JsonSerializer.Serialize(entries, AnswerJson.Readable<MemoryEntries>()) + "\n"
                : Markdown(memory);
            if (parse.GetValue(file) is not { } path)
            {
                session.WriteAsIs(text);
                return Session.Clean;
            }
            try
            {
                await File.WriteAllTextAsync(path, text, stop);
            }
            catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
            {
                throw new SkillInputException($"--out: {failure.Message}", failure);
            }
            await Console.Error.WriteLineAsync($"{entries.Entries.Length} entries written to {path}");
            return Session.Clean;
        }, cancellation));
        return command;
    }

    private static string Markdown(MemoryJournal memory)
    {
        var text = new StringBuilder();
        foreach (var file in Files.Select(name => Path.Combine(memory.Folder, name)).Where(File.Exists))
            text.Append(text.Length == 0 ? "" : "\n").Append(Workspaces.TextFile.Read(file, file).TrimEnd()).Append('\n');
        return text.ToString();
    }
}
