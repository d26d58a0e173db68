using AgentHost.Bench;
using AgentHost.Knowledge.Embedding;
using AgentHost.Postgres;
using Npgsql;

namespace AgentHost.Knowledge.Tests.Store;

public sealed class KnowledgeStoreTests : IAsyncLifetime
{
    private const string Page =
        "# Backfill in batches\n\nUpdate many rows a few thousand at a time.\n\n"
        + "## Why\n\nOne statement holds its locks until it ends, and whoever wants to change one of the same rows waits for all of that time.\n\n"
        + "## Keys\n\nWalk the primary key. Remember the last one that was done, so that a run that was interrupted goes on where it stopped.\n\n"
        + "## References\n\n- The manual, on batches of rows and many more things that somebody who asks for batches does not want to be told.\n";

    private const string Timeouts =
        "# Timeouts\n\n## Idle sessions\n\nSet `idle_in_transaction_session_timeout` so that a forgotten transaction ends, and with it the locks that it holds for nobody. Its error is 25P03.\n\n"
        + "## Locks\n\nSet lock_timeout low: a migration that waits for a lock makes all others wait behind it, also those who only read.\n";

    private readonly StoreFixture store = new();

    public async Task InitializeAsync()
    {
        await store.InitializeAsync();
        store.Write("backfill-in-batches", Page);
        store.Write("timeouts", Timeouts, "operate-postgres");
    }

    public Task DisposeAsync() => store.DisposeAsync();

    [Fact]
    public async Task A_question_finds_its_page_and_section_with_an_excerpt_that_answers()
    {
        var found = await (await store.OpenAsync()).SearchAsync("how do I update a lot of rows in batches", 5);
        Assert.Equal("backfill-in-batches", found[0].Document);
        Assert.Equal("Update many rows a few thousand at a time.", found[0].Excerpt);
        Assert.Equal("skills/review-migration/references/backfill-in-batches.md", found[0].Source);
        Assert.InRange(found[0].Score, 0.01, 1);
        Assert.Equal(found.Length, found.Select(f => f.Document).Distinct().Count());
    }

    [Theory]
    [InlineData("idle_in_transaction_session_timeout")]
    [InlineData("what does idle_in_transaction_session_timeout do to a batch update of many rows")]
    [InlineData("ERROR 25P03")]
    [InlineData("sqlstate 25p03")]
    [InlineData("Idle In Transaction session-timeout")]
    [InlineData("IDLE-IN-TRANSACTION-SESSION-TIMEOUT")]
    public async Task An_exact_name_is_found_by_its_letters(string query)
    {
        var found = await (await store.OpenAsync()).SearchAsync(query, 5);
        Assert.Equal(("timeouts", "Idle sessions"), (found[0].Document, found[0].Section));
    }

    [Fact]
    public async Task Only_pages_of_the_asked_skill_are_given()
    {
        var found = await (await store.OpenAsync()).SearchAsync("rows in batches", 5, "operate-postgres");
        Assert.All(found, f => Assert.Equal("timeouts", f.Document));
    }

    [Fact]
    public async Task A_skill_that_there_is_not_is_refused_with_those_there_are()
    {
        var open = await store.OpenAsync();
        var error = await Assert.ThrowsAsync<KnowledgeException>(() => open.SearchAsync("batches", 5, "operate-mysql"));
        Assert.Contains("operate-postgres, review-migration", error.Message);
    }

    [Theory]
    [InlineData("how to bake bread")]
    [InlineData("the cat sat upon the piano and played a sonata")]
    public async Task A_question_that_no_page_answers_has_no_answer(string question) => Assert.Empty(await (await store.OpenAsync()).SearchAsync(question));

    [Fact]
    public async Task Short_sections_belong_to_the_one_before_and_references_to_none()
    {
        store.Write("short", "# Short\n\nA first paragraph that says what the page is about.\n\n## Bad\n\nBefore:\n\n   ```sql bad\nDROP TABLE quokkas;\n   ```\n\n## When not to\n\nNever for wombats.\n\n## References\n\n- Marsupials, chapter nine.\n");
        var open = await store.OpenAsync();
        var found = (await open.SearchAsync("wombats"))[0];
        Assert.Equal(("short", "Short"), (found.Document, found.Section));
        Assert.DoesNotContain("sql", found.Excerpt);
        Assert.Empty(await open.SearchAsync("marsupials"));
    }

