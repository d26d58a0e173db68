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
    [InlineData(";;")]
    [InlineData("-- +goose Down\nDROP TABLE orders;")]
    public async Task A_file_without_a_statement_is_no_review(string sql) =>
        Assert.Equal("There is no statement in 'migration.sql': nothing to review.", (await Assert.ThrowsAsync<SkillInputException>(() => ReviewAsync(sql))).Message);

    [Fact]
    public async Task A_byte_order_mark_is_passed_over() => Assert.Equal(Verdict.Safe, (await ReviewAsync("\uFEFFSELECT 1;")).Verdict);

    [Fact]
    public async Task An_empty_file_of_a_folder_is_a_note_unless_all_are_empty()
    {
        var folder = new ReviewRequest([new("1.sql", "-- nothing yet"), new("2.sql", "SELECT 1;")]) { InOrder = true };
        Assert.Equal(["There is no statement in it."], (await ReviewMigrationEngine.RunAsync(folder)).Files[0].Notes!);
        await Assert.ThrowsAsync<SkillInputException>(() => ReviewMigrationEngine.RunAsync(new ReviewRequest([new("1.sql", "-- a"), new("2.sql", "")]) { InOrder = true }));
    }

    [Fact]
    public async Task The_statements_around_one_that_is_refused_are_reviewed()
    {
        var reviewed = await ReviewAsync("SET lock_timeout = '2s';\nDROP TABLE orders;\nUPDATE customers SET name = '' LIMIT 10;\nCREATE INDEX ON customers (name);");
        Assert.Equal([("drop-table", 2), ("invalid-sql", 3), ("index-not-concurrent", 4)], reviewed.Findings.Select(finding => (finding.Rule, finding.Line)));
        var refused = reviewed.Findings[1];
        Assert.Equal(("UPDATE customers SET name = '' LIMIT 10", 32), (refused.Statement, refused.Column));
        Assert.Contains("syntax error at or near \"LIMIT\". UPDATE and DELETE have no LIMIT", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task New_syntax_does_not_hide_the_rest_of_the_file()
    {
        var reviewed = await ReviewAsync("SET lock_timeout = '2s'; ALTER TABLE orders ADD COLUMN v int GENERATED ALWAYS AS (qty) VIRTUAL; CREATE INDEX ON orders (qty);", version: 18);
        Assert.Equal(["opaque-dynamic-ddl", "index-not-concurrent"], reviewed.Findings.Select(finding => finding.Rule));
    }

    [Fact]
    public async Task A_file_that_is_no_sql_is_refused_once()
    {
        var finding = Assert.Single((await ReviewAsync("def upgrade():\n    op.add_column(x);\n    op.create_index(y);\n")).Findings);
        Assert.EndsWith("Nothing in it was reviewed.", finding.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("DO $$ BEGIN EXECUTE 'DROP TABLE ' || lower('ORDERS'); END $$;")]
    [InlineData("CALL tidy();")]
    [InlineData("SELECT app.tidy(1);")]
    [InlineData("SELECT * FROM create_hypertable('orders', 'at');")]
    [InlineData("PREPARE p AS DELETE FROM orders WHERE false; EXECUTE p;")]
    public async Task Code_that_nobody_looked_into_is_a_note_and_not_safe(string sql)
    {
        var reviewed = await ReviewAsync(sql);
        Assert.Equal(Verdict.Caution, reviewed.Verdict);
        Assert.Contains(reviewed.Findings, finding => finding is { Rule: "opaque-dynamic-ddl", Severity: Severity.Info });
    }

    [Theory]
    [InlineData("SELECT setval('orders_id_seq', (SELECT max(id) FROM orders)), lower(trim(note)), now(), count(*), coalesce(1, 2) FROM orders;")]
    [InlineData("INSERT INTO orders (id, note) VALUES (nextval('s'), gen_random_uuid()::text || md5(random()::text));")]
    [InlineData("SELECT pg_catalog.set_config('search_path', '', false);")]
    public async Task A_call_of_postgresqls_own_functions_is_no_unknown_code(string sql) =>
        Assert.DoesNotContain((await ReviewAsync(sql)).Findings, finding => finding.Rule == "opaque-dynamic-ddl");

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
        var result = new ReviewResult([await ReviewAsync("SET lock_timeout = 1;\nCREATE INDEX i ON orders (note);")]);
        Assert.Equal(
            """{"files":[{"path":"migration.sql","verdict":"unsafe","findings":[{"rule":"index-not-concurrent","severity":"error","line":2,"column":1,"statement":"CREATE INDEX i ON orders (note)","message":"Blocks every write to orders (SHARE lock) until the index is built. Build it with CONCURRENTLY, outside a transaction.","lock":"SHARE","rewrites":false,"scans":true,"evidence":[{"kind":"stated","text":"CREATE INDEX blocks every write until the index is built","source":"PostgreSQL manual, CREATE INDEX, Building Indexes Concurrently"}],"fix":{"title":"Build it concurrently","sql":"CREATE INDEX CONCURRENTLY i ON orders (note);","complete":true},"citation":{"document":"index-not-concurrent","section":"What it locks"}}]}],"precedents":[]}""",
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
            var result = await ReviewMigrationEngine.RunAsync(new ReviewRequest([new("m.sql", "SET lock_timeout = 1; SET statement_timeout = 1; ALTER TABLE orders DROP IF EXISTS note;")]) { Memory = memory });
            Assert.Equal((Verdict.Safe, decision.Id), (result.Files[0].Verdict, result.Files[0].Findings.Single(finding => finding.Rule == "drop-column").WaivedBy));
            Assert.Equal(decision.Id, result.Precedents.Single().Id);
            Assert.Null(result.Worst);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    [Fact]
    public async Task The_text_names_every_object_and_says_the_same_thing_once()
    {
        string sql = "SET lock_timeout = 1;\nCREATE TABLE t (at timestamp, at2 timestamp);\nALTER TABLE public.orders ADD w timestamp;\nDROP TABLE orders, customers, public.visits, app.log;";
        string text = string.Join(' ', ReviewText.Render(new([await ReviewAsync(sql)])).Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));
        Assert.Contains("advice timestamp-without-tz (line 2, 3): at, at2 of t are", text, StringComparison.Ordinal);
        Assert.Contains("Line 3: w of orders is timestamp without time zone.", text, StringComparison.Ordinal);
        Assert.Contains("The same holds for customers, visits, app.log.", text, StringComparison.Ordinal);
        Assert.Single(text.Split("for good"), part => part.Contains("drop-table", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_relation_has_one_name_in_messages_and_evidence()
    {
        const string schema = "CREATE TABLE \"Order Lines\" (a int); CREATE SCHEMA app; CREATE TABLE app.log (a int);";
        var reviewed = await ReviewAsync("CREATE INDEX ON public.\"Order Lines\" (a); SET search_path = app; CREATE INDEX ON log (a);", schema, prove: true);
        foreach (var (finding, name) in reviewed.Findings.Where(finding => !finding.IsAdvice).Zip(["\"Order Lines\"", "app.log"]))
        {
            Assert.Contains($"every write to {name} (", finding.Message, StringComparison.Ordinal);
            Assert.Contains(new LockObserved(name, LockMode.Share), finding.Evidence);
        }
    }

    [Fact]
    public async Task The_text_leads_with_the_verdict_and_is_short()
    {
        string sql = string.Join('\n', "CREATE INDEX i ON orders (note);", "ALTER TABLE orders ALTER note SET NOT NULL;", "ALTER TABLE orders DROP qty;",
            "CREATE TABLE a (id int, at timestamp);", "CREATE TABLE b (id int);", "CREATE TABLE c (id int);", "SELECT 1;", "SELECT 2;", "SELECT 3;", "SELECT 4;");
        string text = ReviewText.Render(new([await ReviewAsync(sql)]));
        Assert.StartsWith("UNSAFE  migration.sql (3 hazards, 2 advice)\n", text, StringComparison.Ordinal);
        Assert.True(text.Length < 3600, $"{text.Length} characters are more than 900 tokens:\n{text}");
        Assert.All(text.Split('\n'), line => Assert.True(line.Length <= 110, line));
    }
}
