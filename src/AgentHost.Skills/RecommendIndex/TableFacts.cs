using System.Collections.Immutable;
using AgentHost.Sql;

namespace AgentHost.Skills.RecommendIndex;

/// <summary>What the catalog says of a table.</summary>
internal sealed record TableFacts(uint Oid, QualifiedName Name, char Kind, long Pages, double Rows)
{
    /// <summary>Columns by name.</summary>
    public ImmutableDictionary<string, ColumnFacts> Columns { get; init; } = ImmutableDictionary<string, ColumnFacts>.Empty;

    public ImmutableArray<IndexFacts> Indexes { get; init; } = [];

    /// <summary>Whether ANALYZE (or VACUUM, or an index build) ever counted its rows: the planner then has figures of its own.</summary>
    public bool IsAnalyzed { get; init; }

    /// <summary>Whether <c>pg_stats</c> shows statistics of any column; it hides them where row-level security applies to the role, or without SELECT.</summary>
    public bool ShowsStatistics => Columns.Values.Any(c => c.HasStatistics);

    /// <summary>Smaller tables are read faster than any index is worth.</summary>
    public const int MinPages = 100;

    /// <summary>Whether an index may be built and priced: a table (partitioned or not) or a materialized view of some size.</summary>
    public bool IsIndexable => Kind is 'r' or 'm' or 'p' && Pages >= MinPages;

    /// <summary>The share of pages whose rows all see, 0 to 1, which decides about index-only scans.</summary>
    public double VisibleFraction { get; init; }
}

/// <summary>A column and its statistics (<c>pg_stats</c>).</summary>
internal sealed record ColumnFacts(string Name, short Number, string Type)
{
    public bool IsBtreeKey { get; init; }

    /// <summary>Whether equal keys of a btree may share one entry: not where equal values can differ, as numeric 1.0 and 1.00 (<c>pg_amproc</c>, equalimage).</summary>
    public bool Deduplicates { get; init; }

    /// <summary>The columns of an expression, for which <see cref="Name"/> holds its SQL; empty for a column.</summary>
    public ImmutableArray<string> ExpressionColumns { get; init; } = [];

    public bool IsExpression => !ExpressionColumns.IsEmpty;

    /// <summary>The columns whose change changes the key.</summary>
    public ImmutableArray<string> Columns => IsExpression ? ExpressionColumns : [Name];

    /// <summary>The type without its modifier; of a domain the one underneath.</summary>
    public string BaseType { get => field ?? Type; init; }

    /// <summary>How far the rows lie in the order of the values, -1 to 1; 0 where it is not known.</summary>
    public double Correlation { get; init; }

    /// <summary>How many elements an array or a text search document has on average; 0 where it is not known.</summary>
    public double Elements { get; init; }

    /// <summary>How many of the most common elements the statistics hold.</summary>
    public int CommonElements { get; init; }

    /// <summary>The dimensions of a vector column; 0 where its type does not say.</summary>
    public int Dimensions { get; init; }

    /// <summary>The operator class of a BRIN index that keeps several intervals a range of pages (14 on); null for types that have none.</summary>
    public string? MultiClass => BaseType switch
    {
        "smallint" => "int2_minmax_multi_ops",
        "integer" => "int4_minmax_multi_ops",
        "bigint" => "int8_minmax_multi_ops",
        "numeric" => "numeric_minmax_multi_ops",
        "real" => "float4_minmax_multi_ops",
        "double precision" => "float8_minmax_multi_ops",
        "date" => "date_minmax_multi_ops",
        "timestamp without time zone" => "timestamp_minmax_multi_ops",
        "timestamp with time zone" => "timestamptz_minmax_multi_ops",
        "uuid" => "uuid_minmax_multi_ops",
        _ => null,
    };

    /// <summary>The operator class by which a btree answers LIKE 'abc%' whatever the collation; null for types that are no text.</summary>
    public string? PatternClass => BaseType switch
    {
        "text" => "text_pattern_ops",
        "character varying" => "varchar_pattern_ops",
        "character" => "bpchar_pattern_ops",
        _ => null,
    };

    /// <summary>Whether its collation is that of bytes, so that a plain key serves a prefix.</summary>
    public bool SortsByBytes { get; init; }

    public bool IsInForeignKey { get; init; }
    public bool HasStatistics { get; init; }
    public double NullFraction { get; init; }

    /// <summary>The type's size in bytes; negative where values differ in size (<c>pg_type.typlen</c>).</summary>
    public short TypeLength { get; init; } = -1;

    /// <summary>Whether the role may read the column.</summary>
    public bool IsReadable { get; init; } = true;

    /// <summary>Average width, in bytes.</summary>
    public int Width { get; init; } = 8;

    /// <summary>Number of distinct values as <c>pg_stats</c> tells it: a negative one is a fraction of the rows.</summary>
    public double RawDistinct { get; init; }

    public ImmutableArray<(string Value, double Frequency)> Common { get; init; } = [];

    /// <summary>A column with more values than a status list has holds data.</summary>
    private const int MaxStatuses = 32;

    /// <summary>Whether it holds one of a few values by which rows are sorted into kinds: no key of another table, and no flag.</summary>
    public bool IsStatus => !IsInForeignKey && BaseType != "boolean" && RawDistinct is > 0 and <= MaxStatuses;

    public double Distinct(double rows) => Math.Max(1, RawDistinct < 0 ? -RawDistinct * rows : RawDistinct == 0 ? Math.Min(200, rows) : RawDistinct);

    /// <summary>The fraction of rows that hold a value; null where statistics do not tell.</summary>
    public double? Fraction(string value)
    {
        if (!HasStatistics)
            return null;
        foreach (var (common, frequency) in Common)
        {
            if (common == value)
                return frequency;
        }
        if (RawDistinct <= 0)
            return null;
        var rest = Math.Max(0, 1 - NullFraction - Common.Sum(c => c.Frequency));
        return rest / Math.Max(1, RawDistinct - Common.Length);
    }
}

/// <summary>An existing index.</summary>
internal sealed record IndexFacts(QualifiedName Name, string Method, ImmutableArray<IndexedColumn> Keys, long SizeBytes)
{
    public ImmutableArray<string> Include { get; init; } = [];

    /// <summary>The predicate as PostgreSQL writes it, or null.</summary>
    public string? Predicate { get; init; }
    public bool IsUnique { get; init; }
    public bool IsValid { get; init; }
    public bool BacksConstraint { get; init; }
    public bool IsReplicaIdentity { get; init; }
    public bool IsClustered { get; init; }
    public bool IsPartitionMember { get; init; }
}

/// <summary>A key of an existing index: a column or (with <paramref name="Column"/> 0) an expression, and how it is ordered.</summary>
internal sealed record IndexedColumn(short Column, string Definition, uint OperatorClass, uint Collation, short Options)
{
    public bool HasDefaultClass { get; init; } = true;
    public bool Descending => (Options & 1) != 0;
    public bool NullsFirst => (Options & 2) != 0;
}
