using AgentHost.Skills.ReviewMigration;

namespace AgentHost.Skills.Tests.ReviewMigration;

public sealed class InlineIgnoreTests
{
    [Fact]
    public async Task A_reason_beside_a_statement_waives_the_finding_there_and_only_there()
    {
        var reviewed = await Reviewing.ReviewAsync("""
            SET lock_timeout = '2s';
            -- agenthost:ignore index-not-concurrent: the table is empty until the launch
            CREATE INDEX a ON orders (qty);
            CREATE INDEX b ON orders (note);
            """);
        Assert.Equal(["line 2: the table is empty until the launch", null], reviewed.Findings.Select(finding => finding.WaivedBy));
        Assert.Equal(Verdict.Unsafe, reviewed.Verdict);
    }

    [Fact]
    public async Task A_word_on_the_file_waives_all_of_it()
    {
        var reviewed = await Reviewing.ReviewAsync("""
            -- agenthost:ignore-file index-not-concurrent, missing-lock-timeout — nobody is connected while this runs
            CREATE INDEX a ON orders (qty);
            CREATE INDEX b ON orders (note);
            """);
        Assert.Equal(Verdict.Safe, reviewed.Verdict);
        Assert.All(reviewed.Findings, finding => Assert.Equal("line 1: nobody is connected while this runs", finding.WaivedBy));
    }

    [Fact]
    public async Task Without_a_reason_or_with_an_unknown_rule_nothing_is_waived_and_the_author_is_told()
    {
        var reviewed = await Reviewing.ReviewAsync("""
            -- agenthost:ignore index-not-concurrent
            -- agenthost:ignore index-not-concurent it is fine
            SET lock_timeout = '2s'; CREATE INDEX a ON orders (qty);
            """);
        Assert.Null(reviewed.Findings.Single().WaivedBy);
        Assert.Contains("Line 1", reviewed.Notes![0], StringComparison.Ordinal);
        Assert.Contains("'index-not-concurent'", reviewed.Notes[1], StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_stands_in_a_string_is_no_word_of_the_author() =>
        Assert.Null((await Reviewing.ReviewAsync("SET lock_timeout = '2s'; SELECT '-- agenthost:ignore drop-table x'; DROP TABLE orders;")).Findings.Single(finding => finding.Rule == "drop-table").WaivedBy);

    [Fact]
    public async Task What_PostgreSQL_refuses_cannot_be_ignored() =>
        Assert.Equal(Verdict.Unsafe, (await Reviewing.ReviewAsync("-- agenthost:ignore-file invalid-sql it works on my machine\nSELEC 1;")).Verdict);
}
