using System.Collections.Immutable;
using AgentHost.Skills.DesignSchema.Model;

namespace AgentHost.Skills.DesignSchema.Physical;

/// <summary>A schema as PostgreSQL will have it, tables in the order of their creation.</summary>
internal sealed record PhysicalSchema(
    string Name, string? Description, ImmutableArray<Table> Tables, TenantKey? Tenant, ImmutableArray<PatternPlan> Patterns, bool UsesUuidFunction)
{
    public Table this[string table] => Tables.First(t => t.Name == table);

    /// <summary>Types made of fixed values, by name.</summary>
    public ImmutableArray<(string Name, ImmutableArray<string> Values)> EnumTypes { get; init; } = [];

    /// <summary>Whether instants are timestamp in UTC.</summary>
    public bool PlainTimestamps { get; init; }
}

/// <summary>The tenants' table and the column by which other tables belong to it.</summary>
internal sealed record TenantKey(string Table, string Column, string SqlType);

internal enum TableRole { Entity, Junction, Lookup }

internal sealed record Table(
    string Name,
    TableRole Role,
    string? Comment,
    ImmutableArray<Column> Columns,
    KeyConstraint PrimaryKey,
    ImmutableArray<KeyConstraint> Uniques,
    ImmutableArray<ForeignKey> ForeignKeys,
    ImmutableArray<Check> Checks,
    ImmutableArray<IndexPlan> Indexes)
{
    /// <summary>The column that says whose row it is (<c>id</c> for the tenants' own table), or null where all tenants share the table.</summary>
    public string? TenantColumn { get; init; }

    public bool IsSoftDeleted { get; init; }

    public bool HasUpdatedAt { get; init; }

    /// <summary>The rows of a lookup table.</summary>
    public ImmutableArray<string> LookupValues { get; init; } = [];
}

internal enum ColumnSource { Key, Tenant, Reference, Attribute, Timestamp }

internal sealed record Column(string Name, string SqlType, bool IsNullable, ColumnSource Source)
{
    public string? Default { get; init; }

    public bool IsIdentity { get; init; }

    public string? Comment { get; init; }

    /// <summary>The domain type of an attribute's column.</summary>
    public AttributeType? Type { get; init; }
}

/// <param name="Name">The constraint's name.</param>
/// <param name="Columns">Its columns.</param>
/// <param name="NullsNotDistinct">Whether two rows without a value are equal (PostgreSQL 15 and later).</param>
internal sealed record KeyConstraint(string Name, ImmutableArray<string> Columns, bool NullsNotDistinct = false);

internal sealed record Check(string Name, string Condition);

/// <param name="Name">The constraint's name.</param>
/// <param name="Columns">Referencing columns.</param>
/// <param name="References">Referenced table.</param>
/// <param name="ReferencedColumns">Its key's columns, in the same order.</param>
/// <param name="OnDelete">What becomes of the row.</param>
/// <param name="OwnColumn">The column that this key is about (a composite key also has the tenant's).</param>
internal sealed record ForeignKey(
    string Name, ImmutableArray<string> Columns, string References, ImmutableArray<string> ReferencedColumns, DeleteAction OnDelete, string OwnColumn)
{
    /// <summary>Added by ALTER TABLE behind all tables, because the referenced table is created later.</summary>
    public bool IsDeferredToEnd { get; init; }

    /// <summary>Whether a pair with the referenced side is unique (one-to-one), for the diagram.</summary>
    public bool IsOneToOne { get; init; }

    public string? Label { get; init; }
}

internal sealed record IndexColumn(string Name, bool Descending);

/// <summary>An index that is not a constraint's.</summary>
internal sealed record IndexPlan(string Name, ImmutableArray<IndexColumn> Columns, bool IsUnique, bool OnlyLive, string Purpose)
{
    /// <summary>Whether two rows without a value are equal (PostgreSQL 15 and later).</summary>
    public bool NullsNotDistinct { get; init; }

    /// <summary>Only rows where these columns are null are in it.</summary>
    public ImmutableArray<string> WhereNull { get; init; } = [];

    /// <summary>Only rows where these columns have a value are in it.</summary>
    public ImmutableArray<string> WherePresent { get; init; } = [];
}

/// <summary>An access pattern resolved to columns, with the index that is to serve it.</summary>
internal sealed record PatternPlan(
    string Name, string Table, ImmutableArray<string> Equality, string? Range, ImmutableArray<IndexColumn> Sort, int? Limit, bool OnlyLive, string Index);
