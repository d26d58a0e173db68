using System.Collections.Immutable;
using AgentHost.Sql;

namespace AgentHost.Postgres.Rows;

/// <summary>A table that rows are made for.</summary>
internal sealed record RowTable(uint Oid, QualifiedName Name, ImmutableArray<RowColumn> Columns)
{
    /// <summary>The condition of its partition's bound; null where it is no partition.</summary>
    public string? Bound { get; init; }

    /// <summary>Whether it takes what no other partition does.</summary>
    public bool IsDefaultPartition { get; init; }

    /// <summary>The partitioned table that it is a partition of, or null.</summary>
    public uint? Parent { get; init; }

    /// <summary>Over how many partitions its parent's rows are spread; 1 where it is no partition, 0 where it gets no rows: its partitions do, or some of its siblings.</summary>
    public int Partitions { get; init; } = 1;

    /// <summary>Conditions that its rows must fulfil, without those of domains.</summary>
    public ImmutableArray<string> Checks { get; init; } = [];

    /// <summary>The column of a name, or null.</summary>
    public RowColumn? Column(string name) => Columns.FirstOrDefault(column => column.Name == name);

    /// <summary>Its name as SQL writes it.</summary>
    public string Sql => SqlIdentifier.Quote(Name);
}

/// <summary>A column that takes a value (generated ones do not).</summary>
/// <param name="Table">Its table's oid.</param>
/// <param name="Number">Its <c>attnum</c>.</param>
/// <param name="Name">Its name.</param>
/// <param name="Type">Its type's oid.</param>
/// <param name="Modifier">Its <c>atttypmod</c>.</param>
/// <param name="IsNotNull">Whether it takes no null.</param>
/// <param name="Sequence">The sequence that its default takes values from, as SQL writes it; or null.</param>
internal sealed record RowColumn(uint Table, short Number, string Name, uint Type, int Modifier, bool IsNotNull, string? Sequence)
{
    /// <summary>Whether a primary key or a unique index holds it.</summary>
    public bool IsKey { get; init; }

    /// <summary>Whether it has a value of its own where none is given.</summary>
    public bool HasDefault { get; init; }

    /// <summary>Its name as SQL writes it.</summary>
    public string Sql => SqlIdentifier.Quote(Name);
}

/// <summary>A foreign key, or one that is expected.</summary>
internal sealed record RowReference(uint Table, ImmutableArray<short> Columns, uint Parent, ImmutableArray<short> ParentColumns);

/// <summary>A type as values are made for it.</summary>
/// <param name="Oid">Its oid.</param>
/// <param name="Name">Its bare name, as <c>varchar</c>.</param>
/// <param name="Sql">Its name as SQL writes it.</param>
/// <param name="Kind"><c>pg_type.typtype</c>: b, c, d, e, r, m.</param>
internal sealed record RowType(uint Oid, string Name, string Sql, char Kind)
{
    /// <summary>The element of an array, the base of a domain, the subtype of a range, the range of a multirange; else 0.</summary>
    public uint Inner { get; init; }

    /// <summary>The modifier of a domain's base.</summary>
    public int InnerModifier { get; init; } = -1;

    /// <summary>Whether it is an array.</summary>
    public bool IsArray { get; init; }

    /// <summary>An enum's labels, in order.</summary>
    public ImmutableArray<string> Labels { get; init; } = [];

    /// <summary>A composite type's attributes.</summary>
    public ImmutableArray<(uint Type, int Modifier)> Attributes { get; init; } = [];

    /// <summary>A domain's conditions on VALUE.</summary>
    public ImmutableArray<string> Checks { get; init; } = [];
}
