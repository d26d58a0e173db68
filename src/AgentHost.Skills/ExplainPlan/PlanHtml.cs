using System.Globalization;
using System.Net;
using System.Text;

namespace AgentHost.Skills.ExplainPlan;

/// <summary>Draws an answer as one HTML page that needs no network and no script.</summary>
public static class PlanHtml
{
    /// <summary>Deeper nodes are drawn at this depth.</summary>
    private const int DeepestIndent = 24;

    /// <summary>The page.</summary>
    public static string Render(ExplainResult result)
    {
        ArgumentNullException.ThrowIfNull(result);
        var plan = result.Plan;
        var problems = result.Problems.ToLookup(p => p.NodeNumber);
        var text = new StringBuilder();
        text.Append("<!doctype html>\n<html lang=\"en\"><head><meta charset=\"utf-8\"><meta name=\"viewport\" content=\"width=device-width\"><title>Query plan</title><style>\n").Append(Style)
            .Append("</style></head><body>\n<h1>").Append(Encode(ExplainText.Verdict(result))).Append("</h1>\n");
        if (result.Earlier is { } earlier)
            text.Append("<p class=\"note\">").Append(Encode(earlier.Message)).Append("</p>\n");
        foreach (var problem in result.Problems)
            Problem(text, problem);
        foreach (var note in result.Summary.Notes)
            text.Append("<p class=\"note\">").Append(Encode(note)).Append("</p>\n");
        if (!result.Summary.Settings.IsEmpty)
            text.Append("<p class=\"note\">Planner settings changed: ").Append(Encode(string.Join(", ", result.Summary.Settings.Select(s => $"{s.Key} = {s.Value}")))).Append("</p>\n");
        text.Append("<table><thead><tr><th>node</th><th>self</th><th>share</th><th>rows</th><th>expected</th><th>loops</th><th>read and found</th></tr></thead><tbody>\n");
        foreach (var node in plan.Nodes)
            Row(text, plan, node, problems[node.Number].Select(p => p.Id).FirstOrDefault());
        return text.Append("</tbody></table>\n</body></html>\n").ToString();
    }

    private static void Problem(StringBuilder text, PlanProblem problem)
    {
        var severity = problem.Severity switch { Severity.Error => "error", Severity.Warning => "warning", _ => "info" };
        text.Append(CultureInfo.InvariantCulture, $"<section class=\"{severity}\"><h2>{Encode(problem.Id)} <a href=\"#n{problem.NodeNumber}\">{Encode(problem.Node)}</a> <small>{Figures.Percent(problem.Share)}</small></h2><p>{Encode(problem.Message)}</p><p>→ {Encode(problem.Advice)}</p>");
        if (problem.Remedy is { } remedy)
            text.Append("<p>").Append(remedy.Helps ? "✓ " : "✗ ").Append(Encode(remedy.Message)).Append("</p>").Append(remedy.Sql is null ? "" : $"<pre>{Encode(remedy.Sql)}</pre>");
        text.Append("</section>\n");
    }

