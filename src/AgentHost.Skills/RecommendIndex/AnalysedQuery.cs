using System.Collections.Immutable;
using AgentHost.Sql;
using AgentHost.Sql.Queries;

namespace AgentHost.Skills.RecommendIndex;

/// <summary>A read of the workload, resolved against the target's catalog.</summary>
/// <param name="Query">The query.</param>
/// <param name="Sql">The statement's own text, without comments around it.</param>
/// <param name="Uses">The tables it reads, place by place.</param>
/// <param name="ParameterCount">The highest <c>$n</c>.</param>
/// <param name="ReadsView">Whether it names a view, behind which HypoPG must not be asked about partial indexes (its issue 116).</param>
internal sealed record AnalysedQuery(
    WeightedQuery Query, string Sql, ImmutableArray<(RelationUse Use, TableFacts Table)> Uses, int ParameterCount, bool ReadsView)
{
    public bool Touches(IndexCandidate index) => Uses.Any(u => u.Table.Oid == index.Table.Oid) || ReadsView;
}

/// <summary>A write of the workload: it is not sent to the target, but every index on its table makes it dearer.</summary>
/// <param name="Query">The statement.</param>
/// <param name="Table">The table it writes.</param>
/// <param name="Kind">What it does.</param>
/// <param name="Assigned">The columns that an UPDATE sets.</param>
internal sealed record AnalysedWrite(WeightedQuery Query, QualifiedName Table, QueryKind Kind, ImmutableArray<string> Assigned);
