using AgentHost.Skills.ReviewMigration;
using AgentHost.Sql;
using static AgentHost.Skills.Tests.ReviewMigration.Reviewing;

namespace AgentHost.Skills.Tests.ReviewMigration;

/// <summary>What the schema tells beyond tables: functions, triggers, sequences, policies, rights and routines that a migration calls.</summary>
public sealed class SchemaKnowledgeTests
{
    private const string Rich = """
        CREATE TYPE mood AS ENUM ('sad', 'happy');
        CREATE DOMAIN email AS text;
        CREATE SEQUENCE numbers;
        CREATE FUNCTION touch() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END';
        CREATE FUNCTION code() RETURNS text LANGUAGE sql VOLATILE AS $$ SELECT 'x' $$;
        CREATE FUNCTION slug(t text) RETURNS text LANGUAGE sql IMMUTABLE AS $$ SELECT lower(t) $$;
        CREATE FUNCTION may(o text) RETURNS boolean LANGUAGE sql STABLE AS $$ SELECT true $$;
        CREATE FUNCTION two(a int) RETURNS int LANGUAGE sql IMMUTABLE AS $$ SELECT a $$;
        CREATE FUNCTION two(a text) RETURNS int LANGUAGE sql IMMUTABLE AS $$ SELECT 1 $$;
        CREATE FUNCTION unused() RETURNS int LANGUAGE sql AS $$ SELECT 1 $$;
        CREATE TABLE docs (id bigint PRIMARY KEY, name text, code text DEFAULT code(), feel mood, mail email, n bigint DEFAULT nextval('numbers'), m int CHECK (two(m) > 0), s serial);
        CREATE INDEX docs_slug ON docs (slug(name));
        ALTER TABLE docs ENABLE ROW LEVEL SECURITY;
        CREATE POLICY own ON docs USING (may(name));
        CREATE TRIGGER touch BEFORE UPDATE ON docs FOR EACH ROW EXECUTE FUNCTION touch();
        CREATE VIEW slugs AS SELECT slug(name) AS slug FROM docs;
        GRANT SELECT ON docs TO PUBLIC;
        GRANT USAGE ON SCHEMA public TO PUBLIC;
        CREATE PROCEDURE fill() LANGUAGE plpgsql AS $$
        BEGIN
          UPDATE docs SET name = '';
        END $$;
        CREATE FUNCTION shape() RETURNS void LANGUAGE plpgsql AS $$
        BEGIN
          PERFORM deeper();
        END $$;
        CREATE FUNCTION deeper() RETURNS void LANGUAGE sql AS 'ALTER TABLE docs ALTER name SET NOT NULL';
        CREATE FUNCTION look() RETURNS bigint LANGUAGE sql STABLE AS 'SELECT count(*) FROM docs';
        """;

    [Theory]
    [InlineData("DROP FUNCTION touch();", "trigger touch of docs")]
    [InlineData("DROP FUNCTION code;", "the default of code of docs")]
    [InlineData("DROP FUNCTION public.slug(text);", "index docs_slug of docs, view slugs")]
    [InlineData("DROP FUNCTION may(text);", "policy own of docs")]
    [InlineData("DROP SEQUENCE numbers;", "the default of n of docs")]
    [InlineData("DROP SEQUENCE docs_s_seq;", "the default of s of docs")]
    [InlineData("DROP TYPE mood;", "column feel of docs")]
    [InlineData("DROP DOMAIN email;", "column mail of docs")]
    public async Task Dropping_what_something_uses_is_refused(string sql, string user)
    {
        var file = await ReviewAsync("SET lock_timeout = '2s'; " + sql, Rich, prove: true);
        var finding = Assert.Single(file.Findings, finding => finding.Severity == Severity.Error);
        Assert.Equal("dependent-object-conflict", finding.Rule);
        Assert.Contains(user, finding.Message, StringComparison.Ordinal);
        Assert.Contains(finding.Evidence, evidence => evidence is ErrorObserved { SqlState: "2BP01" });
    }

    [Theory]
    [InlineData("DROP FUNCTION unused();")]
    [InlineData("DROP TRIGGER touch ON docs; DROP FUNCTION touch();")]
    [InlineData("ALTER TABLE docs ALTER code DROP DEFAULT; DROP FUNCTION code();")]
    [InlineData("ALTER TABLE docs ALTER n DROP DEFAULT; DROP SEQUENCE numbers;")]
    [InlineData("DROP POLICY own ON docs; DROP FUNCTION may(text);")]
    public async Task Dropping_what_nothing_uses_any_more_is_not(string sql) =>
        Assert.DoesNotContain("dependent-object-conflict", await RulesOfAsync(sql, Rich));

