using System.CommandLine;
using AgentHost.Composition;
using AgentHost.Rendering;

namespace AgentHost.Cli;

/// <summary><c>agenthost revise</c>.</summary>
internal static class ReviseCommand
{
    /// <summary>The verb.</summary>
    public static Command Create()
    {
        var id = new Argument<string>("id") { Description = "The entry's id" };
        var action = new Argument<string>("action") { Description = "supersede, resolve, close or reopen" };
        action.AcceptOnlyFromAmong(Change.Actions);
        var text = new Argument<string>("text") { Description = "Why, or how it was settled; with supersede the new entry's text; - reads stdin" };
        var title = new Option<string?>("--title") { Description = "The new entry's title, with supersede", HelpName = "TEXT" };
        var chooses = new Option<string[]>("--chooses") { Description = "What the new decision chooses instead, with supersede; may be repeated", HelpName = "TEXT" };
        var because = new Option<string[]>("--because") { Description = "The id of an entry that is the reason; may be repeated", HelpName = "TEXT" };
        var command = new Command("revise", "Settles or replaces an entry of the memory; its history stays") { id, action, text, title, chooses, because, Options.Format };
        command.SetAction((parse, cancellation) => Session.RunAsync(parse, async (session, stop) =>
        {
            var body = parse.GetValue(text)!;
            var change = new Change(parse.GetValue(id)!, parse.GetValue(action)!, body == "-" ? (await Session.ReadAsync(body, stop)).Text : body)
            {
                Title = parse.GetValue(title),
                Chooses = parse.GetValue(chooses) ?? [],
                Because = parse.GetValue(because) ?? [],
            };
            var memory = session.Architect.Memory;
            var entry = await MemoryWriting.ReviseAsync(memory, change, stop);
            session.Conclude("revise", new Conclusion(change.Id, change.Action == "supersede" ? $"superseded by {entry.Id}" : entry.Status));
            session.Write(MemoryEntries.Whole(memory, entry), (result, _) => MemoryText.Revised(change, result));
            return Session.Clean;
        }, cancellation));
        return command;
    }
}
