namespace AgentHost.Knowledge.Tests.Store;

public sealed class AskedTests : IAsyncLifetime
{
    private readonly StoreFixture store = new();

    public async Task InitializeAsync()
    {
        await store.InitializeAsync();
        store.Write("soft-delete", "# Soft delete\n\nA column deleted_at marks a row as gone while it stays in its table.\n\n## Restoring\n\n"
            + "Set deleted_at to null in the same transaction in which its children are marked as there again, and mind the unique indexes that leave marked rows out.\n");
        store.Write("vacuum", "# Vacuum\n\nDead rows are removed by vacuum, which runs by itself when a share of the table's rows has changed since the last time.\n");
    }

    public Task DisposeAsync() => store.DisposeAsync();

    [Fact]
    public async Task An_asked_line_leads_to_its_page_and_the_best_section_is_what_is_answered()
    {
        Assert.Empty(await (await store.OpenAsync()).SearchAsync("oops bring back what my colleague threw away"));
        store.WriteAsked("soft-delete:\n  - oops, bring back what somebody threw away\n  - undo a deletion\n");
        var found = await (await store.OpenAsync()).SearchAsync("oops bring back what my colleague threw away");
        Assert.Equal("soft-delete", found[0].Document);
        Assert.DoesNotContain("oops", found[0].Excerpt);
        Assert.Equal("Restoring", (await (await store.OpenAsync()).SearchAsync("undo a deletion and restore its children"))[0].Section);
    }

    [Theory]
    [InlineData("- a list")]
    [InlineData("soft-delete: a line")]
    [InlineData("soft-delete: [[nested]]")]
    [InlineData("soft-delete: [")]
    public void A_file_that_is_no_map_of_lists_is_told_with_its_place(string yaml) =>
        Assert.Contains("asked.yaml", Assert.Throws<KnowledgeException>(() => AskedLines.Parse("skills/s/asked.yaml", yaml)).Message);

    [Fact]
    public void Every_asked_line_of_ours_is_of_a_page_that_there_is() =>
        Assert.Empty(DocumentLibrary.Load(Path.Combine(AppContext.BaseDirectory, "skills")).AskedOfNoPage);

    [Fact]
    public void A_slug_that_there_is_not_is_found_out()
    {
        store.WriteAsked("soft-delet:\n  - undo a deletion\n");
        Assert.Equal(["skills/review-migration/asked.yaml: soft-delet"], store.Library().AskedOfNoPage);
    }
}
