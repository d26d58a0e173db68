using System.Collections.Immutable;

namespace AgentHost.Knowledge.Memory;

/// <summary>
/// Subjects that decisions choose about and that design follows, with their values and the words in which people write them. Data, so that a title such as
/// "Primary keys are UUIDv7" counts as much as a line <c>chooses: key-strategy = uuidv7</c>.
/// </summary>
public static class MemorySubjects
{
    /// <summary>A value of a subject.</summary>
    /// <param name="Value">Its canonical name.</param>
    /// <param name="Spellings">Other names of it in a <c>chooses</c> field.</param>
    /// <param name="Phrases">Words of a title that tell it; all words of one phrase must be there, in any order.</param>
    internal sealed record Known(string Value, string[] Spellings, string[] Phrases);

    /// <summary>A subject with its values.</summary>
    /// <param name="Name">Its canonical name.</param>
    /// <param name="Spellings">Other names of it.</param>
    /// <param name="Values">What can be chosen.</param>
    internal sealed record Subject(string Name, string[] Spellings, Known[] Values);

    private static readonly Subject[] Subjects =
    [
        new("key-strategy", ["keys", "key", "primary-key", "primary-keys", "ids", "id"],
        [
            new("bigint-identity", ["bigint", "identity", "bigint-identity-keys", "bigserial"], ["bigint key", "identity key", "bigint identity", "bigint id", "bigserial key"]),
            new("uuidv7", ["uuid-v7", "uuid7"], ["uuidv7", "uuid v7", "uuid7", "uuid version 7"]),
            new("uuidv4", ["uuid-v4", "uuid4", "uuid", "random-uuid"], ["uuidv4 key", "uuid v4 key", "uuid4 key", "random uuid key", "gen_random_uuid key", "uuid key"]),
            new("natural", ["natural-keys", "natural-key"], ["natural key"]),
        ]),
        new("table-naming", ["table-names", "tables-naming", "naming"],
        [
            new("singular", [], ["singular table", "table singular", "singular entity name"]),
            new("plural", [], ["plural table", "table plural"]),
        ]),
        new("column-naming", ["column-names", "case", "identifiers", "identifier-case"],
        [
            new("snake-case", ["snake"], ["snake_case", "snake case"]),
            new("camel-case", ["camel"], ["camelcase", "camel case"]),
        ]),
        new("soft-delete", ["soft-deletes", "soft-deletion", "deletion"],
        [
            new("none", ["no", "off", "hard-delete", "hard"], ["no soft delete", "hard delete", "without soft delete", "really delete", "never soft delete"]),
            new("deleted-at", ["yes", "on", "deleted-at-column", "timestamp"], ["deleted_at", "soft delete"]),
        ]),
        new("tenancy", ["multi-tenancy", "tenants", "tenant-isolation"],
        [
            new("schema-per-tenant", ["schema", "schemas"], ["schema per tenant", "schema each tenant", "own schema tenant"]),
            new("database-per-tenant", ["database", "databases"], ["database per tenant", "database each tenant", "own database tenant"]),
            new("none", ["single-tenant", "no"], ["single tenant", "no tenancy"]),
            new("shared", ["shared-rls", "rls", "row-level-security", "shared-schema", "tenant-id"], ["shared table tenant", "shared schema tenant", "row level security tenant", "rls tenant", "tenant_id"]),
        ]),
        new("timestamps", ["time", "times", "timestamp-type"],
        [
            new("timestamp", ["without-time-zone", "timestamp-without-time-zone"], ["timestamp without time zone"]),
            new("timestamptz", ["with-time-zone", "timestamp-with-time-zone"], ["timestamptz", "timestamp with time zone"]),
        ]),
        new("enums", ["enum", "enumerations"],
        [
            new("check", ["check-constraint", "text-check"], ["enum check", "check constraint enum", "status check constraint"]),
            new("lookup-table", ["lookup", "reference-table"], ["lookup table", "enum reference table"]),
            new("enum-type", ["type", "native", "native-enum"], ["native enum", "enum type", "create type enum"]),
        ]),
        new("money", ["amounts", "money-type"],
        [
            new("integer-cents", ["cents", "minor-units", "bigint"], ["money cents", "amount cents", "money minor unit", "amount minor unit"]),
            new("numeric", ["decimal"], ["money numeric", "amount numeric", "price numeric"]),
        ]),
        new("text-type", ["strings", "string-type"],
        [
            new("varchar", ["varchar-n"], ["varchar(n) not text", "varchar instead text"]),
            new("text", [], ["text instead varchar", "text not varchar", "text over varchar"]),
        ]),
    ];

    /// <summary>The canonical names with their values.</summary>
    public static ImmutableSortedDictionary<string, ImmutableArray<string>> All { get; } =
        Subjects.ToImmutableSortedDictionary(s => s.Name, s => s.Values.Select(v => v.Value).ToImmutableArray(), StringComparer.Ordinal);

    internal static IReadOnlyList<Subject> Table => Subjects;

    /// <summary>The choice under its canonical names; one about another subject stays as it is.</summary>
    internal static Choice Canonical(Choice choice)
    {
        if (Array.Find(Subjects, s => s.Name == choice.Subject || s.Spellings.Contains(choice.Subject, StringComparer.Ordinal)) is not { } subject) return choice;
        var value = Array.Find(subject.Values, v => v.Value == choice.Value || v.Spellings.Contains(choice.Value, StringComparer.Ordinal));
        return new Choice(subject.Name, value?.Value ?? choice.Value);
    }
}
