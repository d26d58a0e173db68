using System.Collections.Immutable;
using AgentHost.Postgres;
using AgentHost.Postgres.Catalog;
using AgentHost.Postgres.Twins;
using AgentHost.Skills.RecommendIndex.Verification;
using AgentHost.Sql;

namespace AgentHost.Skills.Tests.RecommendIndex.Verification;

/// <summary>What cannot be measured, or not in time, is said, and proves nothing.</summary>
public sealed class VerificationLimitsTests
{
    private const string Tasks = """
        create table tasks (id int primary key, assignee_id int not null, note text not null);
        insert into tasks select i, i % 500, 'note ' || i from generate_series(1, 40000) i;
        create function forever(a int) returns int language plpgsql immutable as $$ begin perform pg_sleep(600); return a; end $$;
        create function each(a int) returns int language plpgsql volatile as $$ begin perform pg_sleep(600); return a; end $$;
        """;

    private static readonly QualifiedName Table = new("public", "tasks");

    [Fact]
    public async Task An_index_that_is_not_built_in_time_is_unverified()
    {
        var result = await VerifyAsync(Tasks, [Read("of an assignee", "select * from tasks where assignee_id = 7")], ["create index on tasks (forever(id))", "create index on tasks (assignee_id)"], TimeSpan.FromSeconds(12));
        Assert.True(result.Indexes[0] is { IsMeasured: false, Kept: true } && result.Indexes[0].Reason.Contains("could not be built", StringComparison.Ordinal), Told(result));
        Assert.True(result.Indexes[1] is { IsMeasured: true, Kept: true }, Told(result));
    }

    [Fact]
    public async Task A_statement_that_is_not_planned_in_time_is_named_and_the_rest_is_measured()
    {
        var result = await VerifyAsync(Tasks, [Read("never planned", "select * from tasks where assignee_id = forever(7)"), Read("of an assignee", "select * from tasks where assignee_id = 7")], ["create index on tasks (assignee_id)"]);
        Assert.True(Assert.Single(result.Indexes) is { IsMeasured: true, Kept: true }, Told(result));
        Assert.Contains(result.Notes, note => note.Contains("'never planned'", StringComparison.Ordinal) && note.Contains("to plan it", StringComparison.Ordinal));
    }

    [Fact]
    public async Task An_index_whose_statement_is_cut_off_with_it_and_without_is_unverified()
    {
        var result = await VerifyAsync(Tasks, [Read("never ends", "select each(id) from tasks where assignee_id = 7")], ["create index on tasks (assignee_id)"]);
        var index = Assert.Single(result.Indexes);
        Assert.True(index is { IsMeasured: false, Kept: true } && index.Reason.Contains("'never ends' was cut off", StringComparison.Ordinal), Told(result));
    }

    [Fact]
    public async Task Where_statistics_cannot_be_gathered_in_time_nothing_is_disproved()
    {
        // What ANALYZE computes and CREATE INDEX and INSERT do not.
        const string Endless = "create function waits(a int) returns int language plpgsql immutable as $$ begin if exists (select from public.tasks where id = 1) then perform pg_sleep(600); end if; return a; end $$; create statistics never on (waits(assignee_id)), note from tasks;";
        await using var original = await OriginalAsync(Tasks);
        await original.ExecuteAsync(Endless);
        var result = await VerifyAsync(await SnapshotAsync(original), [Read("of an assignee", "select * from tasks where assignee_id = 7")], ["create index on tasks (note)"], TimeSpan.FromSeconds(16));
        var index = Assert.Single(result.Indexes);
        Assert.True(index is { IsMeasured: false, Kept: true } && index.Reason.Contains("statistics", StringComparison.Ordinal), Told(result));
    }

