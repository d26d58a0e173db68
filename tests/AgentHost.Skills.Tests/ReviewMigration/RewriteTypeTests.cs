using AgentHost.Postgres;
using AgentHost.Skills.ReviewMigration;
using AgentHost.Sql;
using static AgentHost.Skills.Tests.ReviewMigration.Rewriting;

namespace AgentHost.Skills.Tests.ReviewMigration;

/// <summary>A column of another type without a rewrite: all that hangs on it comes along.</summary>
public sealed class RewriteTypeTests
{
    private const string Schema = """
        CREATE TABLE customers (id bigint PRIMARY KEY);
        CREATE TABLE orders (id integer PRIMARY KEY, n integer NOT NULL DEFAULT 3 CHECK (n > 0) UNIQUE, c integer REFERENCES customers ON DELETE CASCADE, note json, "Odd" varchar(40));
        CREATE INDEX orders_c_idx ON orders (c, id DESC);
        CREATE TABLE seen (id integer GENERATED ALWAYS AS IDENTITY PRIMARY KEY, at timestamp);
        INSERT INTO customers SELECT g FROM generate_series(1, 20) g;
        INSERT INTO orders SELECT g, g, g % 20 + 1, '{}', 'x' FROM generate_series(1, 2500) g;
        """;

    [Theory]
    [InlineData("ALTER TABLE orders ALTER n TYPE bigint;")]
    [InlineData("ALTER TABLE orders ALTER COLUMN c TYPE bigint, ADD COLUMN later text;")]
    [InlineData("ALTER TABLE orders ALTER id TYPE bigint;")]
    [InlineData("ALTER TABLE orders ALTER note TYPE jsonb USING note::jsonb;")]
    [InlineData("ALTER TABLE orders ALTER \"Odd\" TYPE varchar(200) USING upper(\"Odd\");")]
    public async Task It_ends_in_the_same_catalog_but_for_the_place_of_the_column_and_holds_the_same_rows(string sql)
    {
        foreach (var mode in (TransactionMode[])[TransactionMode.Off, TransactionMode.On])
        {
            var rewrite = (await RewriteAsync(sql, Schema, mode)).Rewrite!;
            Assert.True(rewrite.Fixed.Any(made => made.Rule == "column-type-rewrite"), Shown(rewrite));
            Assert.Empty(await AgainAsync(rewrite, Schema, mode));
            var verdict = await CompareAsync(sql, rewrite, Schema, mode);
            Assert.True(verdict.Holds, verdict.Text + Shown(rewrite));
        }

        Assert.Equal(await RowsAsync([sql]), await RowsAsync([.. (await RewriteAsync(sql, Schema)).Rewrite!.Files.Select(file => file.Text)]));
    }

    private static async Task<string?> RowsAsync(string[] scripts)
    {
        await using var server = await PrivateServer.ConnectAsync();
        await using var scratch = await server.CreateScratchAsync();
        await scratch.ExecuteAsync(Schema);
        foreach (string script in scripts)
            await scratch.ExecuteAsync(SqlParser.Parse(script));
        await using var connection = await scratch.OpenAsync();
        await using var command = new Npgsql.NpgsqlCommand("""SELECT md5(string_agg(concat_ws(',', id, n, c, note, "Odd"), ';' ORDER BY id)) FROM orders""", connection);
        return (string?)await command.ExecuteScalarAsync();
    }

    [Fact]
    public async Task A_column_with_something_that_cannot_be_carried_over_is_left_and_said()
    {
        var rewrite = (await RewriteAsync("ALTER TABLE seen ALTER id TYPE bigint;", Schema)).Rewrite!;
        Assert.Contains(rewrite.Remaining, left => left.Rule == "column-type-rewrite" && left.Why.StartsWith("needs a decision", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("ALTER TABLE orders DROP COLUMN n;\nALTER TABLE orders RENAME COLUMN c TO n;")]
    [InlineData("DROP TRIGGER t ON orders;\nALTER TABLE orders DROP COLUMN n;")]
    public async Task A_drop_that_is_no_such_switch_is_a_hazard(string sql) =>
        Assert.Contains("drop-column", (await Reviewing.ReviewAsync(sql, Schema, transaction: TransactionMode.On)).Findings.Select(finding => finding.Rule));
}
