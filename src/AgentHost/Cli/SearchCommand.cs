using System.CommandLine;
using AgentHost.Composition;
using AgentHost.Knowledge;
using AgentHost.Rendering;

namespace AgentHost.Cli;

/// <summary><c>agenthost search</c>.</summary>
internal static class SearchCommand
{
    /// <summary>The verb.</summary>
    public static Command Create()
    {
        var query = new Argument<string>("query") { Description = "A question or words" };
        var most = Options.Number("-k", 1, KnowledgeStore.MostResults, "How many pages (default: 5)");
        var skill = new Option<string?>("--skill") { Description = "Only this skill's pages", HelpName = "NAME" };
        var source = new Option<string?>("--source") { Description = $"Only what was ingested under this name, or {KnowledgeStore.BuiltIn} for the built-in pages", HelpName = "NAME" };
        var tokens = Options.Number("--tokens", SearchBudget.Least, SearchBudget.Most, "Keep the answer to about so many tokens (default: no limit)");
        var command = new Command("search", "Best practices, with their source") { query, most, skill, source, tokens, Options.Format };
        command.SetAction((parse, cancellation) => Session.RunAsync(parse, async (session, stop) =>
        {
            var store = await session.Architect.OpenKnowledgeAsync(Session.Progress, stop);
            var found = await store.SearchAsync(parse.GetValue(query)!, parse.GetValue(most) ?? 5, parse.GetValue(skill), parse.GetValue(source), stop);
            session.Conclude("search_best_practices", new Conclusion("pages", Conclusion.Names(found.Select(page => page.Document))));
            var results = parse.GetValue(tokens) is { } budget ? SearchResults.Within(found, budget) : new SearchResults(found);
            session.Write(results.Recalling(session.Architect.Memory, parse.GetValue(query)!), (result, _) => SearchText.Render(result));
            return Session.Clean;
        }, cancellation));
        return command;
    }
}
