using System.Collections.Immutable;
using AgentHost.Postgres;
using AgentHost.Postgres.Catalog;
using AgentHost.Skills.RecommendIndex.Verification;
using AgentHost.Sql;

namespace AgentHost.Skills.Tests.RecommendIndex.Verification;

public sealed class IndexVerificationTests(IndexVerificationTests.Tasks tasks) : IClassFixture<IndexVerificationTests.Tasks>
{
    private static readonly QualifiedName Table = new("public", "tasks");

    [Fact]
    public async Task An_index_that_a_statement_needs_is_kept_with_its_size_and_write_price()
    {
        var result = await VerifyAsync(
            [new BoundQuery("of an assignee", 100, "select * from tasks where assignee_id = 77 order by created_at desc limit 20")],
            [Set("create index on tasks (assignee_id, created_at desc)")]);
        var index = Assert.Single(result.Indexes);
        Assert.True(index is { Kept: true, IsMeasured: true, GainMilliseconds: > 10 }, index.Reason);
        Assert.InRange(index.SizeBytes, 1_000_000, 20_000_000);
        Assert.InRange(index.EntryWalBytes, 20, 2000);
        Assert.True(index.WalRatio > 1);
        Assert.Equal("of an assignee", Assert.Single(index.Queries));
        Assert.True(result.MillisecondsAfter < result.MillisecondsBefore / 5);
    }

    [Fact]
    public async Task Of_two_indexes_of_which_one_suffices_the_needless_one_goes()
    {
        for (var repeat = 0; repeat < 3; repeat++)
        {
            var result = await VerifyAsync(
                [
                    new BoundQuery("of an assignee", 100, "select * from tasks where assignee_id = 77 order by created_at desc limit 20"),
                    new BoundQuery("count", 100, "select count(*) from tasks where assignee_id = 78"),
                ],
                [Set("create index on tasks (assignee_id, created_at desc)"), Set("create index on tasks (assignee_id, status)"), Set("create index on tasks (title)")]);
            Assert.True(result.Indexes is [{ Kept: true }, { Kept: false }, { Kept: false }], Told(result));
        }
    }

    [Fact]
    public async Task An_unselective_gin_index_loses_against_one_with_the_tenant_in_front()
    {
        var query = new BoundQuery("tagged", 50, "select * from tasks where tenant_id = 7 and tags @> array['t1']");
        for (var repeat = 0; repeat < 3; repeat++)
        {
            var result = await VerifyAsync([query], [Set("create index on tasks using gin (tags)", "create index on tasks using gin (tenant_id, tags)")]);
            Assert.True(result.Indexes is [{ Kept: false }, { Kept: true }], Told(result));
        }
    }

    [Fact]
    public async Task An_index_that_costs_writes_more_than_it_saves_is_dropped()
    {
        var options = new VerificationOptions { Budget = TimeSpan.FromSeconds(120), Writes = [new TableWrites(Table, 1_000_000, [new ColumnUpdates(["status"], 100_000)], 0)] };
        var result = await VerifyAsync([new BoundQuery("of an assignee", 1, "select * from tasks where assignee_id = 77")], [Set("create index on tasks (assignee_id, status)")], options);
        var index = Assert.Single(result.Indexes);
        Assert.False(index.Kept, index.Reason);
        Assert.Contains("costs writes", index.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_cannot_be_built_or_run_is_said_and_the_rest_is_measured()
    {
        var result = await VerifyAsync(
            [new BoundQuery("of an assignee", 100, "select * from tasks where assignee_id = 77"), new BoundQuery("broken", 1, "select * from nowhere")],
            [Set("create index on tasks (nothing)"), Set("create index on tasks (assignee_id)")]);
        Assert.Equal([false, true], result.Indexes.Select(index => index.IsMeasured));
        Assert.True(result.Indexes[1].Kept);
        Assert.Contains(result.Notes, note => note.Contains("'broken'", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Cancelling_ends_it()
    {
        using var cancel = new CancellationTokenSource();
        var progress = new Watch(_ => cancel.Cancel());
        await Assert.ThrowsAnyAsync<OperationCanceledException>(async () => await IndexVerification.RunAsync(
            await PrivateServer.ConnectAsync(), tasks.Snapshot, [new BoundQuery("all", 1, "select * from tasks")], [Set("create index on tasks (title)")], new VerificationOptions(), progress, cancel.Token));
    }

    private async Task<VerificationResult> VerifyAsync(ImmutableArray<BoundQuery> queries, ImmutableArray<CandidateSet> sets, VerificationOptions? options = null) =>
        await IndexVerification.RunAsync(await PrivateServer.ConnectAsync(), tasks.Snapshot, queries, sets, options ?? new VerificationOptions { Budget = TimeSpan.FromSeconds(120) });

    private static string Told(VerificationResult result) =>
        string.Join('\n', result.Indexes.Select(index => $"{index.Index.Sql}: {index.Kept} {index.Reason}").Concat(result.Queries.Select(query => query.ToString())).Concat(result.Notes));

    private static CandidateSet Set(params string[] alternatives) => new([.. alternatives.Select(sql => new ProposedIndex(sql, Table))]);

    private sealed class Watch(Action<string> then) : IProgress<string>
    {
        public void Report(string value) => then(value);
    }

    /// <summary>150,000 tasks of 50 tenants, without an index but the key's.</summary>
    public sealed class Tasks : IAsyncLifetime
    {
        private const string Schema = """
            create extension btree_gin;
            select setseed(0.4);
            create table tasks (id bigint primary key, tenant_id int not null, assignee_id int, status text not null, title text not null, tags text[] not null, created_at timestamptz not null) with (autovacuum_enabled = off);
            insert into tasks select i, 1 + floor(50 * random())::int, case when random() < 0.9 then floor(random() * 500)::int end, (array['done', 'done', 'done', 'open', 'new'])[1 + i % 5], 'Task number ' || i,
                array['t' || floor(3 * random()), 't' || floor(3 + 50 * random())], timestamptz '2024-01-01' + i * interval '3 minutes'
              from generate_series(1, 150000) i;
            analyze;
            """;

        public CatalogSnapshot Snapshot { get; private set; } = null!;

        public async Task InitializeAsync()
        {
            var server = await PrivateServer.ConnectAsync();
            await using var original = await server.CreateScratchAsync();
            await original.ExecuteAsync(Schema);
            await using var target = await ReadOnlyTarget.ConnectAsync("original", original.ConnectionString);
            Snapshot = await CatalogReader.ReadAsync(target, statistics: true);
        }

        public Task DisposeAsync() => Task.CompletedTask;
    }
}