    private static void Row(StringBuilder text, QueryPlan plan, PlanNode node, string? problem)
    {
        var depth = Math.Min(DeepestIndent, plan.AncestorsOf(node).Count());
        var share = plan.Analyzed ? plan.SelfShare(node) : 0;
        var name = node.SubplanName is { } subplan ? $"{subplan}: {node.Title}" : node.Title;
        text.Append(CultureInfo.InvariantCulture, $"<tr id=\"n{node.Number}\"{(problem is not null ? $" class=\"marked\" title=\"{Encode(problem)}\"" : node.Loops == 0 ? " class=\"never\"" : "")}><td style=\"padding-left:{8 + (16 * depth)}px\">");
        var details = Details(node).ToList();
        text.Append(details.Count == 0 ? $"#{node.Number} {Encode(name)}" : $"<details><summary>#{node.Number} {Encode(name)}</summary><dl>{string.Concat(details.Select(d => $"<dt>{d.Name}</dt><dd>{Encode(d.Value)}</dd>"))}</dl></details>");
        text.Append("</td><td>").Append(!plan.Timed ? "" : node.Executed ? Figures.Ms(plan.Times.Self(node)) : "never run")
            .Append(CultureInfo.InvariantCulture, $"</td><td><i style=\"width:{100 * share:0.#}%\"></i></td><td>{(node.Executed ? Figures.Count(node.TotalRows) : "")}</td><td>{Expected(node)}</td><td>{(node.Loops is > 1 and var loops ? Figures.Count(loops) : "")}</td><td>{Blocks(node)}</td></tr>\n");
    }

    private static string Expected(PlanNode node)
    {
        if (node.PlanRows is not { } planned)
            return "";
        var expected = Figures.Count(planned * Math.Max(1, node.Loops ?? 1));
        if (!node.Executed || node.ActualRows is not { } actual)
            return expected;
        var ratio = Math.Max(1, actual) / Math.Max(1, planned);
        return ratio >= 2 ? $"{expected} <b>↑{Figures.Factor(ratio)}</b>" : ratio <= 0.5 ? $"{expected} <b>↓{Figures.Factor(1 / ratio)}</b>" : expected;
    }

    private static string Blocks(PlanNode node) => node.Buffers is not { } buffers ? ""
        : $"{Figures.Kb(buffers.SharedRead * 8)} read, {Figures.Kb(buffers.SharedHit * 8)} found" + (buffers.TempWritten > 0 ? $", {Figures.Kb(buffers.TempWritten * 8)} spilled" : "");

    private static IEnumerable<(string Name, string Value)> Details(PlanNode node)
    {
        foreach (var (name, value) in ((string, string?)[])[("Index Cond", node.IndexCond), ("Recheck Cond", node.RecheckCond), ("Hash Cond", node.HashCond), ("Merge Cond", node.MergeCond), ("Join Filter", node.JoinFilter), ("Filter", node.Filter), ("One-Time Filter", node.OneTimeFilter), ("Cache Key", node.CacheKey), ("Sort Key", node.SortKey.IsEmpty ? null : string.Join(", ", node.SortKey)), ("Group Key", node.GroupKey.IsEmpty ? null : string.Join(", ", node.GroupKey)), ("Sort Method", node.SortMethod)])
        {
            if (value is not null)
                yield return (name, value);
        }

        foreach (var (name, value) in ((string, double)[])[("Rows removed by filter", node.TotalRemovedByFilter), ("Rows removed by join filter", node.RemovedByJoinFilter * (node.Loops ?? 1)), ("Rows removed by recheck", node.RemovedByRecheck * (node.Loops ?? 1)), ("Heap fetches", node.HeapFetches), ("Lossy pages", node.LossyHeapBlocks), ("kB written by the sort", node.SortDiskKb), ("Batches", node.HashBatches > 1 ? node.HashBatches : 0), ("Cost", node.TotalCost)])
        {
            if (value > 0)
                yield return (name, Figures.Count(value));
        }
    }

    private static string Encode(string text) => WebUtility.HtmlEncode(text);

    private const string Style = """
        body{font:14px/1.4 system-ui,sans-serif;margin:2em;color:#222;background:#fff}h1{font-size:1.2em}h2{font-size:1em;margin:0}
        section{border-left:4px solid #999;padding:.3em 1em;margin:1em 0;background:#f7f7f7}section.error{border-color:#c0392b}section.warning{border-color:#d68910}
        .note{color:#555}pre{white-space:pre-wrap}table{border-collapse:collapse;width:100%;font-size:13px}td,th{padding:2px 8px;text-align:right;vertical-align:top;border-bottom:1px solid #eee}
        td:first-child,th:first-child{text-align:left}td:nth-child(3){width:140px}i{display:block;height:.9em;background:#4a7fb5;min-width:1px}tr.marked td:first-child{font-weight:bold;color:#c0392b}tr.never{color:#aaa}
        dl{display:grid;grid-template-columns:max-content 1fr;gap:0 1em;margin:.2em 0 .4em 1em;font-weight:normal;color:#333}dt{color:#777}dd{margin:0;overflow-wrap:anywhere}summary{cursor:pointer}
        @media(prefers-color-scheme:dark){body{background:#1c1c1c;color:#ddd}section{background:#262626}td,th{border-color:#333}.note,dt{color:#999}dl{color:#ccc}}

        """;
}
