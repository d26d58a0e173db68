using System.Collections.Immutable;

namespace AgentHost.Postgres.Catalog;

/// <summary>What ANALYZE knows of the values of a column, or of an index's expression: a row of <c>pg_stats</c> (manual, 52.27). Values are their types' text output.</summary>
/// <param name="Column">The column's name; of an index's or a statistics object's expression the name that <c>pg_attribute</c> has for it, or its text.</param>
public sealed record ColumnStatistics(string Column)
{
    /// <summary>Its type's name in <c>pg_type</c>, of a domain that of what it is over, of an array that of its elements with an underscore; empty for expressions of statistics objects and in files of version 1.</summary>
    public string Type { get; init; } = "";

    /// <summary>Whether it is about the table and its descendants, as the planner wants for a partitioned table as a whole.</summary>
    public bool Inherited { get; init; }

    /// <summary>The share of rows that are null, 0 to 1.</summary>
    public float NullFraction { get; init; }

    /// <summary>Average width of what is not null, in bytes.</summary>
    public int Width { get; init; }

    /// <summary>How many different values there are; a negative one is minus their share of the rows, 0 is not known.</summary>
    public float Distinct { get; init; }

    /// <summary>The most common values, the most frequent first.</summary>
    public ImmutableArray<string> CommonValues { get; init; } = [];

    /// <summary>The share of rows that each of <see cref="CommonValues"/> has.</summary>
    public ImmutableArray<float> CommonFrequencies { get; init; } = [];

    /// <summary>Values that divide those which are not common into parts of as many rows each, in order.</summary>
    public ImmutableArray<string> Histogram { get; init; } = [];

    /// <summary>How far the rows lie in the order of their values, -1 to 1; null where the type has no order or it was not measured.</summary>
    public float? Correlation { get; init; }

    /// <summary>The elements that most values (arrays, documents of text search) contain, in their own order.</summary>
    public ImmutableArray<string> CommonElements { get; init; } = [];

    /// <summary>The share of values that contain each of <see cref="CommonElements"/>; behind them the least, the greatest and maybe the share of null elements.</summary>
    public ImmutableArray<float> CommonElementFrequencies { get; init; } = [];

    /// <summary>A histogram of how many different elements values have; behind it their average.</summary>
    public ImmutableArray<float> ElementCounts { get; init; } = [];

    /// <summary>A histogram of the lengths of ranges (version 17 and later).</summary>
    public ImmutableArray<double> RangeLengths { get; init; } = [];

    /// <summary>The share of ranges that are empty; null for other types and before version 17.</summary>
    public float? EmptyRangeFraction { get; init; }

    /// <summary>A histogram of ranges' bounds, each of the lower and the upper one (version 17 and later).</summary>
    public ImmutableArray<string> RangeBounds { get; init; } = [];
}
