using AgentHost.Skills.ReviewMigration;
using AgentHost.Sql;
using FsCheck;
using FsCheck.Fluent;

namespace AgentHost.Skills.Tests.ReviewMigration;

public sealed class SourceExcerptTests
{
    [Fact]
    public void The_clause_is_marked_below_its_line()
    {
        const string Text = "BEGIN;\nALTER TABLE t ADD a int, ALTER b SET NOT NULL;\nCOMMIT;\n";
        Assert.Equal(("    2 | ALTER TABLE t ADD a int, ALTER b SET NOT NULL;", "      |                          ^^^^^^^^^^^^^^^^^^^^"), Excerpt(Text, "ALTER b SET NOT NULL"));
    }

    [Fact]
    public void A_clause_of_several_lines_is_marked_to_the_end_of_its_first()
    {
        const string Text = "CREATE INDEX i\n  ON t (a)";
        Assert.Equal("      | ^^^^^^^^^^^^^^", Excerpt(Text, Text).Carets);
    }

    [Theory]
    [InlineData("ALTER TABLE \"注文\" ADD x int", "ADD", 27)] // two columns a character
    [InlineData("\tALTER TABLE t ADD x int", "ADD", 26)]
    [InlineData("ALTER TABLE \"e\u0301\" ADD x int", "ADD", 24)]
    public void Carets_stand_below_what_a_terminal_shows_there(string text, string clause, int column) =>
        Assert.Equal(column, Excerpt(text, clause).Carets.IndexOf('^', StringComparison.Ordinal));

    [Fact]
    public void Of_a_long_line_the_part_around_the_clause_is_shown()
    {
        string text = new string('x', 500) + " ADD y int " + new string('z', 500);
        var (line, carets) = Excerpt(text, "ADD y int", 80);
        Assert.True(line.Length <= 80);
        int at = carets.IndexOf('^', StringComparison.Ordinal);
        Assert.Equal("ADD y int", line.Substring(at, 9));
    }

    [Fact]
    public void A_control_character_does_not_reach_the_terminal() =>
        Assert.DoesNotContain('\u001b', Excerpt("SELECT '\u001b[2J', 1", "1").Line);

    [Fact]
    public void Any_text_and_place_make_a_line_and_carets() => Prop.ForAll(
        ArbMap.Default.ArbFor<string?>(), Gen.Choose(0, 10_000).Two().ToArbitrary(), Gen.Choose(40, 160).ToArbitrary(),
        (text, place, width) =>
        {
            text ??= "";
            int start = place.Item1 % (text.Length + 1);
            var (line, carets) = SourceExcerpt.Of(text, new SourceSpan(start, place.Item2 % (text.Length - start + 1), 1, 1), width);
            Assert.DoesNotContain('\n', line);
            Assert.Contains('^', carets);
        }).QuickCheckThrowOnFailure();

    private static (string Line, string Carets) Excerpt(string text, string clause, int width = 110)
    {
        int at = text.IndexOf(clause, StringComparison.Ordinal);
        int line = text.AsSpan(0, at).Count('\n') + 1;
        return SourceExcerpt.Of(text, new SourceSpan(at, clause.Length, line, 1), width);
    }
}
