namespace AgentHost.Sql;

/// <summary>The name of a relation, type or function, as written: unquoted parts are already folded to lower case.</summary>
/// <param name="Schema">The schema, or null where the search path decides.</param>
/// <param name="Name">The object's own name.</param>
public sealed record QualifiedName(string? Schema, string Name)
{
    /// <summary>The schema as written, or <c>public</c>, the default search path's first writable schema.</summary>
    public string SchemaOrPublic => Schema ?? "public";

    /// <summary>True where both names mean the same object when an omitted schema means <c>public</c>.</summary>
    public bool Matches(QualifiedName other) => Name == other.Name && SchemaOrPublic == other.SchemaOrPublic;

    /// <inheritdoc />
    public override string ToString() => Schema is null ? Name : $"{Schema}.{Name}";
}
