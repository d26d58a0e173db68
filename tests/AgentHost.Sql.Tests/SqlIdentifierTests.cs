using AgentHost.Sql.Statements;

namespace AgentHost.Sql.Tests;

public sealed class SqlIdentifierTests
{
    [Theory]
    [InlineData("users", "users")]
    [InlineData("_a1", "_a1")]
    [InlineData("1a", "\"1a\"")]
    [InlineData("Users", "\"Users\"")]
    [InlineData("order", "\"order\"")]
    [InlineData("between", "\"between\"")]
    [InlineData("left", "\"left\"")]
    [InlineData("name", "name")]
    [InlineData("a b", "\"a b\"")]
    [InlineData("a\"b", "\"a\"\"b\"")]
    [InlineData("ключ", "\"ключ\"")]
    [InlineData("a$b", "\"a$b\"")]
    public void A_name_is_quoted_only_where_it_must_be(string name, string quoted) => Assert.Equal(quoted, SqlIdentifier.Quote(name));

    [Fact]
    public void Both_parts_of_a_qualified_name_are_quoted() =>
        Assert.Equal("\"user\".\"Order Items\"", SqlIdentifier.Quote(new QualifiedName("user", "Order Items")));

    [Theory]
    [InlineData("")]
    [InlineData("a\0b")]
    public void What_cannot_be_a_name_is_refused(string name) => Assert.Throws<ArgumentException>(() => SqlIdentifier.Quote(name));

    [Theory]
    [InlineData("select")]
    [InlineData("a\"; DROP TABLE b; --")]
    [InlineData("Ünïcode 🐘\n")]
    [InlineData("interval")]
    [InlineData("authorization")]
    public void The_parser_reads_a_quoted_name_back_as_it_was(string name)
    {
        var drop = Assert.IsType<DropObjects>(Assert.Single(SqlParser.Parse($"DROP TABLE {SqlIdentifier.Quote(new QualifiedName(name, name))}").Statements));
        Assert.Equal(new QualifiedName(name, name), Assert.Single(drop.Names));
    }
}
