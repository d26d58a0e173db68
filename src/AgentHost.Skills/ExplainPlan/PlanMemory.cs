using System.Collections.Immutable;
using System.Text.RegularExpressions;

namespace AgentHost.Skills.ExplainPlan;

/// <summary>What a plan has to do with the project's memory: the tables and topics it is about, and the root cause worth keeping.</summary>
internal static partial class PlanMemory
{
    /// <summary>A statement that is over sooner is nobody's complaint, whatever its plan wastes; in milliseconds.</summary>
    private const double WorthKeepingMs = 10;

    private const int MostTables = 4;

    /// <summary>The answer with what was known, and with what is worth knowing from now on.</summary>
    public static ExplainResult Attach(ExplainRequest request, ExplainResult result)
    {
        var plan = result.Plan;
        return result.Recalling(request.Memory, Tables(plan.Nodes), result.Problems.Select(problem => problem.Id), TextOf(request, plan)).Proposing(request.Memory, Candidates(result));
    }

    // The query where it was given, and what the plan says of it: names and conditions.
    private static string TextOf(ExplainRequest request, QueryPlan plan) =>
        string.Join('\n', plan.Nodes.SelectMany(node => new[] { node.Title, node.Filter, node.IndexCond, node.JoinFilter }).Prepend(request.Query).OfType<string>().Distinct(StringComparer.Ordinal));

    private static IEnumerable<Candidate> Candidates(ExplainResult result) =>
        result.Summary.Verdict != PlanVerdict.Problems || result.Summary.ExecutionMs < WorthKeepingMs ? []
            : result.Problems.Where(problem => problem.Severity > Severity.Info).Select(problem => Issue(result, problem));

    private static Candidate Issue(ExplainResult result, PlanProblem problem)
    {
        var (plan, node) = (result.Plan, result.Plan[problem.NodeNumber]);
        var all = Tables(plan.Nodes);
        var own = Tables(plan.Subtree(node)) is { IsEmpty: false } below ? below : all;
        var columns = node.Relation is null ? [] : Columns(node);
        var where = own.IsEmpty ? "" : $" on {own[0]}{(columns.IsEmpty ? "" : $" ({string.Join(", ", columns)})")}";
        var whole = result.Summary.ExecutionMs is { } ms ? Figures.Ms(ms) : plan.Estimated ? "the cost" : "the rows";
        var figures = problem.Evidence.OfType<Measured>().Where(figure => figure.Unit != "ms").Select(figure => $"{figure.What} {Figures.Count(figure.Value)}{(figure.Unit is "rows" or "loops" ? "" : " " + figure.Unit)}").ToList();
        var text = $"Query over {(all.IsEmpty ? "no table" : string.Join(", ", all))}: {Figures.Percent(problem.Share)} of {whole} at {node.Title}.\n"
            + (figures.Count == 0 ? "" : $"Measured: {string.Join("; ", figures)}.\n")
            + $"To do: {WithoutLiterals(problem.Advice)}";
        return new Candidate(
            new ProposedEntry("issue", $"{problem.Id}{where}: {Figures.Percent(problem.Share)} of {whole}", text)
            {
                Tags = [problem.Id, "explain-plan"],
                Scope = own.IsEmpty ? null : [own[0]],
            },
            [problem.Id, .. columns]);
    }

    private static ImmutableArray<string> Tables(IEnumerable<PlanNode> nodes) =>
        [.. nodes.Where(node => node.Relation is not null).Select(node => $"{node.Schema ?? "public"}.{node.Relation}").Distinct(StringComparer.Ordinal).Take(MostTables)];

    private static ImmutableArray<string> Columns(PlanNode node) =>
        node.Filter is { } filter ? [.. PlanNames.Keys(FilterClause.Split(filter, node.Alias)).Where(key => PlainName().IsMatch(key))] : [];

    // What stands in quotes is somebody's data, unless it is an amount of memory that the advice itself gives.
    private static string WithoutLiterals(string advice) => Literal().Replace(advice, "'…'");

    [GeneratedRegex(@"'(?!\d+[kMGT]?B')(?:[^']|'')*'", RegexOptions.None, 1000)]
    private static partial Regex Literal();

    [GeneratedRegex(@"^[\p{L}_][\p{L}\p{N}_$]*$", RegexOptions.None, 1000)]
    private static partial Regex PlainName();
}
