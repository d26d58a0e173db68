using System.Collections.Immutable;
using AgentHost.Sql.Statements;

namespace AgentHost.Sql;

/// <summary>A table as it stands after the statements replayed so far.</summary>
/// <param name="Name">Its name; the schema is always given.</param>
/// <param name="Columns">Its columns in order.</param>
/// <param name="Constraints">
/// Its CHECK, UNIQUE, PRIMARY KEY, FOREIGN KEY and EXCLUDE constraints, inline ones too; each has a name, the one PostgreSQL makes up where none
/// was given. NOT NULL is kept at the column.
/// </param>
/// <param name="Indexes">Its indexes, those of constraints too.</param>
public sealed record TableModel(
    QualifiedName Name, ImmutableArray<ColumnModel> Columns, ImmutableArray<TableConstraint> Constraints, ImmutableArray<IndexModel> Indexes)
{
    /// <summary>The partitioned table that it is a partition of, or null.</summary>
    public QualifiedName? PartitionOf { get; init; }

    /// <summary>Whether it is partitioned.</summary>
    public bool IsPartitioned { get; init; }

    /// <summary>The columns of its partition key; null stands for an expression.</summary>
    public ImmutableArray<string?> PartitionKey { get; init; } = [];

    /// <summary>Whether it is the DEFAULT partition of <see cref="PartitionOf"/>.</summary>
    public bool IsDefaultPartition { get; init; }

    /// <summary>The bound under which it hangs on <see cref="PartitionOf"/>; null for a DEFAULT or hash partition.</summary>
    public PartitionBound? Bound { get; init; }

    /// <summary>Whether row-level security is enabled.</summary>
    public bool HasRowSecurity { get; init; }

    /// <summary>Whether row-level security holds for its owner, too.</summary>
    public bool IsRowSecurityForced { get; init; }

    /// <summary>Its policies.</summary>
    public ImmutableArray<PolicyModel> Policies { get; init; } = [];

    /// <summary>Its triggers, in the order in which they were made.</summary>
    public ImmutableArray<TriggerModel> Triggers { get; init; } = [];

    /// <summary>Whether it is a temporary table.</summary>
    public bool IsTemporary { get; init; }

    /// <summary>False where a query, a type, or a parent by inheritance decides the columns, so that <see cref="Columns"/> may lack some.</summary>
    public bool ColumnsAreKnown { get; init; } = true;

    /// <summary>The primary key, or null.</summary>
    public TableConstraint? PrimaryKey => Constraints.FirstOrDefault(c => c.Kind == ConstraintKind.PrimaryKey);

    /// <summary>The column of that name, or null.</summary>
    public ColumnModel? Column(string name) => Columns.FirstOrDefault(c => c.Name == name);

    /// <summary>The constraint of that name, or null.</summary>
    public TableConstraint? Constraint(string name) => Constraints.FirstOrDefault(c => c.Name == name);

    /// <summary>
    /// Whether a validated CHECK proves that the column holds no null, so that SET NOT NULL need not scan the table
    /// (PostgreSQL 12 and later; manual, ALTER TABLE, SET NOT NULL).
    /// </summary>
    public bool ProvesNotNull(string column) =>
        Constraints.Any(c => c is { Kind: ConstraintKind.Check, NotValid: false } && c.Check!.NotNullColumns.Contains(column));
}

/// <summary>A column of a table.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Type">Its type.</param>
/// <param name="IsNotNull">Whether it refuses nulls: NOT NULL, PRIMARY KEY, serial or identity.</param>
/// <param name="Default">Its DEFAULT, or null. A serial column has none here: see <see cref="TypeName.IsSerial"/>.</param>
public sealed record ColumnModel(string Name, TypeName Type, bool IsNotNull, Expression? Default)
{
    /// <summary>Its collation, or null for its type's own.</summary>
    public QualifiedName? Collation { get; init; }

    /// <summary>Whether it is GENERATED … AS IDENTITY.</summary>
    public bool IsIdentity { get; init; }

    /// <summary>The expression of a GENERATED ALWAYS AS (…) column, or null.</summary>
    public Expression? Generated { get; init; }
}

/// <summary>An index of a table or materialized view.</summary>
/// <param name="Name">Its name, the one PostgreSQL makes up where none was given; it lives in the schema of its relation.</param>
/// <param name="Table">The relation, with its schema.</param>
/// <param name="IsUnique">Whether it is unique.</param>
/// <param name="Method">The access method.</param>
/// <param name="Keys">Key columns and expressions in order.</param>
/// <param name="Include">Columns of INCLUDE.</param>
/// <param name="Predicate">The WHERE of a partial index, or null.</param>
public sealed record IndexModel(
    string Name, QualifiedName Table, bool IsUnique, string Method, ImmutableArray<IndexKey> Keys, ImmutableArray<string> Include, Expression? Predicate)
{
    /// <summary>The PRIMARY KEY, UNIQUE or EXCLUDE constraint that it serves, or null.</summary>
    public string? Constraint { get; init; }

    /// <summary>Whether it serves the primary key.</summary>
    public bool IsPrimary { get; init; }

    /// <summary>False for what a concurrent build left behind that failed: it is kept up to date, and no query may use it.</summary>
    public bool IsValid { get; init; } = true;

    /// <summary>Its name with its schema.</summary>
    public QualifiedName FullName => Table with { Name = Name };

    /// <summary>Whether the index needs this column: as a key, in an expression, in INCLUDE or in its predicate.</summary>
    public bool Uses(string column) =>
        Keys.Any(k => k.Column == column || k.Expression?.Columns.Contains(column) == true) || Include.Contains(column) ||
        Predicate?.Columns.Contains(column) == true;
}
