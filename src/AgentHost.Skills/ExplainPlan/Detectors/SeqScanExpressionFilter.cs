using System.Collections.Immutable;

namespace AgentHost.Skills.ExplainPlan.Detectors;

/// <summary>The filter hides the column inside an expression, so that an index on the column cannot be used.</summary>
internal sealed class SeqScanExpressionFilter : DiscardingSeqScan
{
    public override string Id => "seq-scan-expression-filter";

    protected override bool Blames(ClauseKind kind) => kind == ClauseKind.Expression;

    protected override string Because(FilterClause culprit) => "; an index on the bare column cannot answer that";

    protected override string Advise(QueryPlan plan, PlanNode node, ImmutableArray<FilterClause> clauses, FilterClause culprit) => plan.Catalog.IndexOn(node, [culprit.Subject]) is { } index
        ? $"The index {index} on {PlanNames.Shorten(culprit.Subject)} is there, and was not used: ANALYZE {PlanNames.Table(node)} gives the expression statistics; compare the prices with enable_seqscan = off."
        : $"Write the condition on the bare column (a range instead of a cast or date function), or index the expression if it is immutable: {PlanNames.CreateIndex(node, [$"({PlanNames.Shorten(culprit.Subject)})"])}.";
}
