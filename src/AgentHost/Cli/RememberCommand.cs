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
        var text = new Argument<string>("text") { Description = "What, and why; - reads stdin" };
        var command = new Command("remember", "Adds an entry to the project's memory") { kind, title, tags, scopes, waives, text, Options.Format };
        command.SetAction((parse, cancellation) => Session.RunAsync(parse, async (session, stop) =>
        {
            var body = parse.GetValue(text)!;
            var entry = new NewEntry(Enum.Parse<MemoryKind>(parse.GetValue(kind)!, ignoreCase: true), parse.GetValue(title)!, body == "-" ? (await Session.ReadAsync(body, stop)).Text : body)
            {
                Tags = [.. parse.GetValue(tags) ?? []],
                Scopes = [.. parse.GetValue(scopes) ?? []],
                Waives = [.. parse.GetValue(waives) ?? []],
            };
            var entries = new MemoryEntries([await session.Architect.Memory.AppendAsync(entry, stop)]);
            session.Conclude("remember", new Conclusion(Conclusion.Names(entries.Entries[0].Scopes), $"kept {entries.Entries[0].Id}"));
            session.Write(entries, (result, _) => MemoryText.Render(result));
            return Session.Clean;
        }, cancellation));
        return command;
    }

    private static Option<string[]> Repeated(string name, string description) => new(name) { Description = description + "; may be repeated", HelpName = "TEXT" };
}
