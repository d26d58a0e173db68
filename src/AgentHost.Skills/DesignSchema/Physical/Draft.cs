using System.Collections.Immutable;
using AgentHost.Skills.DesignSchema.Model;

namespace AgentHost.Skills.DesignSchema.Physical;

/// <summary>A table while it is being designed.</summary>
internal sealed class Draft(string name, TableRole role, NameReference at)
{
    public string Name { get; } = name;
    public TableRole Role { get; } = role;
    public NameReference At { get; } = at;
    public Entity? Entity { get; init; }
    public string? Comment { get; init; }
    public string KeyType { get; init; } = "bigint";
    public bool IsTenantRoot { get; init; }

    /// <summary>The column that carries the tenant, without the root's own id; null for shared tables and the root.</summary>
    public string? TenantColumn { get; init; }

    public bool IsSoftDeleted => Entity?.SoftDelete == true;
    public bool HasUpdatedAt { get; set; }
    public ImmutableArray<string> LookupValues { get; init; } = [];

    public List<Column> Columns { get; } = [];
    public ImmutableArray<string> PrimaryKey { get; set; } = ["id"];
    public List<ImmutableArray<string>> UniqueSets { get; } = [];

    /// <summary>(tenant, id), needed where a tenanted table points here.</summary>
    public bool IsTenantReferenced { get; set; }

    public List<ForeignKey> ForeignKeys { get; } = [];
    public List<Check> Checks { get; } = [];

    /// <summary>What the model may call a column: attribute, role or parent's name.</summary>
    public Dictionary<string, string> ColumnsByName { get; } = new(StringComparer.Ordinal);

    public bool Has(string column) => Columns.Exists(c => c.Name == column);

    public Column this[string column] => Columns.First(c => c.Name == column);

    /// <summary>The column that joins to this table's rows per tenant: the root's id, or the tenant column.</summary>
    public string? TenantKey => IsTenantRoot ? "id" : TenantColumn;

    public void AddReference(Column column, string? alias)
    {
        Columns.Add(column);
        ColumnsByName[column.Name] = column.Name;
        if (alias is not null)
            ColumnsByName.TryAdd(alias, column.Name);
    }

    /// <summary>The column that a model's name means, or null with a problem.</summary>
    public string? Resolve(NameReference name, string where, ProblemList problems)
    {
        if (ColumnsByName.TryGetValue(name.Name, out var column))
            return column;
        problems.Add(name, $"{where} names '{name.Written}', which {At.Name} does not have{NearestNames.Suggest(name.Name, ColumnsByName.Keys)}");
        return null;
    }
}
