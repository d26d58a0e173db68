using System.CommandLine;
using AgentHost.Composition;
using AgentHost.Knowledge;
using AgentHost.Knowledge.Ingest;
using AgentHost.Rendering;
using AgentHost.Skills;

namespace AgentHost.Cli;

/// <summary><c>agenthost ingest</c>.</summary>
internal static class IngestCommand
{
    /// <summary>The verb.</summary>
    public static Command Create()
    {
        var paths = new Argument<string[]>("path") { Description = "Files and folders: Markdown, HTML, plain text", Arity = ArgumentArity.ZeroOrMore };
        var name = new Option<string?>("--name") { Description = "The source's name (default: that of the only path)", HelpName = "NAME" };
        var manual = new Option<string?>("--manual") { Description = "PostgreSQL 17's manual, as Debian's package has it; or its HTML in DIR", HelpName = "DIR", Arity = ArgumentArity.ZeroOrOne };
        var remove = new Option<string?>("--remove") { Description = "Takes out what was ingested under this name", HelpName = "NAME" };
        var list = new Option<bool>("--list") { Description = "What the store holds" };
        var command = new Command("ingest", "Adds a team's pages, or PostgreSQL's manual, to what search finds; again, it does what has changed since") { paths, name, manual, remove, list, Options.Format };
        command.SetAction((parse, cancellation) => Session.RunAsync(parse, async (session, stop) =>
        {
            var given = parse.GetValue(paths) ?? [];
            var isManual = parse.GetResult(manual) is { Implicit: false };
            var asked = (given.Length > 0 ? 1 : 0) + (isManual ? 1 : 0) + (parse.GetValue(remove) is null ? 0 : 1) + (parse.GetValue(list) ? 1 : 0);
            if (asked != 1)
                throw new SkillInputException("Give files or folders to ingest, or --manual, or --remove NAME, or --list; one of them.");
            if (parse.GetValue(name) is not null && given.Length == 0)
                throw new SkillInputException("--name goes with files or folders; the manual has a name of its own.");
            if (isManual)
                given = [parse.GetValue(manual) ?? await PostgresManual.FetchAsync(stop)];
            var store = await session.Architect.OpenKnowledgeAsync(Session.Progress, stop);
            if (parse.GetValue(list))
                session.Write(new SourceList(await store.SourcesAsync(stop)), (found, _) => IngestText.Render(found));
            else if (parse.GetValue(remove) is { } old)
                session.Write(await store.RemoveAsync(old, stop), (removed, _) => $"Removed {removed.Name}: {IngestText.Count(removed.Pages, "page")}.");
            else
            {
                var report = await IngestBar.ShowAsync(bar => store.IngestAsync(isManual ? PostgresManual.Name : parse.GetValue(name), given, bar, stop));
                session.Write(report, (done, _) => IngestText.Render(done));
                return report.Problems.IsEmpty ? Session.Clean : Session.Findings;
            }
            return Session.Clean;
        }, cancellation));
        return command;
    }
}
