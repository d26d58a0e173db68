using AgentHost.Postgres;
using AgentHost.Skills.ReviewMigration;
using Npgsql;
using static AgentHost.Skills.Tests.ReviewMigration.Reviewing;

namespace AgentHost.Skills.Tests.ReviewMigration;

/// <summary>The matrix of type changes, against PostgreSQL itself.</summary>
public sealed class ColumnTypeTests(ColumnTypeTests.Scratch scratch) : IClassFixture<ColumnTypeTests.Scratch>
{
    private static readonly string[] Changes =
    [
        "varchar(10)>varchar(20)", "varchar(20)>varchar(10)", "varchar(10)>varchar", "varchar>varchar(10)", "varchar(10)>text", "text>varchar", "text>varchar(10)",
        "char(8)>varchar(8)", "char(8)>text", "char(8)>bpchar", "char(8)>char(9)", "varchar(8)>char(8)", "text>char(8)", "varchar>bpchar", "text>bpchar", "bpchar>text", "name>text", "text>name",
        "numeric(10,2)>numeric(12,2)", "numeric(10,2)>numeric(12,3)", "numeric(10,2)>numeric(8,2)", "numeric(10,2)>numeric", "numeric>numeric(10,2)", "numeric(10)>numeric(12)", "numeric(10)>numeric(12,0)",
        "integer>bigint", "bigint>integer", "smallint>integer", "integer>integer", "integer>numeric", "integer>oid", "oid>integer", "oid>regclass", "regclass>oid", "bigint>oid", "real>double precision",
        "cidr>inet", "inet>cidr", "json>jsonb", "jsonb>json", "json>text", "xml>text", "xml>varchar",
        "bit(4)>bit(8)", "bit(4)>bit", "bit(1)>bit", "bit varying(4)>bit varying(8)", "bit varying(8)>bit varying(4)", "bit varying(8)>bit varying", "bit(4)>bit varying", "bit(4)>bit varying(4)", "bit(4)>bit varying(8)", "bit varying(4)>bit(4)",
        "timestamp>timestamp(3)", "timestamp(3)>timestamp", "timestamp(3)>timestamp(6)", "timestamp>timestamp(6)", "timestamp>timestamptz", "timestamptz>timestamp", "timestamp(3)>timestamptz(3)", "timestamp(3)>timestamptz", "timestamp>timestamptz(6)", "timestamptz(3)>timestamp",
        "timestamp>date", "date>timestamp", "time>time(3)", "time(3)>time", "time>timetz", "interval>interval(3)", "interval(3)>interval",
        "varchar(10)[]>text[]", "numeric(9,2)[]>numeric[]", "varchar(10)[]>varchar(20)[]", "varchar(10)[]>varchar[]", "varchar(10)[]>varchar(10)[]", "text[]>varchar[]", "integer[]>bigint[]", "text>text[]", "boolean>integer", "text>plain_domain", "text>checked_domain", "plain_domain>text", "checked_domain>text",
        "plain_domain>varchar", "mood>text", "text>bytea",
    ];

    public static TheoryData<string, bool> Cases
    {
        get
        {
            var cases = new TheoryData<string, bool>();
            foreach (string change in Changes)
            {
                cases.Add(change, false);
                if (change.StartsWith("time", StringComparison.Ordinal))
                    cases.Add(change, true);
            }

            return cases;
        }
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public async Task A_change_rewrites_where_postgresql_writes_a_new_file(string change, bool utc)
    {
        string[] pair = change.Split('>');
        string schema = $"DROP TABLE IF EXISTS t; CREATE TABLE t (a {pair[0]});";
        string zone = utc ? "SET timezone = 'UTC'; " : "SET timezone = 'Europe/Rome'; ";
        foreach (string statement in (string[])[$"ALTER TABLE t ALTER a TYPE {pair[1]};", $"ALTER TABLE t ALTER a TYPE {pair[1]} USING a::{pair[1]};"])
        {
            if (await RewritesAsync(schema, zone + statement) is not { } rewrites)
                continue;
            bool claimed = (await ReviewAsync(zone + "SET lock_timeout = 1; " + statement, Scratch.Types + schema)).Findings.Any(finding => finding.Rule == "column-type-rewrite");
            Assert.True(rewrites == claimed, $"{statement} from {pair[0]}: PostgreSQL {(rewrites ? "rewrites" : "does not rewrite")}, the rule says {claimed}.");
        }
    }

    [Fact]
    public async Task Before_version_12_a_utc_session_does_not_help() =>
        Assert.Contains("column-type-rewrite", await RulesOfAsync("SET timezone = 'UTC'; ALTER TABLE orders ALTER placed_at TYPE timestamptz;", version: 11));

    [Fact]
    public async Task An_unknown_type_is_asked_for_and_not_condemned()
    {
        var finding = (await ReviewAsync("SET lock_timeout = 1; ALTER TABLE orders ALTER a TYPE text;", schema: null)).Findings.Single();
        Assert.Equal(Severity.Warning, finding.Severity);
        Assert.StartsWith("What is the type of orders.a now?", finding.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_using_clause_that_computes_rewrites_whatever_the_type_was() =>
        Assert.Equal(Severity.Error, (await ReviewAsync("SET lock_timeout = 1; ALTER TABLE t ALTER a TYPE text USING upper(a);", schema: null)).Findings.Single().Severity);

    /// <summary>Whether the table's file changes; null where PostgreSQL has no such cast.</summary>
    private async Task<bool?> RewritesAsync(string schema, string sql)
    {
        await scratch.Database.ExecuteAsync(schema);
        string before = await FileAsync();
        try
        {
            await scratch.Database.ExecuteAsync(sql);
        }
        catch (PostgresException refused) when (refused.SqlState is PostgresErrorCodes.DatatypeMismatch or PostgresErrorCodes.CannotCoerce)
        {
            return null;
        }

        return before != await FileAsync();
    }

    private async Task<string> FileAsync()
    {
        await using var connection = await scratch.Database.OpenAsync();
        await using var command = new NpgsqlCommand("SELECT pg_relation_filenode('t')::text", connection);
        return (string)(await command.ExecuteScalarAsync())!;
    }

    /// <summary>One database for all changes, each of which makes the table anew.</summary>
    public sealed class Scratch : IAsyncLifetime
    {
        public const string Types = "CREATE DOMAIN plain_domain AS text; CREATE DOMAIN checked_domain AS text CHECK (VALUE <> ''); CREATE TYPE mood AS ENUM ('calm'); ";

        private PrivateServer? server;

        public ScratchDatabase Database { get; private set; } = null!;

        public async Task InitializeAsync()
        {
            server = await PrivateServer.ConnectAsync();
            Database = await server.CreateScratchAsync();
            await Database.ExecuteAsync(Types);
        }

        public async Task DisposeAsync()
        {
            await Database.DisposeAsync();
            await server!.DisposeAsync();
        }
    }
}