    [Fact]
    public async Task Where_statistics_cannot_be_computed_nothing_is_disproved()
    {
        const string Failing = "create function fails(a int) returns int language plpgsql immutable as $$ begin return (select id from nowhere); end $$; create statistics never on (fails(assignee_id)), note from tasks;";
        await using var original = await OriginalAsync(Tasks);
        await original.ExecuteAsync(Failing);
        var result = await VerifyAsync(await SnapshotAsync(original), [Read("of an assignee", "select * from tasks where assignee_id = 7")], ["create index on tasks (note)"]);
        Assert.True(Assert.Single(result.Indexes) is { IsMeasured: false, Kept: true }, Told(result));
        Assert.Contains(result.Notes, note => note.Contains("nowhere", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_row_that_cannot_be_written_again_only_lacks_the_price_of_writes()
    {
        const string Guarded = "create function once(a int) returns boolean language plpgsql as $$ begin perform pg_sleep(case when a = 77 then 600 else 0 end); return true; end $$;";
        await using var original = await OriginalAsync(Tasks);
        await original.ExecuteAsync(Guarded);
        var snapshot = await SnapshotAsync(original);
        var result = await VerifyAsync(snapshot, [Read("of an assignee", "select * from tasks where assignee_id = 7")], ["create index on tasks (assignee_id) where once(id)", "create index on tasks (assignee_id)"], TimeSpan.FromSeconds(12));
        Assert.True(result.Indexes[1] is { IsMeasured: true, Kept: true }, Told(result));
        Assert.False(result.Indexes[0].IsMeasured, Told(result));
    }

    [Fact]
    public async Task A_redacted_snapshot_is_measured_as_well()
    {
        await using var original = await OriginalAsync(Tasks);
        var redacted = Redaction.Of(await SnapshotAsync(original));
        var result = await VerifyAsync(redacted, [Read("of an assignee", "select * from tasks where assignee_id = 7")], ["create index on tasks (assignee_id)", "create index on tasks (note)"]);
        Assert.True(result.Indexes is [{ Kept: true, IsMeasured: true, Scale: > 0.99 }, { Kept: false }], Told(result));
    }

    [Fact]
    public async Task Cancelling_while_a_statement_runs_ends_it_and_drops_the_database()
    {
        using var cancel = new CancellationTokenSource();
        var server = await PrivateServer.ConnectAsync();
        await using var original = await OriginalAsync(Tasks);
        var snapshot = await SnapshotAsync(original);
        var progress = new Watch(text =>
        {
            if (text.StartsWith("running", StringComparison.Ordinal))
                cancel.CancelAfter(200);
        });
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => IndexVerification.RunAsync(
            server, snapshot, [Read("never ends", "select each(id) from tasks where assignee_id = 7")], [Set("create index on tasks (assignee_id)")], new VerificationOptions { Budget = TimeSpan.FromSeconds(120), Patience = TimeSpan.FromSeconds(100) }, progress, cancel.Token));
    }

    private static async Task<VerificationResult> VerifyAsync(string schema, ImmutableArray<BoundQuery> queries, string[] indexes, TimeSpan? budget = null)
    {
        await using var original = await OriginalAsync(schema);
        return await VerifyAsync(await SnapshotAsync(original), queries, indexes, budget);
    }

    private static async Task<VerificationResult> VerifyAsync(CatalogSnapshot snapshot, ImmutableArray<BoundQuery> queries, string[] indexes, TimeSpan? budget = null) =>
        await IndexVerification.RunAsync(await PrivateServer.ConnectAsync(), snapshot, queries, [.. indexes.Select(Set)], new VerificationOptions { Budget = budget ?? TimeSpan.FromSeconds(60), Patience = TimeSpan.FromSeconds(1) });

    private static async Task<ScratchDatabase> OriginalAsync(string schema)
    {
        var db = await (await PrivateServer.ConnectAsync()).CreateScratchAsync();
        await db.ExecuteAsync(schema);
        await db.ExecuteAsync("analyze");
        return db;
    }

    private static async Task<CatalogSnapshot> SnapshotAsync(ScratchDatabase original)
    {
        await using var target = await ReadOnlyTarget.ConnectAsync("original", original.ConnectionString);
        return await CatalogReader.ReadAsync(target, statistics: true);
    }

    private static BoundQuery Read(string name, string sql) => new(name, 100, sql);

    private static CandidateSet Set(string sql) => new([new ProposedIndex(sql, Table)]);

    private static string Told(VerificationResult result) => string.Join('\n', result.Indexes.Select(index => $"{index.Index.Sql}: kept {index.Kept}, measured {index.IsMeasured}: {index.Reason}").Concat(result.Notes));

    private sealed class Watch(Action<string> then) : IProgress<string>
    {
        public void Report(string value) => then(value);
    }
}
