using System.Collections.Immutable;

namespace AgentHost.Skills.ExplainPlan.Detectors;

/// <summary>A pattern that may match anywhere in the text reads the whole table.</summary>
internal sealed class SeqScanLeadingWildcard : DiscardingSeqScan
{
    public override string Id => "seq-scan-leading-wildcard";

    protected override bool Blames(ClauseKind kind) => kind == ClauseKind.UnanchoredPattern;

    protected override string Because(FilterClause culprit) => "; a B-tree cannot answer a pattern without a fixed beginning";

    protected override string Advise(QueryPlan plan, PlanNode node, ImmutableArray<FilterClause> clauses, FilterClause culprit) =>
        $"CREATE EXTENSION pg_trgm; CREATE INDEX CONCURRENTLY ON {PlanNames.Table(node)} USING gin ({Key(culprit.Subject)} gin_trgm_ops). Patterns need three letters in a row to gain from it.";

    private static string Key(string subject) => subject.AsSpan().ContainsAny("( :") ? $"({subject})" : subject;
}
