using AgentHost.Sql.Routines;
using AgentHost.Sql.Statements;
using FsCheck;
using FsCheck.Fluent;

namespace AgentHost.Sql.Tests.Routines;

/// <summary>The real parser on the bodies of DO blocks and functions.</summary>
public sealed class EmbeddedCodeTests
{
    private static RoutineBody Body(string sql)
    {
        var script = SqlParser.Parse(sql);
        return EmbeddedCode.Read(script).BodyOf(script.Statements[^1])!;
    }

    private static IEnumerable<RoutineStep> Flat(IEnumerable<RoutineStep> steps) => steps.SelectMany(step => step switch
    {
        LoopStep loop => Flat(loop.Body).Prepend(loop),
        BranchStep branch => branch.Arms.SelectMany(arm => Flat(arm)).Prepend(branch),
        _ => [step],
    });

    private static string Reason(string sql) => Assert.IsType<UnseenStep>(Assert.Single(Body(sql).Steps)).Reason;

    [Fact]
    public void Steps_come_in_source_order_with_loops_branches_and_handlers()
    {
        var body = Body("""
            DO $$
            DECLARE n integer; t orders.id%TYPE; r orders%ROWTYPE; odd my.odd_type;
            BEGIN
                LOOP
                    UPDATE a SET x = 1; -- DELETE FROM a
                    COMMIT;
                    EXIT WHEN n = 0;
                END LOOP;
                IF n > 3 THEN INSERT INTO b VALUES (1); ELSIF n > 4 THEN PERFORM f(); ELSE CALL p(); END IF;
                FOR r IN SELECT * FROM c LOOP DELETE FROM a; END LOOP;
                SELECT count(*)
                  INTO n
                  FROM d;
            EXCEPTION WHEN others THEN ROLLBACK; TRUNCATE e;
            END $$
            """);
        Assert.Equal(
            [
                "LoopStep 4", "RowStatement 5", "TransactionEndStep 6", "BranchStep 9", "RowStatement 9", "RowStatement 9", "Call 9",
                "RowStatement 10", "LoopStep 10", "RowStatement 10", "RowStatement 11", "BranchStep 14", "TransactionEndStep 14", "Truncate 14",
            ],
            Flat(body.Steps).Select(step => $"{(step is StatementStep inside ? inside.Statement : (object)step).GetType().Name} {(step is BranchStep { Keyword: "EXCEPTION" } ? 14 : step.Span.Line)}"));
        Assert.True(body.EndsTransactions);
    }

    [Theory]
    [InlineData("DO $$ BEGIN\r\n  DROP TABLE ü; END $$", 2, 3)]
    [InlineData("SELECT 1; DO $q$BEGIN DROP TABLE a; END$q$", 1, 23)]
    [InlineData("DO 'BEGIN\nEXECUTE ''DROP TABLE a''; END'", 2, 11)]
    [InlineData("CREATE FUNCTION f(a text DEFAULT 'x') RETURNS void AS $$BEGIN\n\n   DROP TABLE a; END$$ LANGUAGE plpgsql", 3, 4)]
    [InlineData("CREATE FUNCTION f() RETURNS void LANGUAGE sql AS '\n DROP TABLE a'", 2, 2)]
    [InlineData("CREATE FUNCTION f() RETURNS TABLE (n int) LANGUAGE plpgsql AS $$BEGIN RETURN QUERY DELETE FROM a RETURNING 1; END$$", 1, 84)]
    public void A_statement_inside_has_its_true_place(string sql, int line, int column)
    {
        var span = Assert.Single(Flat(Body(sql).Steps).OfType<StatementStep>()).Statement.Span;
        Assert.Equal((line, column), (span.Line, span.Column));
    }

