using AgentHost.Skills.ReviewMigration;
using static AgentHost.Skills.Tests.ReviewMigration.Rewriting;

namespace AgentHost.Skills.Tests.ReviewMigration;

/// <summary>A rewritten migration is clean and ends in the same catalog as the original.</summary>
public sealed class RewriteTests
{
    public static TheoryData<string> Pages => [.. RulePage.Ids];

    [Theory]
    [MemberData(nameof(Pages))]
    public async Task A_bad_example_with_a_complete_fix_is_clean_once_it_is_rewritten_and_ends_in_the_same_catalog(string id)
    {
        var page = RulePage.Read(id);
        foreach (var bad in page.Of("bad"))
        {
            foreach (var mode in (TransactionMode[])[bad.Transaction, TransactionMode.On])
            {
                var file = await RewriteAsync(bad.Sql, page.Schema, mode, bad.Version);
                if (!file.Findings.Any(finding => finding.Rule == id && finding.Fix is { Complete: true }))
                    continue;
                var rewrite = file.Rewrite!;
                Assert.True(rewrite.Fixed.Any(made => made.Rule == id), Shown(rewrite));
                Assert.DoesNotContain(id, await AgainAsync(rewrite, page.Schema, mode, bad.Version));
                if (bad.Runs)
                    Assert.True((await CompareAsync(bad.Sql, rewrite, page.Schema, mode)) is { Holds: not false } verdict, (await CompareAsync(bad.Sql, rewrite, page.Schema, mode)).Text + "\n" + Shown(rewrite));
            }
        }
    }
}
