using AgentHost.Knowledge.Memory;
using AgentHost.Skills.ReviewMigration;

namespace AgentHost.Skills.Tests.ReviewMigration;

/// <summary>What a decision in the project's memory can accept, and what the answer says about it.</summary>
public sealed class WaiverTests : IDisposable
{
    private readonly string folder = Directory.CreateTempSubdirectory("agenthost-waivers").FullName;

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [Theory]
    [InlineData("DROP TABLE orders; selec", "invalid-sql")]
    [InlineData("BEGIN; CREATE INDEX CONCURRENTLY ON orders (note); COMMIT;", "nontransactional-in-transaction")]
    public async Task A_fact_is_not_waived_and_the_answer_says_so(string sql, string rule)
    {
        var file = await ReviewAsync(sql, rule);
        Assert.Null(file.Findings.Single(finding => finding.Rule == rule).WaivedBy);
        Assert.Equal(Verdict.Unsafe, file.Verdict);
        Assert.Contains("no decision changes it", file.Notes!.Single(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_waiver_of_a_rule_that_does_not_exist_is_named() =>
        Assert.Contains("waives nope-rule, which is no rule", (await ReviewAsync("SELECT 1;", "nope-rule")).Notes!.Single(), StringComparison.Ordinal);

    [Fact]
    public async Task A_waived_finding_says_by_whom_and_when()
    {
        var file = await ReviewAsync("SET lock_timeout = '2s'; DROP TABLE orders;", "drop-table");
        var finding = file.Findings.Single(found => found.Rule == "drop-table");
        Assert.Equal(finding.WaivedBy, finding.Waiver!.Id);
        Assert.Equal(("Ada", "all fine"), (finding.Waiver.By, finding.Waiver.Title));
        Assert.Contains($"(Ada, {finding.Waiver.When:yyyy-MM-dd})", ReviewText.Render(new([file])), StringComparison.Ordinal);
    }

    private async Task<ReviewedFile> ReviewAsync(string sql, string rule)
    {
        var memory = new MemoryJournal(folder);
        await memory.AppendAsync(new NewEntry(MemoryKind.Decision, "all fine", "x") { By = "Ada", Scopes = ["*"], Waives = [rule] });
        var result = await ReviewMigrationEngine.RunAsync(new ReviewRequest([new("m.sql", sql)]) { Memory = memory, Transaction = TransactionMode.Off, Schema = [new("s.sql", Reviewing.Shop)] });
        return result.Files[0];
    }
}
