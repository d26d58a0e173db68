using AgentHost.Postgres.Reach;

namespace AgentHost.Postgres.Tests;

public class CodeWordsTests
{
    [Theory]
    [InlineData("select F(x)", "f")]
    [InlineData("select s . f /* ( */ -- (\n (x)", "f")]
    [InlineData("select \"F\"\"g\"(x)", "F\"g")]
    [InlineData("select 1f(x)", "f")]
    [InlineData("select E'\\'' || f(x)", "f")]
    [InlineData("select E'a' -- c\n '\\'' || f('') || ''", "f")]
    [InlineData("select 'a\\' || f(x)", "f")]
    [InlineData("select $1, $1$a$ f( $a$ || g(x)", "g")]
    [InlineData("select a$b$ || f(x) || c$b$", "f")]
    [InlineData("/* /* */ g( */ select f(x)", "f")]
    [InlineData("select É(x)", "É", "é")]
    [InlineData("select \u00A0f(x)", "\u00A0f")]
    [InlineData("select a12345678901234567890123456789012345678901234567890123456789012345(x)", "a12345678901234567890123456789012345678901234567890123456789012")]
    public void A_call_is_seen_as_the_server_reads_it(string sql, params string[] called) =>
        Assert.Equal(called.Order(StringComparer.Ordinal), CodeWords.Read(sql, isBody: false).Called.Order(StringComparer.Ordinal));

    [Theory]
    [InlineData("select 'f(x)', $$f(x)$$, $a$f(x)$a$, E'\\'f(x)' -- f(x)")]
    [InlineData("/* f(x) */ select 1")]
    public void Strings_and_comments_hold_no_calls(string sql) =>
        Assert.DoesNotContain("f", CodeWords.Read(sql, isBody: false).Names);

    [Theory]
    [InlineData("begin execute 'select 1'; end", "EXECUTE")]
    [InlineData("begin return query execute 'select 1'; end", "EXECUTE")]
    [InlineData("begin if a then copy t to '/x'; end if; end", "COPY")]
    [InlineData("begin <<here>> lock t; end", "LOCK")]
    [InlineData("notify a", "NOTIFY")]
    [InlineData("select u&\"\\0066\"(x)", "Unicode")]
    public void What_a_transaction_does_not_bind_is_told(string body, string why) =>
        Assert.Contains(why, CodeWords.Read(body, isBody: true).Unprovable, StringComparison.Ordinal);

    [Theory]
    [InlineData("select load, copy.lock, 'execute', \"execute\" from copy where lock > 1")]
    [InlineData("declare n int; begin select count(*) into n from jobs; return n; end")]
    public void Columns_of_a_commands_name_are_no_commands(string body) =>
        Assert.Null(CodeWords.Read(body, isBody: true).Unprovable);

    [Theory]
    [InlineData("'")]
    [InlineData("E'\\")]
    [InlineData("\"")]
    [InlineData("$$")]
    [InlineData("$")]
    [InlineData(">")]
    [InlineData("/*")]
    [InlineData("u&")]
    [InlineData("e'a'\n")]
    public void Unfinished_code_is_read_to_its_end(string sql) => Assert.Null(CodeWords.Read(sql, isBody: true).Unprovable);
}
