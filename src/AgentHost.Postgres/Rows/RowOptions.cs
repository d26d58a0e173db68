using System.Collections.Immutable;
using AgentHost.Sql;

namespace AgentHost.Postgres.Rows;

/// <summary>Which tables get synthetic rows, how many, and what the rows must fit besides the tables' own constraints.</summary>
public sealed record RowOptions
{
    /// <summary>
    /// Words, in any case, of what is about to run. A table gets rows where it, one of its indexes, a view on it or the type of one of its
    /// columns is so named, or a function so named mentions it; and so do the tables that it references. Null for every table.
    /// </summary>
    public IReadOnlyCollection<string>? Mentioned { get; init; }

    /// <summary>Rows of each table; a partitioned table's are spread over its partitions.</summary>
    public int Rows { get; init; } = 2000;

    /// <summary>The most tables that get rows; further ones stay as they are.</summary>
    public int MaxTables { get; init; } = 60;

    /// <summary>The most partitions of one table that get rows.</summary>
    public int MaxPartitions { get; init; } = 8;

    /// <summary>The time after which no further table is begun and a running insert is given up.</summary>
    public TimeSpan Budget { get; init; } = TimeSpan.FromSeconds(1.5);

    /// <summary>Conditions that the rows must fulfil, such as a CHECK that is about to be added.</summary>
    public ImmutableArray<ExpectedCheck> Checks { get; init; } = [];

    /// <summary>References that the rows must keep, such as a foreign key that is about to be added.</summary>
    public ImmutableArray<ExpectedReference> References { get; init; } = [];

    /// <summary>Types that values must be castable to.</summary>
    public ImmutableArray<ExpectedCast> Casts { get; init; } = [];
}

/// <summary>A condition on the rows of a table.</summary>
/// <param name="Table">The table; without a schema, any of that name.</param>
/// <param name="Condition">SQL over its columns. One that does not fit the table is ignored.</param>
public sealed record ExpectedCheck(QualifiedName Table, string Condition);

/// <summary>Columns that take their values from another table's.</summary>
/// <param name="Table">The table; without a schema, any of that name.</param>
/// <param name="Columns">Its columns.</param>
/// <param name="Parent">The referenced table.</param>
/// <param name="ParentColumns">The referenced columns; empty for its primary key.</param>
public sealed record ExpectedReference(QualifiedName Table, ImmutableArray<string> Columns, QualifiedName Parent, ImmutableArray<string> ParentColumns);

/// <summary>A type that a column's values are about to be cast to.</summary>
/// <param name="Table">The table; without a schema, any of that name.</param>
/// <param name="Column">The column.</param>
/// <param name="Type">The type as SQL writes it.</param>
public sealed record ExpectedCast(QualifiedName Table, string Column, string Type);

/// <summary>What a table got.</summary>
/// <param name="Table">Its name.</param>
/// <param name="Rows">How many rows were added.</param>
/// <param name="Refusal">Why it got none, in PostgreSQL's words where it refused; null where it got some.</param>
public sealed record FilledTable(QualifiedName Table, long Rows, string? Refusal);
