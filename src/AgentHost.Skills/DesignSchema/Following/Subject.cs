using System.Collections.Frozen;

namespace AgentHost.Skills.DesignSchema.Following;

/// <summary>What the designer says of a choice that it follows, and the page that weighs it.</summary>
/// <param name="Words">The choice in words.</param>
/// <param name="Document">The page.</param>
/// <param name="Section">Its heading.</param>
internal sealed record Subject(string Words, string Document, string Section)
{
    /// <summary>The choices that the designer can follow, by <c>subject = value</c>.</summary>
    public static FrozenDictionary<(string Subject, string Value), Subject> All { get; } = new Dictionary<(string, string), Subject>
    {
        [(Keys, "bigint-identity")] = new("primary keys are bigint identity", "primary-key-choice", "Identity"),
        [(Keys, "uuidv7")] = new("primary keys are UUID version 7", "primary-key-choice", "UUID version 7"),
        [(Keys, "uuidv4")] = new("primary keys are UUID version 4 (gen_random_uuid())", "primary-key-choice", "Why not version 4"),
        [(TableNames, "plural")] = new("tables are named in the plural", "naming-conventions", "Tables and columns"),
        [(TableNames, "singular")] = new("tables are named in the singular", "naming-conventions", "Tables and columns"),
        [(ColumnNames, "snake-case")] = new("columns are named in snake case", "naming-conventions", "Form"),
        [(SoftDelete, "deleted-at")] = new("deleted rows stay, with deleted_at", "soft-delete", "The column"),
        [(SoftDelete, "none")] = new("deleted rows are really deleted", "soft-delete", "When not to follow this"),
        [(Tenancy, "shared")] = new("tenants share the tables, kept apart by row-level security", "tenant-isolation-models", "Shared tables"),
        [(Tenancy, "none")] = new("no tenants", "tenant-isolation-models", "When not to follow this"),
        [(Tenancy, "schema-per-tenant")] = new("each tenant has a schema of its own: no tenant columns here, run the migration once a schema", "tenant-isolation-models", "Schema per tenant"),
        [(Tenancy, "database-per-tenant")] = new("each tenant has a database of its own: no tenant columns here, run the migration once a database", "tenant-isolation-models", "Database per tenant"),
        [(Timestamps, "timestamptz")] = new("instants are timestamptz", "timestamptz-always", "Why"),
        [(Timestamps, "timestamp")] = new("instants are timestamp in UTC", "timestamptz-always", "When not to follow this"),
        [(Enums, "check")] = new("fixed sets of values are text with CHECK", "enum-check-or-lookup-table", "text with CHECK"),
        [(Enums, "lookup-table")] = new("fixed sets of values are lookup tables", "enum-check-or-lookup-table", "Lookup table"),
        [(Enums, "enum-type")] = new("fixed sets of values are enum types", "enum-check-or-lookup-table", "Native enum"),
        [(Money, "numeric")] = new("money is numeric(19,4)", "money-and-numeric", "Money"),
        [(Money, "integer-cents")] = new("money is bigint in the smallest unit", "money-and-numeric", "Integers of the smallest unit"),
        [(Texts, "text")] = new("texts are text with CHECK (length)", "text-not-varchar-n", "What to write"),
        [(Texts, "varchar")] = new("texts are varchar(n)", "text-not-varchar-n", "When not to follow this"),
    }.ToFrozenDictionary();

    public const string Keys = "key-strategy", TableNames = "table-naming", ColumnNames = "column-naming", SoftDelete = "soft-delete", Tenancy = "tenancy",
        Timestamps = "timestamps", Enums = "enums", Money = "money", Texts = "text-type";
}
