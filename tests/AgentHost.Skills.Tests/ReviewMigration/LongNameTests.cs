namespace AgentHost.Skills.Tests.ReviewMigration;

public sealed class LongNameTests
{
    [Theory]
    [InlineData("名前名前名前名前名前名前名前名前名前名前名前名")] // 23 characters, 69 bytes
    [InlineData("a_name_that_goes_on_for_more_than_sixty_three_bytes_is_cut_by_postgresql")]
    [InlineData("a😀😀😀😀😀😀😀😀😀😀😀😀😀😀😀😀😀😀😀😀😀😀😀😀😀😀")]
    public async Task A_name_beyond_63_bytes_is_told_whatever_its_letters(string name)
    {
        Assert.Contains("identifier-truncated", await Reviewing.RulesOfAsync($"CREATE TABLE \"{name}\" (id bigint PRIMARY KEY);"));
        Assert.Contains("identifier-truncated", await Reviewing.RulesOfAsync($"CREATE TABLE t (id bigint PRIMARY KEY, \"{name}\" text);"));
    }

    [Fact]
    public async Task A_long_string_or_comment_is_no_name() =>
        Assert.DoesNotContain("identifier-truncated", await Reviewing.RulesOfAsync($"INSERT INTO orders (note) VALUES ('{new string('x', 2_000_000)}'' {new string('y', 100)}'); -- {new string('z', 100)}"));
}
