using System.Text.Json;
using AgentHost.Knowledge.Memory;
using AgentHost.Skills.ReviewMigration;
using AgentHost.Sql;
using FsCheck;
using FsCheck.Fluent;
using static AgentHost.Skills.Tests.ReviewMigration.Reviewing;

namespace AgentHost.Skills.Tests.ReviewMigration;

/// <summary>Texts of any kind, the shape of the answer, and the project's memory.</summary>
public sealed class InputTests
{
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web);

    [Fact]
    public async Task A_file_that_does_not_parse_is_a_finding_in_postgresqls_words()
    {
        var reviewed = await ReviewAsync("SELECT 1;\nALTER TABEL orders ADD x int;");
        var finding = Assert.Single(reviewed.Findings);
        Assert.Equal(("invalid-sql", 2, 7, Verdict.Unsafe), (finding.Rule, finding.Line, finding.Column, reviewed.Verdict));
        Assert.Contains("syntax error at or near \"TABEL\"", finding.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Syntax_that_only_a_newer_version_may_know_is_a_doubt_and_no_verdict()
    {
        var reviewed = await ReviewAsync("ALTER TABLE orders ADD COLUMN v int GENERATED ALWAYS AS (qty) VIRTUAL;", version: 18);
        Assert.Equal(Verdict.Caution, reviewed.Verdict);
        Assert.StartsWith("Not reviewed", reviewed.Findings.Single().Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("")]
    [InlineData("  \n-- nothing\n")]
    [InlineData("\uFEFFSELECT 1;")]
    public async Task Nothing_to_do_is_safe(string sql) => Assert.Equal(Verdict.Safe, (await ReviewAsync(sql)).Verdict);

    [Fact]
    public async Task A_nul_byte_is_unusable_input_and_the_file_is_named() =>
        Assert.StartsWith("migration.sql: ", (await Assert.ThrowsAsync<SkillInputException>(() => ReviewAsync("SELECT '\0'"))).Message, StringComparison.Ordinal);

    [Theory]
    [InlineData(9)]
    [InlineData(19)]
    public async Task A_version_that_is_not_known_is_refused(int version) =>
        await Assert.ThrowsAsync<SkillInputException>(() => ReviewAsync("SELECT 1", version: version));

    [Fact]
    public async Task A_schema_that_does_not_parse_is_unusable_input() =>
        Assert.Contains("schema.sql", (await Assert.ThrowsAsync<SkillInputException>(() => ReviewAsync("SELECT 1", schema: "CREATE TABEL"))).Message, StringComparison.Ordinal);

    [Fact]
    public void Any_text_is_reviewed_or_refused_with_a_reason()
    {
        var piece = Gen.Elements(
            "ALTER TABLE orders", "ADD COLUMN x", "text", "NOT NULL", ";", ",", "DROP", "orders", "RENAME", "TO", "y", "CREATE INDEX", "ON", "(", ")", "note", "BEGIN", "COMMIT",
            "-- +goose Down\n", "-- +goose Up\n", "TYPE bigint", "ALTER note", "'", "$$", "\n", "CHECK (qty > 0)", "CONCURRENTLY", "é", "\0", "SET NOT NULL", "TABLE t (a timestamp)");
        Prop.ForAll(Gen.ArrayOf(piece).ToArbitrary(), pieces =>
        {
            try
            {
                var reviewed = ReviewAsync(string.Join(' ', pieces)).GetAwaiter().GetResult();
                return reviewed.Findings.All(finding => finding.Line >= 1 && finding.Column >= 1 && finding.Message.Length > 0);
            }
            catch (SkillInputException refused)
            {
                return refused.Message.Length > 0;
            }
        }).QuickCheckThrowOnFailure();
    }

    [Fact]
    public async Task The_json_is_the_documented_contract()
    {
        var result = new ReviewResult([await ReviewAsync("SET lock_timeout = 1;\nCREATE INDEX i ON orders (note);")], []);
        Assert.Equal(
            """{"files":[{"path":"migration.sql","verdict":"unsafe","findings":[{"rule":"index-not-concurrent","severity":"error","line":2,"column":1,"statement":"CREATE INDEX i ON orders (note)","message":"Blocks every write to orders (SHARE lock) until the index is built. Build it with CONCURRENTLY, outside a transaction.","lock":"SHARE","rewrites":false,"scans":true,"evidence":[{"kind":"stated","text":"CREATE INDEX blocks every write until the index is built","source":"PostgreSQL manual, CREATE INDEX, Building Indexes Concurrently"}],"fix":{"title":"Build it concurrently","sql":"CREATE INDEX CONCURRENTLY i ON orders (note);"},"citation":{"document":"index-not-concurrent","section":"What it locks"}}]}],"precedents":[]}""",
            JsonSerializer.Serialize(result, Json));
    }

    [Fact]
    public void Evidence_tells_what_was_observed_by_its_kind() =>
        Assert.Equal(
            """[{"kind":"lockObserved","relation":"public.t","lock":"ACCESS EXCLUSIVE"},{"kind":"errorObserved","sqlState":"23502","message":"m"}]""",
            JsonSerializer.Serialize<Evidence[]>([new LockObserved("public.t", LockMode.AccessExclusive), new ErrorObserved("23502", "m")], Json));

    [Fact]
    public async Task A_decision_that_waives_a_rule_takes_the_finding_out_of_the_verdict()
    {
        string folder = Directory.CreateTempSubdirectory("review-").FullName;
        try
        {
            var memory = new MemoryJournal(folder);
            var decision = await memory.AppendAsync(new NewEntry(MemoryKind.Decision, "Orders may lose columns", "Nobody reads them.") { Scopes = ["orders"], Waives = ["drop-column"] });
            var result = await ReviewMigrationEngine.RunAsync(new ReviewRequest([new("m.sql", "SET lock_timeout = 1; ALTER TABLE orders DROP note;")]) { Memory = memory });
            Assert.Equal((Verdict.Safe, decision.Id), (result.Files[0].Verdict, result.Files[0].Findings.Single().WaivedBy));
            Assert.Equal(decision.Id, result.Precedents.Single().Id);
            Assert.Null(result.Worst);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    [Fact]
    public async Task The_text_leads_with_the_verdict_and_is_short()
    {
        string sql = string.Join('\n', "CREATE INDEX i ON orders (note);", "ALTER TABLE orders ALTER note SET NOT NULL;", "ALTER TABLE orders DROP qty;",
            "CREATE TABLE a (id int, at timestamp);", "CREATE TABLE b (id int);", "CREATE TABLE c (id int);", "SELECT 1;", "SELECT 2;", "SELECT 3;", "SELECT 4;");
        string text = ReviewText.Render(new([await ReviewAsync(sql)], []));
        Assert.StartsWith("UNSAFE  migration.sql (3 hazards, 2 advice)\n", text, StringComparison.Ordinal);
        Assert.True(text.Length < 3600, $"{text.Length} characters are more than 900 tokens:\n{text}");
        Assert.All(text.Split('\n'), line => Assert.True(line.Length <= 110, line));
    }
}