    [Fact]
    public async Task An_unchanged_library_touches_nothing_and_an_edit_embeds_only_its_chunks()
    {
        var embedder = new CountingEmbedder();
        await store.OpenAsync(embedder);
        Assert.Equal(5, embedder.Embedded.Count);
        var before = await store.ScalarAsync<string>("SELECT string_agg(xmin::text || ctid::text, ' ' ORDER BY id) FROM agenthost_knowledge_4.chunks");
        await store.OpenAsync(embedder);
        Assert.Equal(5, embedder.Embedded.Count);
        Assert.Equal(before, await store.ScalarAsync<string>("SELECT string_agg(xmin::text || ctid::text, ' ' ORDER BY id) FROM agenthost_knowledge_4.chunks"));

        store.Write("backfill-in-batches", Page.Replace("Walk the primary key.", "Walk by key, not by OFFSET."));
        await store.OpenAsync(embedder);
        Assert.Equal("Backfill in batches > Keys\nWalk by key, not by OFFSET. Remember the last one that was done, so that a run that was interrupted goes on where it stopped.", embedder.Embedded.Skip(5).Single());
    }

    [Fact]
    public async Task A_deleted_page_is_found_no_more()
    {
        await store.OpenAsync();
        store.Delete("backfill-in-batches");
        var found = await (await store.OpenAsync()).SearchAsync("batches", 5);
        Assert.DoesNotContain(found, f => f.Document == "backfill-in-batches");
    }

    [Fact]
    public async Task Hosts_with_other_pages_or_models_share_a_store_and_each_finds_its_own()
    {
        var first = new CountingEmbedder();
        var older = await store.OpenAsync(first);
        store.Write("backfill-in-batches", Page.Replace("a few thousand at a time", "in batches of your choice"));
        var newer = await store.OpenAsync(first);
        var second = new CountingEmbedder("counting-2", 64);
        var other = await store.OpenAsync(second);
        var (embedded, text) = (first.Embedded.Count(t => t.Contains('\n')), "update many rows in batches");
        Assert.Equal(6, embedded);
        Assert.Equal("Update many rows a few thousand at a time.", (await older.SearchAsync(text))[0].Excerpt);
        Assert.Equal("Update many rows in batches of your choice.", (await newer.SearchAsync(text))[0].Excerpt);
        Assert.Equal("Update many rows in batches of your choice.", (await other.SearchAsync(text))[0].Excerpt);
        Assert.Equal((6, 5), (first.Embedded.Count(t => t.Contains('\n')), second.Embedded.Count(t => t.Contains('\n'))));
    }

    [Fact]
    public async Task Pages_that_nobody_used_for_a_month_are_deleted_and_an_open_store_that_needs_them_brings_them_back()
    {
        var older = await store.OpenAsync();
        await store.ExecuteAsync("UPDATE agenthost_knowledge_4.sources SET used = current_date - 31");
        store.Write("backfill-in-batches", Page + "\n## More\n\nPause between batches, and watch the replicas.\n");
        await store.OpenAsync();
        Assert.Equal(1, await store.ScalarAsync<long>("SELECT count(*) FROM agenthost_knowledge_4.sources"));
        Assert.Equal("timeouts", (await older.SearchAsync("25P03"))[0].Document);
    }

    [Fact]
    public async Task A_schema_that_is_not_ours_is_refused_and_left_as_it_is()
    {
        await store.ExecuteAsync("CREATE SCHEMA agenthost_knowledge_4; CREATE TABLE agenthost_knowledge_4.articles AS SELECT 7 AS id; CREATE SCHEMA knowledge; CREATE TABLE knowledge.chunks AS SELECT 8 AS id");
        var error = await Assert.ThrowsAsync<KnowledgeException>(() => store.OpenAsync());
        Assert.Contains("'agenthost_knowledge_4'", error.Message);
        Assert.Contains("AGENTHOST_STORE", error.Message);
        Assert.Equal(1, await store.ScalarAsync<long>("SELECT count(*) FROM pg_class WHERE relnamespace = 'agenthost_knowledge_4'::regnamespace"));

        await store.ExecuteAsync("ALTER SCHEMA agenthost_knowledge_4 RENAME TO mine");
        Assert.NotEmpty(await (await store.OpenAsync()).SearchAsync("batches"));
        Assert.Equal(15, await store.ScalarAsync<int>("SELECT a.id + c.id FROM mine.articles a, knowledge.chunks c"));
    }

