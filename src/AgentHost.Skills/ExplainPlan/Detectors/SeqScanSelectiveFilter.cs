using System.Collections.Immutable;

namespace AgentHost.Skills.ExplainPlan.Detectors;

/// <summary>A filter on plain columns keeps few rows of a large table, and no index was used.</summary>
internal sealed class SeqScanSelectiveFilter : DiscardingSeqScan
{
    public override string Id => "seq-scan-selective-filter";

    protected override bool Blames(ClauseKind kind) => kind is ClauseKind.Equality or ClauseKind.Range or ClauseKind.NullTest or ClauseKind.Alternatives;

    protected override string Because(FilterClause culprit) => "";

    protected override string Advise(QueryPlan plan, PlanNode node, ImmutableArray<FilterClause> clauses, FilterClause culprit)
    {
        if (culprit.Kind == ClauseKind.Alternatives)
            return $"An index for each side of the OR: {string.Join("; ", culprit.Subject.Split(", ").Select(column => PlanNames.CreateIndex(node, [column])))}. With one of them missing, the whole table is read all the same.";
        var keys = PlanNames.Keys(clauses);
        if (plan.Catalog.IndexOn(node, keys) is { } index)
            return $"The index {index} on ({string.Join(", ", keys)}) is there, and was not used: compare its price with enable_seqscan = off; look at the estimate, random_page_cost and the collation.";
        return culprit.Kind == ClauseKind.NullTest
            ? $"A partial index on the column that the query sorts or joins by, WHERE {culprit.Text}, answers it."
            : $"{PlanNames.CreateIndex(node, [.. keys, .. Order(plan, node, clauses, keys)])}; keep the columns that narrow the most.{Unknown(plan)}{Doubt(clauses)}";
    }

    /// <summary>Where the few rows kept are asked for in an order and cut by a LIMIT, the same index can give the order.</summary>
    private static IEnumerable<string> Order(QueryPlan plan, PlanNode node, ImmutableArray<FilterClause> clauses, IReadOnlyList<string> keys) =>
        plan.ParentOf(node) is { Type: "Sort" } sort && plan.AncestorsOf(sort).FirstOrDefault(a => a.Type != "Gather Merge") is { Type: "Limit" }
            && clauses.All(c => c.Kind == ClauseKind.Equality) && SortKeys.AreIndexable(sort.SortKey, node.Alias)
            ? SortKeys.Columns(sort.SortKey).Where(k => !keys.Contains(k, StringComparer.Ordinal)) : [];

    private static string Unknown(QueryPlan plan) =>
        plan.Catalog == PlanCatalog.Empty ? " If such an index exists, see why it is not used: estimate, cost settings, collation." : "";

    private static string Doubt(ImmutableArray<FilterClause> clauses) => clauses.Length > 1 && clauses.FirstOrDefault(c => c.MayBeCast) is { } cast
        ? $" Where {cast.Subject} is not a varchar, {PlanNames.Shorten(cast.Text, 60)} is a cast that no index on {cast.Subject} serves: compare it with a value of its own type."
        : "";
}
