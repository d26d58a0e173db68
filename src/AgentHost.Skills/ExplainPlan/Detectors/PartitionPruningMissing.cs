using System.Collections.Immutable;
using System.Text.RegularExpressions;

namespace AgentHost.Skills.ExplainPlan.Detectors;

/// <summary>The condition hides the partition key in an expression, so that every partition is read and nearly all have nothing.</summary>
internal sealed partial class PartitionPruningMissing : IPlanDetector
{
    private const string Name = "partition-pruning-missing";

    public string Id => Name;

    public IEnumerable<Suspicion> Detect(QueryPlan plan)
    {
        foreach (var append in plan.Nodes)
        {
            if (append is not { Type: "Append" or "Merge Append", Executed: true, SubplansRemoved: 0 } || append.Children.Length < Thresholds.Partitions)
                continue;
            var members = append.Children.Select(c => ScanBelow(c)).OfType<PlanNode>().ToList();
            if (members.Count < append.Children.Length || members.Exists(m => !m.Executed || m.Filter is null) || members.DistinctBy(m => m.Relation).Count() < members.Count)
                continue;
            var empty = members.Where(m => m.TotalRows < 1).ToList();
            if (empty.Count < Thresholds.EmptyPartitions * members.Count || Hidden(members) is not { } hidden)
                continue;
            var impact = empty.Sum(plan.Times.Total);
            if (!plan.Matters(impact))
                continue;
            yield return new Suspicion
            {
                Id = Name,
                Node = append,
                Impact = impact,
                Message = $"All {members.Count} partitions are read and {empty.Count} of them have no row: in {PlanNames.Shorten(hidden.Text)} the column stands inside an expression, by which no partition can be left out.",
                Advice = hidden.Kind == ClauseKind.CastColumn || Cast().IsMatch(hidden.Text)
                    ? "Compare the bare partition key with a value of its own type: a day is key >= '2026-01-01' AND key < '2026-01-02'; cast the value, not the column. An index on the expression would still be looked up in every partition."
                    : "Write the condition as a range (or =) on the bare partition key, as key >= '2026-01-01' AND key < '2026-02-01' instead of date_trunc(), extract() or to_char() of it. An index on the expression would still be looked up in every partition.",
                Evidence = Figures.Rows(plan, impact, ("partitions read", members.Count, "partitions"), ("partitions without a row", empty.Count, "partitions")),
                Echoes = [.. Reading.Echoes(plan, append), .. members.SelectMany(m => ((string, int)[])
                    [("seq-scan-expression-filter", m.Number), ("seq-scan-implicit-cast", m.Number), ("seq-scan-selective-filter", m.Number), ("index-filter-discard", m.Number), ("inner-scan-repeated", m.Number)])],
            };
        }
    }

    private static PlanNode? ScanBelow(PlanNode member)
    {
        while (member.Relation is null && member.Children.Length == 1)
            member = member.Children[0];
        return member is { Type: "Seq Scan" or "Index Scan" or "Index Only Scan" or "Bitmap Heap Scan" } ? member : null;
    }

    /// <summary>The condition that is the same in every member and holds a column inside an expression.</summary>
    private static FilterClause? Hidden(List<PlanNode> members)
    {
        var first = Clauses(members[0]);
        var candidates = first.Where(c => c.Kind is ClauseKind.Expression or ClauseKind.CastColumn || (c.MayBeCast && c.Kind is ClauseKind.Equality or ClauseKind.Range && c.Text.Contains(")::text", StringComparison.Ordinal)));
        var shared = candidates.FirstOrDefault(c => members.TrueForAll(m => Clauses(m).Any(o => Bare(o, m) == Bare(c, members[0]))));
        // What a text function gives seldom tells the partition, and one row is in one partition whatever is asked.
        return shared is null || (OfText().IsMatch(shared.Text) && !(members.Exists(m => m.TotalRows >= 1) && members.TrueForAll(m => m.TotalRows < 1 || m.TotalRows >= m.TotalRemovedByFilter))) ? null : shared;
    }

    private static ImmutableArray<FilterClause> Clauses(PlanNode member) => FilterClause.Split(member.Filter!, member.Alias);

    private static string Bare(FilterClause clause, PlanNode member) => clause.Text.Replace(member.Alias + ".", "", StringComparison.Ordinal);

    [GeneratedRegex(@"^\(?\(?[\w$."".]+\)?::", RegexOptions.None, 1000)]
    private static partial Regex Cast();

    [GeneratedRegex(@"\b(lower|upper|btrim|ltrim|rtrim|md5|length|substr|substring|replace|reverse|split_part|initcap|translate)\(|\|\||->", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex OfText();
}
