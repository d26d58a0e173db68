using AgentHost.Skills.ReviewMigration;

namespace AgentHost.Skills.Tests.ReviewMigration;

/// <summary>What a review proposes to remember: what outlives the migration, and nothing else.</summary>
public sealed class ReviewProposalTests(SizeTests.Shop shop) : IClassFixture<SizeTests.Shop>, IDisposable
{
    private readonly MemoryFolder memory = new();

    public void Dispose() => memory.Dispose();

    [Theory]
    [InlineData("SELECT 1;")]
    [InlineData("SET lock_timeout = '2s';\nDROP TABLE orders;")]
    public async Task A_clean_migration_and_one_to_be_mended_propose_nothing(string sql) => Assert.Null((await ReviewAsync(sql)).Proposals);

    [Fact]
    public async Task A_mistake_made_again_and_again_is_proposed_as_a_learning_once()
    {
        const string Sql = "CREATE INDEX a ON orders (note); CREATE INDEX b ON orders (state); CREATE INDEX c ON customers (name);";
        var proposal = Assert.Single((await ReviewAsync(Sql)).Proposals!);
        Assert.Equal(("learning", "Migrations here repeat index-not-concurrent (3 times)"), (proposal.Kind, proposal.Title));
        await memory.Journal.AppendAsync(proposal.ToNewEntry());
        var again = await ReviewAsync(Sql);
        Assert.Null(again.Proposals);
        Assert.Single(again.Precedents);
    }

    [Fact]
    public async Task A_hazard_in_a_routine_that_the_file_only_calls_is_an_issue_of_the_schema()
    {
        const string Routine = Reviewing.Shop + "\nCREATE PROCEDURE tidy() LANGUAGE sql AS 'ALTER TABLE orders ALTER COLUMN note SET NOT NULL';";
        var proposal = Assert.Single((await ReviewAsync("SET lock_timeout = '2s';\nCALL tidy();", Routine)).Proposals!);
        Assert.Equal(("issue", "A routine of the schema has set-not-null-scan on public.orders"), (proposal.Kind, proposal.Title));
    }

    [Fact]
    public async Task A_table_on_which_work_takes_long_is_proposed_as_large_with_its_figures()
    {
        var large = shop.Catalog with { Relations = [.. shop.Catalog.Relations.Select(relation => relation.Name == "orders" ? relation with { Rows = 40_000_000, Pages = 700_000 } : relation)] };
        var result = await ReviewMigrationEngine.RunAsync(new ReviewRequest([new("m.sql", "SET lock_timeout = '2s';\nALTER TABLE orders ALTER COLUMN note SET NOT NULL;")]) { Memory = memory.Journal, Target = large });
        var proposal = Assert.Single(result.Proposals!);
        Assert.Equal("learning", proposal.Kind);
        Assert.StartsWith("public.orders is large (40 M rows, 5.7 GB)", proposal.Title, StringComparison.Ordinal);
        Assert.Contains("set-not-null-scan there takes about 57 s (reads 100 MB/s) under ACCESS EXCLUSIVE", proposal.Text, StringComparison.Ordinal);
        Assert.Equal(["public.orders"], proposal.Scope!);
    }

    [Fact]
    public async Task A_decision_that_a_finding_names_is_not_named_again_below()
    {
        var decision = await memory.DecideAsync("Indexes at night", scope: "orders", waives: "index-not-concurrent");
        var result = await ReviewAsync("CREATE INDEX a ON orders (note);");
        Assert.Equal(decision.Id, Assert.Single(result.Precedents).Id);
        Assert.DoesNotContain("decided before", ReviewText.Render(result), StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_a_decision_waives_is_not_proposed()
    {
        await memory.DecideAsync("Indexes at night", scope: "*", waives: "index-not-concurrent");
        Assert.Null((await ReviewAsync("CREATE INDEX a ON orders (note); CREATE INDEX b ON orders (state); CREATE INDEX c ON customers (name);")).Proposals);
    }

    private Task<ReviewResult> ReviewAsync(string sql, string schema = Reviewing.Shop) =>
        ReviewMigrationEngine.RunAsync(new ReviewRequest([new("m.sql", sql)]) { Memory = memory.Journal, Transaction = TransactionMode.Off, Schema = [new("s.sql", schema)] });
}
