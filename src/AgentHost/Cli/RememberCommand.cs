using System.CommandLine;
using AgentHost.Composition;
using AgentHost.Knowledge.Memory;
using AgentHost.Rendering;

namespace AgentHost.Cli;

/// <summary><c>agenthost remember</c>.</summary>
internal static class RememberCommand
{
    /// <summary>The verb.</summary>
    public static Command Create()
    {
        var kind = Options.Choice("--kind", null, ["learning", "decision", "issue"], "What it is");
        var title = new Option<string>("--title") { Description = "One line", HelpName = "TEXT", Required = true };
        var tags = Repeated("--tag", "A subject or rule id");
        var scopes = Repeated("--scope", "A table it is about: public.orders, billing.*, *");
        var waives = Repeated("--waives", "A rule id that a decision accepts within its scope");
        var until = new Option<string?>("--until") { Description = "The last day on which it counts, as 2027-01-31", HelpName = "DAY" };
        var chooses = Repeated("--chooses", "What a decision chooses, as 'key-strategy = uuidv7'");
        var rejects = Repeated("--rejects", "What a decision does not want proposed again, as 'public.orders (customer_id)'");
        var supersedes = Repeated("--supersedes", "The id of an entry that it replaces");
        var resolves = Repeated("--resolves", "The id of an issue that it settles");
        var because = Repeated("--because", "The id of an entry that is the reason");
        var text = new Argument<string>("text") { Description = "What, and why; - reads stdin" };
        var command = new Command("remember", "Adds an entry to the project's memory") { kind, title, tags, scopes, waives, until, chooses, rejects, supersedes, resolves, because, text, Options.Format };
        command.SetAction((parse, cancellation) => Session.RunAsync(parse, async (session, stop) =>
        {
            var body = parse.GetValue(text)!;
            var entry = new NewEntry(Enum.Parse<MemoryKind>(parse.GetValue(kind)!, ignoreCase: true), parse.GetValue(title)!, body == "-" ? (await Session.ReadAsync(body, stop)).Text : body)
            {
                Tags = [.. parse.GetValue(tags) ?? []],
                Scopes = [.. parse.GetValue(scopes) ?? []],
                Waives = [.. parse.GetValue(waives) ?? []],
                Until = MemoryWriting.Day(parse.GetValue(until)),
                Chooses = [.. parse.GetValue(chooses) ?? []],
                Rejects = [.. parse.GetValue(rejects) ?? []],
                Supersedes = [.. parse.GetValue(supersedes) ?? []],
                Resolves = [.. parse.GetValue(resolves) ?? []],
                Because = [.. parse.GetValue(because) ?? []],
            };
            var kept = await MemoryWriting.RememberAsync(session.Architect.Memory, entry, stop);
            session.Conclude("remember", new Conclusion(Conclusion.Names(kept.Scopes), $"kept {kept.Id}"));
            var entries = MemoryEntries.Whole(session.Architect.Memory, kept);
            session.Write(entries, (result, _) => MemoryText.Render(result));
            return Session.Clean;
        }, cancellation));
        return command;
    }

    private static Option<string[]> Repeated(string name, string description) => new(name) { Description = description + "; may be repeated", HelpName = "TEXT" };
}
