using AgentHost.Skills.ReviewMigration;

namespace AgentHost.Skills.Tests.ReviewMigration;

/// <summary>Reviews a text in a line.</summary>
internal static class Reviewing
{
    public const string Shop = """
        CREATE TABLE customers (id bigint PRIMARY KEY, name text NOT NULL);
        CREATE TABLE orders (
            id bigint PRIMARY KEY, customer_id bigint, state varchar(20), note text, total numeric(10,2),
            qty integer, code char(8), net cidr, doc json, placed_at timestamp, paid_at timestamptz);
        """;

    /// <summary>Reviews a text; remarks, which are matters of taste, are left out unless asked for.</summary>
    public static async Task<ReviewedFile> ReviewAsync(
        string sql, string? schema = Shop, int version = 17, TransactionMode transaction = TransactionMode.Off, bool prove = false, bool remarks = false)
    {
        var file = (await ReviewMigrationEngine.RunAsync(new ReviewRequest([new("migration.sql", sql)])
        {
            Schema = schema is null ? [] : [new("schema.sql", schema)],
            PgVersion = version,
            Transaction = transaction,
            Prove = prove,
        })).Files[0];
        return remarks ? file : file with { Findings = file.Findings.RemoveAll(finding => finding.IsRemark) };
    }

    /// <summary>The ids of the findings without remarks, with a timeout set so that the advice about it does not clutter the answer.</summary>
    public static async Task<string[]> RulesOfAsync(
        string sql, string? schema = Shop, int version = 17, TransactionMode transaction = TransactionMode.Off) =>
        [.. (await ReviewAsync("SET lock_timeout = '2s';\n" + sql, schema, version, transaction)).Findings.Select(finding => finding.Rule)];
}
