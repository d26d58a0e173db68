using System.Collections.Immutable;

namespace AgentHost.Postgres.Catalog;

/// <summary>What ANALYZE knows of several columns together: a statistics object with its row of <c>pg_stats_ext</c> (manual, 52.28).</summary>
/// <param name="Schema">Its schema.</param>
/// <param name="Name">Its name.</param>
/// <param name="Columns">Its columns by the numbers that <see cref="Distinct"/> and <see cref="Dependencies"/> call them.</param>
public sealed record ExtendedStatistics(string Schema, string Name, ImmutableSortedDictionary<int, string> Columns)
{
    /// <summary>Whether it is about the table and its descendants.</summary>
    public bool Inherited { get; init; }

    /// <summary>How many different groups of columns there are, as <c>pg_ndistinct</c> is written; expressions have numbers below 0.</summary>
    public string? Distinct { get; init; }

    /// <summary>How far columns decide others, as <c>pg_dependencies</c> is written.</summary>
    public string? Dependencies { get; init; }

    /// <summary>The most common combinations.</summary>
    public ImmutableArray<CommonCombination> Common { get; init; } = [];

    /// <summary>What is known of its expressions, in their order.</summary>
    public ImmutableArray<ColumnStatistics> Expressions { get; init; } = [];
}

/// <summary>A combination of values.</summary>
/// <param name="Values">A value each column, then each expression; null for SQL's null.</param>
/// <param name="Frequency">The share of rows that has it.</param>
/// <param name="BaseFrequency">The share that would have it, were the columns independent.</param>
public sealed record CommonCombination(ImmutableArray<string?> Values, double Frequency, double BaseFrequency);
