using System.CommandLine;
using AgentHost.Composition;
using AgentHost.Rendering;

namespace AgentHost.Cli;

/// <summary><c>agenthost search</c>.</summary>
internal static class SearchCommand
{
    /// <summary>The verb.</summary>
    public static Command Create()
    {
        var query = new Argument<string>("query") { Description = "A question or words" };
        var most = Options.Number("-k", 1, 50, "How many pages (default: 5)");
        var skill = new Option<string?>("--skill") { Description = "Only this skill's pages", HelpName = "NAME" };
        var command = new Command("search", "Best practices, with their source") { query, most, skill, Options.Format };
        command.SetAction((parse, cancellation) => Session.RunAsync(parse, async (session, stop) =>
        {
            var store = await session.Architect.OpenKnowledgeAsync(Session.Progress, stop);
            var found = new SearchResults(await store.SearchAsync(parse.GetValue(query)!, parse.GetValue(most) ?? 5, parse.GetValue(skill), ct: stop));
            session.Write(found, (result, _) => SearchText.Render(result));
            return Session.Clean;
        }, cancellation));
        return command;
    }
}