    [Fact]
    public async Task Of_two_functions_of_one_name_it_is_asked_which_is_used()
    {
        var finding = Assert.Single((await ReviewAsync("DROP FUNCTION two(text);", Rich)).Findings, finding => finding.Rule == "dependent-object-conflict");
        Assert.Equal(Severity.Warning, finding.Severity);
        Assert.Contains("?", finding.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("GRANT SELECT ON docs TO PUBLIC;", false)]
    [InlineData("GRANT SELECT, INSERT ON docs TO PUBLIC;", true)]
    [InlineData("GRANT USAGE ON SCHEMA public TO PUBLIC;", false)]
    [InlineData("REVOKE SELECT ON docs FROM PUBLIC; GRANT SELECT ON docs TO PUBLIC;", true)]
    [InlineData("GRANT ALL ON docs TO PUBLIC;", true)]
    public async Task A_grant_to_everyone_of_what_everyone_has_opens_nothing(string sql, bool opens) =>
        Assert.Equal(opens, (await RulesOfAsync(sql, Rich)).Contains("grant-to-public"));

    [Theory]
    [InlineData("CALL fill();", "unbatched-dml", "fill(), line 3")]
    [InlineData("SELECT shape();", "set-not-null-scan", "deeper(), line 1")]
    public async Task A_routine_of_the_schema_is_looked_into_where_the_migration_calls_it(string sql, string rule, string place)
    {
        var file = await ReviewAsync("SET lock_timeout = '2s';\n" + sql, Rich);
        var finding = Assert.Single(file.Findings, finding => finding.Rule == rule);
        Assert.Equal((2, null), (finding.Line, finding.Fix));
        Assert.Contains(place, finding.Message, StringComparison.Ordinal);
        Assert.DoesNotContain(file.Findings, other => other.Rule == "opaque-dynamic-ddl");
    }

    [Fact]
    public async Task A_routine_of_the_schema_that_only_reads_is_nothing_to_speak_of() =>
        Assert.Empty(await RulesOfAsync("SELECT look();", Rich));

    [Fact]
    public async Task A_routine_that_is_nowhere_stays_unseen() => Assert.Equal(["opaque-dynamic-ddl"], await RulesOfAsync("SELECT nowhere();", Rich));

    [Fact]
    public async Task A_schema_that_does_not_parse_wholly_is_used_as_far_as_it_does()
    {
        var result = await ReviewMigrationEngine.RunAsync(new ReviewRequest([new("migration.sql", "SET lock_timeout = '2s'; ALTER TABLE t ALTER a TYPE text;")])
        {
            Schema = [new("dump.sql", "CREATE TABLE t (a varchar(10));\nCREATE TABEL u (a int);\nCREATE TABLE v (a int);")],
        });
        Assert.Empty(result.Files[0].Findings.Where(finding => !finding.IsRemark));
        Assert.Contains(result.Notes!, note => note.Contains("dump.sql, line 2 (syntax error at or near \"TABEL\")", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_schema_of_which_nothing_parses_is_refused() =>
        await Assert.ThrowsAsync<SkillInputException>(() => ReviewAsync("SELECT 1;", "this is no SQL"));

    [Fact]
    public void The_model_knows_bounds_triggers_policies_sequences_and_rights()
    {
        var model = SchemaModel.Empty.Apply(SqlParser.Parse(Rich + """

            CREATE TABLE log (id int GENERATED ALWAYS AS IDENTITY, at date) PARTITION BY RANGE (at);
            CREATE TABLE log_1 PARTITION OF log FOR VALUES FROM ('2024-01-01') TO ('2024-02-01');
            ALTER TABLE docs DISABLE TRIGGER touch;
            """));
        Assert.Equal("2024-01-01", model.Table(new("public", "log_1"))!.Bound!.Lower.Single());
        Assert.False(model.Table(new(null, "docs"))!.Triggers.Single().IsEnabled);
        Assert.Equal("all", model.Table(new(null, "docs"))!.Policies.Single().Command);
        Assert.Equal("id", model.Sequence(new(null, "log_id_seq"))!.OwnedBy!.Column);
        Assert.Equal("integer; text", string.Join("; ", model.Function(new(null, "two"))!.Signatures));
        Assert.True(model.IsGranted(Sql.Statements.ObjectKind.Table, new(null, "docs"), SchemaModel.Public, "select"));
        Assert.Null(model.Apply(SqlParser.Parse("DROP TABLE log;")).Sequence(new(null, "log_id_seq")));
    }

    /// <summary>What a rule asks where it does not know the schema, and what the schema makes of the question.</summary>
    [Theory]
    [InlineData("set-not-null-scan", "ALTER TABLE t ALTER a SET NOT NULL;", "CREATE TABLE t (a int);", true)]
    [InlineData("set-not-null-scan", "ALTER TABLE t ALTER a SET NOT NULL;", "CREATE TABLE t (a int CHECK (a IS NOT NULL));", false)]
    [InlineData("column-type-rewrite", "ALTER TABLE t ALTER a TYPE bigint;", "CREATE TABLE t (a int);", true)]
    [InlineData("column-type-rewrite", "ALTER TABLE t ALTER a TYPE text;", "CREATE TABLE t (a varchar(9));", false)]
    [InlineData("attach-partition-scan", "ALTER TABLE p ATTACH PARTITION t FOR VALUES FROM (1) TO (2);", "CREATE TABLE p (a int) PARTITION BY RANGE (a); CREATE TABLE t (a int);", true)]
    [InlineData("attach-partition-scan", "ALTER TABLE p ATTACH PARTITION t FOR VALUES FROM (1) TO (2);", "CREATE TABLE p (a int) PARTITION BY RANGE (a); CREATE TABLE t (a int NOT NULL CHECK (a >= 1 AND a < 2));", false)]
    [InlineData("constrained-domain-add-rewrite", "ALTER TABLE t ADD b zip;", "CREATE DOMAIN zip AS text CHECK (VALUE <> ''); CREATE TABLE t (a int);", true)]
    [InlineData("constrained-domain-add-rewrite", "ALTER TABLE t ADD b zip;", "CREATE TYPE zip AS ENUM ('a'); CREATE TABLE t (a int);", false)]
    [InlineData("pk-implicit-not-null-scan", "ALTER TABLE t ADD PRIMARY KEY USING INDEX i;", "CREATE TABLE t (a int); CREATE UNIQUE INDEX i ON t (a);", true)]
    [InlineData("pk-implicit-not-null-scan", "ALTER TABLE t ADD PRIMARY KEY USING INDEX i;", "CREATE TABLE t (a int NOT NULL); CREATE UNIQUE INDEX i ON t (a);", false)]
    [InlineData("rls-enabled-no-policy", "ALTER TABLE t ENABLE ROW LEVEL SECURITY;", "CREATE TABLE t (a int);", true)]
    [InlineData("rls-enabled-no-policy", "ALTER TABLE t ENABLE ROW LEVEL SECURITY;", "CREATE TABLE t (a int); CREATE POLICY p ON t USING (a > 0);", false)]
    [InlineData("rls-policy-without-enable", "CREATE POLICY p ON t USING (a > 0);", "CREATE TABLE t (a int);", true)]
    [InlineData("rls-policy-without-enable", "CREATE POLICY p ON t USING (a > 0);", "CREATE TABLE t (a int); ALTER TABLE t ENABLE ROW LEVEL SECURITY;", false)]
    [InlineData("volatile-default-rewrite", "ALTER TABLE t ADD b text DEFAULT code();", "CREATE TABLE t (a int); CREATE FUNCTION code() RETURNS text VOLATILE LANGUAGE sql AS $$ SELECT 'x' $$;", true)]
    [InlineData("volatile-default-rewrite", "ALTER TABLE t ADD b text DEFAULT code();", "CREATE TABLE t (a int); CREATE FUNCTION code() RETURNS text STABLE LANGUAGE sql AS $$ SELECT 'x' $$;", false)]
    public async Task What_is_not_known_is_a_question_of_lower_severity_that_the_schema_answers(string rule, string sql, string schema, bool isHazard)
    {
        var question = Assert.Single((await ReviewAsync(sql, schema: null)).Findings, finding => finding.Rule == rule);
        Assert.True(question.Severity < Severity.Error);
        Assert.Contains("?", question.Message, StringComparison.Ordinal);
        var answer = (await ReviewAsync(sql, schema)).Findings.Where(finding => finding.Rule == rule).ToList();
        Assert.Equal(isHazard ? [Severity.Error] : [], answer.Select(finding => finding.Severity));
    }

    [Theory]
    [InlineData("ALTER TABLE t ADD CONSTRAINT c CHECK (a IS NOT NULL) NOT VALID; ALTER TABLE t VALIDATE CONSTRAINT c; ALTER TABLE t ALTER a SET NOT NULL;", false)]
    [InlineData("ALTER TABLE t ADD CONSTRAINT c CHECK (a IS NOT NULL) NOT VALID; ALTER TABLE t ALTER a SET NOT NULL;", true)]
    [InlineData("ALTER TABLE t ADD CONSTRAINT c CHECK (b IS NOT NULL); ALTER TABLE t ALTER a SET NOT NULL;", true)]
    public async Task What_the_file_itself_proves_is_not_asked(string sql, bool isAsked) =>
        Assert.Equal(isAsked, (await RulesOfAsync(sql, schema: null)).Contains("set-not-null-scan"));
}