    [Theory]
    [InlineData("id = r.id AND note = 'x'", "id = $1")]
    [InlineData("id > lo AND id <= lo + 1000", "id > $1, id <= $1")]
    [InlineData("id BETWEEN lo AND hi", "id >= $1, id <= $1")]
    public void Variables_in_a_condition_are_values(string where, string comparisons)
    {
        var row = (RowStatement)Assert.Single(Flat(Body($"DO $$ DECLARE r record; lo int; hi int; BEGIN DELETE FROM t WHERE {where}; END $$").Steps).OfType<StatementStep>()).Statement;
        Assert.Equal(
            comparisons.Split(", "),
            row.Where!.Comparisons.Where(comparison => comparison.Column == "id").Select(comparison => $"{comparison.Column} {comparison.Operator} {comparison.Values[0]}")
                .OrderByDescending(text => text, StringComparer.Ordinal));
    }

    [Theory]
    [InlineData("DO $$ BEGIN EXECUTE 'DROP TABLE ' || x; END $$")]
    [InlineData("DO $$ BEGIN EXECUTE format('DROP TABLE %I', x); END $$")]
    [InlineData("DO $$ BEGIN EXECUTE format('DROP TABLE %1$I', 'x'); END $$")]
    [InlineData("DO $$ BEGIN EXECUTE format('DROP TABLE %I'); END $$")]
    [InlineData("DO $$ BEGIN EXECUTE 'DROP TABLE ' | 'x'; END $$")]
    [InlineData("DO $$ DECLARE r record; BEGIN FOR r IN EXECUTE lower('SELECT 1') LOOP NULL; END LOOP; END $$")]
    public void Computed_text_is_unseen(string sql) =>
        Assert.Contains(Flat(Body(sql).Steps), step => step is UnseenStep { Reason: "EXECUTE of computed text" });