    [Theory]
    [InlineData("DROP SCHEMA agenthost_knowledge_4 CASCADE")]
    [InlineData("DROP TABLE agenthost_knowledge_4.chunks CASCADE")]
    [InlineData("DELETE FROM agenthost_knowledge_4.documents WHERE slug = 'timeouts'")]
    public async Task What_somebody_dropped_from_an_open_store_comes_back(string damage)
    {
        var open = await store.OpenAsync();
        await store.ExecuteAsync(damage);
        Assert.NotEmpty(await open.SearchAsync("batches"));
    }

    [Fact]
    public async Task A_search_whose_connections_are_cut_is_done_again()
    {
        var open = await store.OpenAsync();
        await open.SearchAsync("batches");
        await using (var other = NpgsqlDataSource.Create(store.Source.ConnectionString + ";Application Name=other"))
        await using (var cut = other.CreateCommand("SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()"))
            await cut.ExecuteScalarAsync();
        Assert.NotEmpty(await open.SearchAsync("batches"));
    }

    [Fact]
    public async Task A_server_that_stays_away_is_told_and_so_is_what_to_do()
    {
        await using var nobody = NpgsqlDataSource.Create("Host=127.0.0.1;Port=1;Username=u;Password=s3cret");
        using var embedder = new HashingEmbeddingGenerator();
        var error = await Assert.ThrowsAsync<PostgresUnavailableException>(
            () => KnowledgeStore.OpenAsync(StoreDatabase.Over(nobody), embedder, DocumentLibrary.Load(Path.Combine(AppContext.BaseDirectory, "skills"))));
        Assert.Contains("doctor", error.Message);
        Assert.DoesNotContain("s3cret", error.ToString());
    }

    [Fact]
    public async Task Hosts_that_open_at_once_embed_each_chunk_once()
    {
        var embedder = new CountingEmbedder();
        await Task.WhenAll(Enumerable.Range(0, 6).Select(_ => Task.Run(() => store.OpenAsync(embedder))));
        Assert.Equal(5, embedder.Embedded.Count);
        Assert.Equal(5, await store.ScalarAsync<long>("SELECT count(*) FROM agenthost_knowledge_4.chunks"));
    }

    [Fact]
    public async Task Unusable_queries_are_refused_and_odd_ones_find_nothing()
    {
        var open = await store.OpenAsync();
        await Assert.ThrowsAsync<KnowledgeException>(() => open.SearchAsync(" "));
        await Assert.ThrowsAsync<KnowledgeException>(() => open.SearchAsync("a", 0));
        await Assert.ThrowsAsync<KnowledgeException>(() => open.SearchAsync("a", 51));
        await Assert.ThrowsAsync<KnowledgeException>(() => open.SearchAsync(new string('a', 5000)));
        Assert.Empty(await open.SearchAsync("???"));
        foreach (var odd in new[] { "'; DROP TABLE x; --", "a & | ! ( :*", "\0 batches", "\ud800", "it's \\ 'quoted'", "日本語" })
            Assert.True((await open.SearchAsync(odd)).Length <= 2);
    }

    [Fact]
    public async Task A_cancelled_search_stops()
    {
        var open = await store.OpenAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => open.SearchAsync("batches", 5, ct: new CancellationToken(true)));
    }

    [Fact]
    public async Task A_database_without_pgvector_is_told_with_the_fix()
    {
        await using var bare = await (await PrivateServer.ConnectAsync()).CreateScratchAsync();
        await using var source = NpgsqlDataSource.Create(bare.ConnectionString);
        using var embedder = new HashingEmbeddingGenerator();
        var error = await Assert.ThrowsAsync<KnowledgeException>(() => KnowledgeStore.OpenAsync(StoreDatabase.Over(source), embedder, DocumentLibrary.Load(Path.Combine(AppContext.BaseDirectory, "skills"))));
        Assert.Contains("CREATE EXTENSION vector", error.Message);
    }
}
