using System.Collections.Immutable;

namespace AgentHost.Skills.DesignSchema.Model;

/// <summary>A name as the model wrote it, folded to snake case, with its place (1-based).</summary>
internal sealed record NameReference(string Name, string Written, int Line, int Column);

/// <summary>What a person means to store, before any decision about tables.</summary>
internal sealed record DesignModel(
    string Name,
    string? Description,
    DesignOptions Options,
    NameReference? TenantEntity,
    ImmutableArray<Entity> Entities,
    ImmutableArray<Relationship> Relationships,
    ImmutableArray<AccessPattern> AccessPatterns)
{
    /// <summary>Whether the model says anything of tenancy.</summary>
    public bool HasTenancy { get; init; }
}

/// <summary>How keys are made: by the sequence of an identity column, or UUIDs of version 7 or 4.</summary>
internal enum KeyStrategy { Identity, Uuid, UuidV4 }

internal sealed record DesignOptions(KeyStrategy Keys, bool SoftDelete)
{
    /// <summary>Whether the model itself says it, rather than the designer's default.</summary>
    public bool HasKeys { get; init; }

    public bool HasSoftDelete { get; init; }

    /// <summary>Whether tables that the designer names itself are in the singular.</summary>
    public bool SingularTables { get; init; }

    /// <summary>Whether instants are timestamp (in UTC) rather than timestamptz.</summary>
    public bool PlainTimestamps { get; init; }
}

/// <summary>A thing with an identity of its own.</summary>
/// <param name="Id">Its name and place.</param>
/// <param name="Table">The table's name: given, or the plural of the name.</param>
/// <param name="Description">What a row stands for.</param>
/// <param name="IsTenanted">Whether each row belongs to one tenant; meaningless without tenancy and for the tenant itself.</param>
/// <param name="Keys">How its key is made.</param>
/// <param name="SoftDelete">Whether rows are marked as deleted rather than removed.</param>
/// <param name="Attributes">Its attributes in source order.</param>
/// <param name="Unique">Combinations of attributes or relationships that may occur once.</param>
/// <param name="Checks">SQL conditions that each row must meet.</param>
/// <param name="Rows">The expected number of rows, or null.</param>
internal sealed record Entity(
    NameReference Id,
    string Table,
    string? Description,
    bool IsTenanted,
    KeyStrategy Keys,
    bool SoftDelete,
    ImmutableArray<EntityAttribute> Attributes,
    ImmutableArray<ImmutableArray<NameReference>> Unique,
    ImmutableArray<string> Checks,
    long? Rows)
{
    public string Name => Id.Name;

    /// <summary>Whether the model itself says the table's name, the keys or the deletion, rather than the designer's default.</summary>
    public bool HasTable { get; init; }

    public bool HasKeys { get; init; }

    public bool HasSoftDelete { get; init; }
}

internal enum Uniqueness { None, PerTenant, Global }

/// <summary>A fact about an entity.</summary>
/// <param name="Id">Its name and place.</param>
/// <param name="Type">Its type in domain words, resolved.</param>
/// <param name="IsRequired">NOT NULL.</param>
/// <param name="Uniqueness">Whether a value may occur once, and within what.</param>
/// <param name="Default">The default as a SQL expression, or null.</param>
/// <param name="Check">A SQL condition, or null.</param>
/// <param name="Description">What it means, or null.</param>
internal sealed record EntityAttribute(
    NameReference Id, AttributeType Type, bool IsRequired, Uniqueness Uniqueness, string? Default, string? Check, string? Description)
{
    public string Name => Id.Name;
}

internal enum RelationshipKind { OneToMany, OneToOne, ManyToMany }

internal enum DeleteAction { NoAction, Restrict, Cascade, SetNull }

/// <summary>How two entities belong together; for <see cref="RelationshipKind.OneToMany"/> and one-to-one the key stands in <paramref name="To"/>.</summary>
/// <param name="Kind">Cardinality.</param>
/// <param name="From">The "one" side (the parent); for many-to-many the first side.</param>
/// <param name="To">The "many" or dependent side (the child); for many-to-many the second side.</param>
/// <param name="Role">What the parent is to the child (the column is <c>role_id</c>), or null for the parent's name; for many-to-many the second side's role.</param>
/// <param name="IsRequired">Whether a child must have a parent.</param>
/// <param name="OnDelete">What becomes of the child when its parent is deleted.</param>
/// <param name="Through">The joining table's name of a many-to-many, or null.</param>
/// <param name="Attributes">Attributes of the pair itself (many-to-many).</param>
/// <param name="Description">What the relationship means, or null.</param>
internal sealed record Relationship(
    RelationshipKind Kind,
    NameReference From,
    NameReference To,
    NameReference? Role,
    bool IsRequired,
    DeleteAction OnDelete,
    NameReference? Through,
    ImmutableArray<EntityAttribute> Attributes,
    string? Description);

/// <summary>A query that the application will run.</summary>
internal sealed record AccessPattern(
    string Name,
    NameReference Entity,
    ImmutableArray<NameReference> Filter,
    NameReference? Range,
    ImmutableArray<SortKey> Sort,
    int? Limit,
    string? Frequency,
    int Line,
    int Column);

internal sealed record SortKey(NameReference Attribute, bool Descending);