    [Theory]
    [InlineData("format('SELECT %L, %s FROM %I -- %%', 'it''s', 'a', 'B c')", "SELECT 'it''s', a FROM \"B c\"")]
    [InlineData("'SELECT a' || ' FROM b'", "SELECT a FROM b")]
    [InlineData("'SELECT a'\n || ' FROM b;'", "SELECT a \n      FROM b")]
    [InlineData("'SELECT ' || quote_literal('a')", "SELECT 'a'")]
    public void Constant_text_is_put_together(string expression, string sql)
    {
        var script = SqlParser.Parse($"DO $$ BEGIN EXECUTE {expression};\n PERFORM 1; END $$");
        var code = EmbeddedCode.Read(script);
        var steps = code.BodyOf(script.Statements[0])!.Steps;
        Assert.Equal(2, steps.Length);
        Assert.Equal(
            sql.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries),
            code.Script.TextOf(((StatementStep)steps[0]).Statement).Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));
    }

    [Theory]
    [InlineData("DO $$ BEGIN EXECUTE 'DROP TABEL x'; DROP TABLE y; END $$", "PostgreSQL refuses")]
    [InlineData("DO $$ BEGIN EXECUTE 'SELECT ''a'; PERFORM 1; EXECUTE 'SELECT ''b'; END $$", "")]
    public void A_constant_text_that_is_no_statement_is_unseen(string sql, string reason) =>
        Assert.Contains(Flat(Body(sql).Steps), step => step is UnseenStep unseen && unseen.Reason.Contains(reason, StringComparison.Ordinal));

    [Theory]
    [InlineData("DO LANGUAGE plpgsql", "no string")]
    [InlineData("DO ''", "no string")]
    [InlineData("CREATE FUNCTION f() RETURNS int LANGUAGE plpgsql", "no string")]
    [InlineData("CREATE FUNCTION f() RETURNS int LANGUAGE sql BEGIN ATOMIC SELECT 1; END", "no string")]
    [InlineData("DO E'BEGIN\\n DROP TABLE a; END'", "escapes")]
    [InlineData("DO LANGUAGE plperl 'x'", "plperl")]
    [InlineData("DO $$ BEGIN x := 1; END $$", "not a known variable")]
    [InlineData("DO $$ BEGIN $$", "refuses")]
    [InlineData("DO $$ BEGIN PERFORM 'a; END $$", "refuses")]
    public void What_cannot_be_read_says_why(string sql, string reason) => Assert.Contains(reason, Reason(sql), StringComparison.Ordinal);

    [Theory]
    [InlineData("BEGIN ", 100_000, "")]
    [InlineData("BEGIN ", 3_000, "END; ")]
    [InlineData("IF a THEN ", 3_000, "END IF; ")]
    [InlineData("LOOP ", 2_000, "END LOOP; ")]
    [InlineData("BEGIN PERFORM 1; EXCEPTION WHEN others THEN ", 1_500, "END; ")]
    [InlineData("PERFORM ((((((((1)))))))); ", 40_000, "")]
    public void A_hostile_body_is_refused(string open, int times, string close)
    {
        string Repeat(string text) => string.Concat(Enumerable.Repeat(text, times));
        Assert.NotEmpty(Reason($"DO $$ BEGIN {Repeat(open)} NULL; {Repeat(close)} END $$"));
    }

    [Fact]
    public void Code_in_code_in_code_is_read_to_a_bound()
    {
        var sql = "DROP TABLE a";
        for (var i = 0; i < 12; i++) sql = $"DO $q{i}$ BEGIN {sql}; END $q{i}$";
        var script = SqlParser.Parse(sql);
        var code = EmbeddedCode.Read(script);
        var statement = script.Statements[0];
        var depth = 0;
        while (code.BodyOf(statement)!.Steps is [StatementStep inside]) (statement, depth) = (inside.Statement, depth + 1);
        Assert.InRange(depth, 3, 11);
        Assert.IsType<UnseenStep>(Assert.Single(code.BodyOf(statement)!.Steps));
    }

    [Fact]
    public void No_body_ends_the_process()
    {
        var words = Gen.Elements(
            "BEGIN", "END;", "END", "IF x THEN", "ELSE", "END IF;", "LOOP", "END LOOP;", "x := 1;", "EXECUTE 'DROP TABLE a';", "EXECUTE ''''", "EXECUTE format('DROP TABLE %I%L', 'a', '''')", "|| 'a'", "|| quote_ident('a\n')", "FOR r IN SELECT 1", "FOR x IN 1..2",
            "DECLARE", "x int;", "r record;", "PERFORM f();", "UPDATE t SET a = x", "INTO", "EXCEPTION WHEN others THEN", "CASE x WHEN 1 THEN", "RETURN;", "<<l>>", "$1", "''", "\"", "\n", "--", "/*",
            "COMMIT;", "SELECT 1 INTO x;", "€𝄞", ";", "DO $x$BEGIN NULL; END$x$;", "OPEN c FOR SELECT 1;", "RAISE 'a %', x;", "'", "E'\\'", "%TYPE", "#variable_conflict error");
        var bodies = words.ArrayOf().Select(some => string.Join(' ', some));
        Prop.ForAll(Arb.From(bodies), Arb.From(Gen.Elements(
            "DO $b$ {0} $b$", "DO $b$ DECLARE x int; r record; BEGIN {0} END $b$", "CREATE FUNCTION f(x int, OUT y text) LANGUAGE plpgsql AS $b$ BEGIN {0} END $b$",
            "CREATE FUNCTION f() RETURNS trigger LANGUAGE plpgsql AS $b$ {0} $b$", "CREATE FUNCTION f() RETURNS void LANGUAGE sql AS $b$ {0} $b$")),
            (body, frame) =>
            {
                var script = SqlParser.Parse(frame.Replace("{0}", body, StringComparison.Ordinal));
                var read = EmbeddedCode.Read(script).BodyOf(script.Statements[0]);
                return read is not null && Flat(read.Steps).All(step => step.Span.Start >= 0 && step.Span.End <= script.Text.Length);
            }).Check(Config.QuickThrowOnFailure.WithMaxTest(1_000));
    }
}
