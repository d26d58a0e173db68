using AgentHost.Sql.Statements;

namespace AgentHost.Sql.Tests;

public class PartialScriptTests
{
    [Theory]
    [InlineData("selec 1;\nDROP TABLE a;", 1, 1)]
    [InlineData("DROP TABLE a;\nselec 1", 2, 1)]
    [InlineData("CREATE TABLE b (x int;\nDROP TABLE a;", 1, 22)]
    [InlineData("UPDATE b SET x = 1 LIMIT 10;\nDROP TABLE a;", 1, 20)]
    [InlineData("CREATE TABLE c (x int));\nDROP TABLE a;", 1, 23)]
    [InlineData("DROP TABLE a; SELECT 'open", 1, 22)]
    [InlineData("DROP TABLE a; CREATE FUNCTION f() RETURNS int LANGUAGE sql AS $$ SELECT 1; $$ BOGUS;", 1, 79)]
    [InlineData("DROP TABLE a;\nALTER TABLE b ADD UNIQUE (x) NOT VALID;", 2, 1)]
    [InlineData("ALTER TABLE b ADD UNIQUE (x) NOT VALID;\nDROP TABLE a;", 1, 1)]
    [InlineData("DROP TABLE a;\n\nALTER TABLE b ADD PRIMARY KEY (x) NOT VALID", 3, 1)]
    public void One_statement_that_is_refused_leaves_the_others(string sql, int line, int column)
    {
        var read = PartialScript.Parse(sql);
        Assert.IsType<DropObjects>(Assert.Single(read.Script.Statements));
        Assert.Equal("DROP TABLE a", read.Script.TextOf(read.Script.Statements[0]));
        var refused = Assert.Single(read.Refused);
        Assert.Equal((line, column), (refused.At.Line, refused.At.Column));
    }

    [Fact]
    public void Several_are_told_in_source_order_and_places_stay_true()
    {
        var read = PartialScript.Parse("-- ä😀\nfoo;\nSELECT 1;\nbar (;\n  SELECT 2;\nbaz");
        Assert.Equal([2, 4, 6], read.Refused.Select(refused => refused.At.Line));
        Assert.Equal([(3, 1), (5, 3)], read.Script.Statements.Select(statement => (statement.Span.Line, statement.Span.Column)));
    }

    [Fact]
    public void A_text_that_is_no_sql_ends_soon() =>
        Assert.Equal(PartialScript.MaxRefused, PartialScript.Parse(string.Concat(Enumerable.Repeat("op.add_column('t', x);\n", 5_000))).Refused.Length);

    [Fact]
    public void What_can_be_read_whole_is_read_as_ever() =>
        Assert.Empty(PartialScript.Parse("SELECT 1; SELECT 2;").Refused);
}
