using System.Collections.Immutable;

namespace AgentHost.Skills.ExplainPlan.Detectors;

/// <summary>The column is converted to the type of the value it is compared with, so that its index cannot be used.</summary>
internal sealed class SeqScanImplicitCast : DiscardingSeqScan
{
    public override string Id => "seq-scan-implicit-cast";

    protected override bool Blames(ClauseKind kind) => kind == ClauseKind.CastColumn;

    protected override string Because(FilterClause culprit) => $"; {culprit.Subject} is converted row by row to meet the other side's type";

    protected override string Advise(QueryPlan plan, PlanNode node, ImmutableArray<FilterClause> clauses, FilterClause culprit) =>
        culprit.MayBeCast
            ? $"Compare {culprit.Subject} with a value of its own type, without ::text; then an index on {culprit.Subject} (a primary key has one) can be used. The estimate is the planner's guess for what has no statistics, "
                + $"hence a cast; were {culprit.Subject} a varchar that was never analyzed: ANALYZE {PlanNames.Table(node)}, and index it."
            : culprit.Text.Contains(")::text", StringComparison.Ordinal)
            ? $"Compare {culprit.Subject} with a value of its own type, without ::text; then {(plan.Catalog.IndexOn(node, [culprit.Subject]) is { } usable ? $"the index {usable}" : $"an index on {culprit.Subject}")} can be used."
            : $"Give the parameter or literal the type of {node.Relation}.{culprit.Subject} (cast the value, not the column); then an index on {culprit.Subject} can be used.";
}
