using AgentHost.Sql.Statements;
using FsCheck;
using FsCheck.Fluent;

namespace AgentHost.Sql.Tests;

/// <summary>No text ends the process: these tests run where the parser runs.</summary>
public sealed class RobustnessTests
{
    private static string Repeat(string text, int times) => string.Concat(Enumerable.Repeat(text, times));

    public static TheoryData<string, string, int, string, string> Deep => new()
    {
        { "SELECT 1", "+1", 200_000, "", "" },
        { "SELECT ", "(", 500_000, "1", ")" },
        { "", "(", 1_000_000, "", "" },
        { "SELECT ", "CASE WHEN ", 50_000, "1", " THEN 1 END" },
        { "SELECT ", "ARRAY[", 100_000, "1", "]" },
        { "SELECT ", "(SELECT ", 100_000, "1", ")" },
        { "SELECT ", "NOT ", 300_000, "true", "" },
        { "SELECT 1", "::int", 200_000, "", "" },
        { "SELECT 1", " UNION SELECT 1", 100_000, "", "" },
        { "SELECT 1 FROM a", " JOIN b ON true", 100_000, "", "" },
        { "ALTER TABLE t ADD CHECK (1", "+a", 100_000, " > 0)", "" },
        { "CREATE INDEX ON t (a) WHERE b", " || b", 100_000, "", "" },
    };

    [Theory]
    [MemberData(nameof(Deep))]
    public void Deep_nesting_is_refused(string before, string open, int times, string middle, string close)
    {
        var error = Assert.Throws<SqlInputException>(() => SqlParser.Parse(before + Repeat(open, times) + middle + Repeat(close, times)));
        Assert.Matches("nests too deeply|tokens", error.Message);
        Assert.InRange(error.Message.Length, 1, 300);
    }

    [Fact]
    public void The_statement_that_nests_too_deeply_is_named()
    {
        var error = Assert.Throws<SqlInputException>(() => SqlParser.Parse($";SELECT ';';\n  SELECT 1{Repeat("+1", 5_000)};\nSELECT 2"));
        Assert.Equal((2, 3), (error.Span.Line, error.Span.Column));
    }

    [Theory]
    [InlineData("SELECT a", " AND a", 100_000)]
    [InlineData("INSERT INTO t VALUES (1)", ",(1)", 100_000)]
    [InlineData("SELECT 1", "+1", 900)]
    [InlineData("SELECT 1", " UNION ALL SELECT 1", 1_900)]
    [InlineData("CREATE TABLE t (a int", " CHECK (a > 1)", 10_000)]
    public void Long_but_flat_statements_are_read(string before, string repeated, int times) =>
        Assert.Single(SqlParser.Parse(before + Repeat(repeated, times) + (before.StartsWith("CREATE", StringComparison.Ordinal) ? ")" : "")).Statements);

    [Theory]
    [InlineData(50_000_000)]
    [InlineData(SqlParser.MaxLength + 1)]
    public void A_text_that_is_too_long_is_refused(int length) =>
        Assert.Contains("at most", Assert.Throws<SqlInputException>(() => SqlParser.Parse(new string(' ', length))).Message, StringComparison.Ordinal);

    [Fact]
    public void The_longest_text_is_read()
    {
        var text = "SELECT '" + new string('é', SqlParser.MaxLength - 9) + "'";
        Assert.Equal(text.Length, SqlParser.Parse(text).Statements[0].Span.Length);
    }

    [Theory]
    [InlineData("SELECT 1;\nSELECT '", '\0', 2, 9, "NUL")]
    [InlineData("SELECT '", '\ud800', 1, 9, "surrogate")]
    [InlineData("SELECT 'x\n", '\udc00', 2, 1, "surrogate")]
    public void What_is_no_text_is_refused_with_its_place(string before, char culprit, int line, int column, string reason)
    {
        var error = Assert.Throws<SqlInputException>(() => SqlParser.Parse(before + culprit + "'"));
        Assert.Equal((line, column), (error.Span.Line, error.Span.Column));
        Assert.Contains(reason, error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("/*")]
    [InlineData("SELECT 1 /* /* */")]
    [InlineData("SELECT 'a")]
    [InlineData("SELECT \"a")]
    [InlineData("SELECT $a$ b")]
    [InlineData("SELECT E'\\")]
    [InlineData("\\")]
    [InlineData("SELECT 1 \\ 2")]
    public void What_is_not_ended_is_a_syntax_error(string sql) => Assert.Throws<SqlSyntaxException>(() => SqlParser.Parse(sql));

    [Fact]
    public void Comments_in_comments_cost_no_more_than_others()
    {
        Assert.Throws<SqlSyntaxException>(() => SqlParser.Parse(Repeat("/*", 4_000_000)));
        Assert.Single(SqlParser.Parse(Repeat("/*", 1_000_000) + Repeat("*/", 1_000_000) + "SELECT 1").Statements);
    }

    [Fact]
    public void A_message_stays_short_however_much_PostgreSQL_quotes() =>
        Assert.InRange(Assert.Throws<SqlSyntaxException>(() => SqlParser.Parse("SELECT '" + new string('a', 1_000_000))).Message.Length, 20, 300);

    [Fact]
    public void Parsing_on_many_threads_at_once_is_safe()
    {
        var sql = $"ALTER TABLE t ADD COLUMN a int DEFAULT 1, ADD CHECK (a IN (1{Repeat(",1", 300)}))";
        Parallel.For(0, 400, i => Assert.Equal(2, Assert.IsType<AlterTable>(SqlParser.Parse(i % 2 == 0 ? sql : sql[..40] + ", DROP b").Statements[0]).Actions.Length));
    }

    [Fact]
    public void Any_string_is_read_or_refused() => Check.One(
        Config.QuickThrowOnFailure.WithMaxTest(500),
        Prop.ForAll(ArbMap.Default.ArbFor<string>(), text => IsReadOrRefused(text ?? "")));

    private static readonly string[] Fragments =
    [
        "SELECT ", "CREATE TABLE t (", "a int", " DEFAULT ", "NOT NULL", "CHECK (", ")", "(", ",", ";", "'", "\"", "$$", "$1", "/*", "*/", "--", "\n", "\\", "\\.\n",
        "COPY t FROM stdin;", "ALTER TABLE t ", "ADD COLUMN ", "[", "]", "::", "E'\\'", "U&'\\00e9'", "é", "🐘", "\0", "\ud83d", "CREATE INDEX ON t ", "USING ", "WHERE ", "1e5", ".5",
        "0x", "WITH a AS ", "SET x TO ", "REFERENCES u", " GENERATED ALWAYS AS ", " STORED", "COLLATE \"C\"", "DROP TABLE a.b.c.d", "RENAME TO ", "\uFEFF", "\r\n", "TYPE ", "PRIMARY KEY ",
    ];

    [Fact]
    public void Any_mixture_of_fragments_is_read_or_refused() => Check.One(
        Config.QuickThrowOnFailure.WithMaxTest(3_000),
        Prop.ForAll(Arb.From(Gen.Elements(Fragments).ListOf().Select(string.Concat)), IsReadOrRefused));

    private static bool IsReadOrRefused(string text)
    {
        try
        {
            var script = SqlParser.Parse(text);
            SchemaModel.Empty.Apply(script);
            return script.Statements.All(s => script.TextOf(s).Trim().Length == s.Span.Length);
        }
        catch (SqlInputException e)
        {
            return e.Span.Line >= 1 && e.Span.Column >= 1;
        }
    }
}
