using System.Collections.Immutable;
using AgentHost.Skills.DesignSchema.Model;
using AgentHost.Skills.DesignSchema.Physical;
using static AgentHost.Sql.SqlIdentifier;

namespace AgentHost.Skills.DesignSchema.Proof;

/// <summary>Makes up the plainest row that a table's types, keys and NOT NULL accept.</summary>
internal static class SampleRow
{
    /// <param name="table">The table.</param>
    /// <param name="given">Values of key columns, as SQL literals.</param>
    public static string Insert(Table table, IReadOnlyDictionary<string, string> given)
    {
        var columns = table.Columns.Where(c => !c.IsIdentity && (given.ContainsKey(c.Name) || (c.Type is not null && !c.IsNullable))).ToList();
        var values = columns.Select(c => given.TryGetValue(c.Name, out var value) ? value : Value(c.Type!));
        var list = columns.Count == 0 ? "DEFAULT VALUES" : $"({string.Join(", ", columns.Select(c => Quote(c.Name)))}) VALUES ({string.Join(", ", values)})";
        return $"INSERT INTO {Quote(table.Name)} {list}";
    }

    /// <summary>A condition that picks the row with the given key columns.</summary>
    public static string KeyCondition(ImmutableArray<string> columns, IReadOnlyDictionary<string, string> values) =>
        string.Join(" AND ", columns.Select(c => $"{Quote(c)} = {values[c]}"));

    private static string Value(AttributeType type) => type.Family switch
    {
        ValueFamily.Text => "'x'",
        ValueFamily.Enum => AttributeType.Quote(type.Values[0]),
        ValueFamily.Whole or ValueFamily.Number => "0",
        ValueFamily.Boolean => "false",
        ValueFamily.Instant => "now()",
        ValueFamily.Date => "CURRENT_DATE",
        ValueFamily.Time => "'00:00'",
        ValueFamily.Duration => "'0'",
        ValueFamily.Json => "'{}'",
        ValueFamily.Uuid => "gen_random_uuid()",
        ValueFamily.Bytes => "''",
        ValueFamily.Ip => "'10.0.0.1'",
        _ => throw new ArgumentOutOfRangeException(nameof(type), type.Family, "Not a value family."),
    };
}
