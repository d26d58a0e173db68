using System.Collections.Immutable;
using AgentHost.Sql;
using AgentHost.Sql.Queries;

namespace AgentHost.Skills.RecommendIndex;

/// <summary>A statement of the workload, resolved against the catalog.</summary>
/// <param name="Query">The query.</param>
/// <param name="Sql">The statement's own text, without comments around it.</param>
/// <param name="Uses">The tables it reads, place by place.</param>
/// <param name="ParameterCount">The highest <c>$n</c>.</param>
/// <param name="ReadsView">Whether it names a view, behind which HypoPG must not be asked about partial indexes (its issue 116).</param>
internal sealed record AnalysedQuery(
    WeightedQuery Query, string Sql, ImmutableArray<(RelationUse Use, TableFacts Table)> Uses, int ParameterCount, bool ReadsView)
{
    private readonly Dictionary<string, bool> usable = new(StringComparer.Ordinal);

    /// <summary>The statement with its constants taken out: what two calls of the same code share.</summary>
    public string Template { get; init; } = Sql;

    /// <summary>What it writes; null for reads.</summary>
    public AnalysedWrite? Write { get; set; }

    /// <summary>Whether its plan may change with an index: it mentions what the index begins with and is cut to. Of what a view reads nothing is known.</summary>
    public bool CanUse(IndexCandidate index)
    {
        if (usable.TryGetValue(index.Definition, out var known))
            return known;
        return usable[index.Definition] = (ReadsView && (index.Predicate is null || Pricing.StagedIndexes.IsNeeded(index)))
            || (!ReadsView && Uses.Any(u => u.Table.Oid == index.Table.Oid && index.Keys[0].Facts.Columns.Concat(index.Predicate?.Columns ?? []).All(u.Use.ColumnsUsed.Contains)));
    }

    /// <summary>Its text with values in place of its parameters, or with others in place of its own, several times; empty where there is nothing to replace, or nobody knows values: then it is priced as it stands, with parameters by its generic plan.</summary>
    public ImmutableArray<Workloads.BoundQuery> Bound { get; set; } = [];

    /// <summary>The same query, now with its rows known; it is the same to whoever remembers plans by it.</summary>
    public AnalysedQuery Writing(AnalysedWrite write)
    {
        Write = write;
        return this;
    }

    public bool Equals(AnalysedQuery? other) => ReferenceEquals(this, other);

    public override int GetHashCode() => System.Runtime.CompilerServices.RuntimeHelpers.GetHashCode(this);
}

/// <summary>A write of the workload: every index on its table makes it dearer.</summary>
/// <param name="Table">The table it writes.</param>
/// <param name="Kind">What it does.</param>
/// <param name="Assigned">The columns that an UPDATE sets.</param>
internal sealed record AnalysedWrite(QualifiedName Table, QueryKind Kind, ImmutableArray<string> Assigned)
{
    /// <summary>How often it runs.</summary>
    public double Weight { get; init; }

    /// <summary>Rows a run, as the planner expects them; at least one.</summary>
    public double Rows { get; init; } = 1;
}
