using AgentHost.Skills.ReviewMigration;

namespace AgentHost.Skills.Tests.ReviewMigration;

/// <summary>Which files of a folder are migrations, and in which order.</summary>
public sealed class FolderTests
{
    [Theory]
    [InlineData("1_a.sql 2_b.sql 10_c.sql")]
    [InlineData("V1__a.sql V1.1__b.sql V2__c.sql V10__d.sql R__views.sql afterMigrate.sql")]
    [InlineData("V1_2__a.sql V1.10__b.sql")]
    [InlineData("old/V1__a.sql V2__b.sql new/V3__c.sql")]
    [InlineData("20240101000000_init/migration.sql 20240202000000_more/migration.sql 20250101000000_last/migration.sql")]
    [InlineData("0001_a.sql 0002_b/1.sql 0002_b/2.sql 0003_c.sql")]
    [InlineData("000001_a.up.sql 000002_b.up.sql")]
    [InlineData("007_a.sql 8_b.sql 0009_c.sql")]
    public void Files_come_in_the_order_of_their_runner(string inOrder)
    {
        string[] files = inOrder.Split(' ');
        Assert.Equal(files, MigrationFolder.Order(files.Reverse()));
        Assert.Equal(files, MigrationFolder.Order(files.Order(StringComparer.Ordinal)));
    }

    [Theory]
    [InlineData("0001_init.down.sql")]
    [InlineData("m/1_init.undo.sql")]
    [InlineData("m/U1__init.sql")]
    [InlineData("U1.2__init.sql")]
    [InlineData("2024_users/down.sql")]
    [InlineData("m/1-init-down.sql m/1-init-up.sql")]
    public void A_file_that_undoes_another_is_told(string files) =>
        Assert.Equal([files.Split(' ')[0]], MigrationFolder.Downs(files.Split(' ')));

    [Theory]
    [InlineData("0005_shut_down.sql")]
    [InlineData("User__a.sql 1-up.sql breakdown.sql")]
    public void A_name_that_only_looks_like_it_is_not(string files) => Assert.Empty(MigrationFolder.Downs(files.Split(' ')));

    [Fact]
    public async Task Down_files_of_a_folder_are_passed_over_with_a_note_and_reviewed_where_given_alone()
    {
        MigrationSource up = new("m/1.up.sql", "CREATE TABLE t (id bigint PRIMARY KEY);"), down = new("m/1.down.sql", "DROP TABLE t;");
        var result = await ReviewMigrationEngine.RunAsync(new ReviewRequest([down, up]) { InOrder = true });
        Assert.Equal("m/1.up.sql", Assert.Single(result.Files).Path);
        Assert.Contains("1.down.sql", Assert.Single(result.Notes!), StringComparison.Ordinal);
        Assert.Contains("note: 1 file undoes another", ReviewText.Render(result), StringComparison.Ordinal);
        Assert.Equal(Verdict.Unsafe, (await ReviewMigrationEngine.RunAsync(new ReviewRequest([down]))).Files[0].Verdict);
    }
}
