using System.Collections.Immutable;
using AgentHost.Postgres;
using AgentHost.Postgres.Catalog;
using AgentHost.Skills.RecommendIndex.Verification;
using AgentHost.Sql;

namespace AgentHost.Skills.Tests.RecommendIndex.Verification;

/// <summary>Access methods whose planner's prices mislead: the measured ones decide.</summary>
public sealed class VerificationMethodsTests(VerificationMethodsTests.Readings readings) : IClassFixture<VerificationMethodsTests.Readings>
{
    private static readonly QualifiedName Table = new("public", "readings");

    private const string AnHour = "select count(*), max(value) from readings where at >= '2024-03-01 10:00+00' and at < '2024-03-01 11:00+00'";

    [Fact]
    public async Task An_index_over_vectors_is_kept_where_the_nearest_are_sought()
    {
        var result = await VerifyAsync(
            [new BoundQuery("nearest", 100, "select id from notes order by embedding <-> (select embedding from notes where id = 7) limit 10")],
            [new CandidateSet([new ProposedIndex("create index on notes using hnsw (embedding vector_l2_ops)", new QualifiedName("public", "notes"))])]);
        var index = Assert.Single(result.Indexes);
        Assert.True(index is { Kept: true, IsMeasured: true }, Told(result));
        Assert.True(result.Queries[0].MillisecondsAfter < result.Queries[0].MillisecondsBefore / 3, Told(result));
    }

    [Fact]
    public async Task Of_a_block_range_index_and_a_tree_the_one_that_is_measured_ten_times_faster_is_kept_though_it_is_larger()
    {
        var result = await VerifyAsync([new BoundQuery("an hour", 100, AnHour)], [Set("create index on readings using brin (at)", "create index on readings (at)")]);
        Assert.True(result.Indexes is [{ Kept: false }, { Kept: true, IsMeasured: true }], Told(result));
        result = await VerifyAsync([new BoundQuery("an hour", 100, AnHour)], [Set("create index on readings using brin (at)")]);
        Assert.True(result.Indexes is [{ Kept: true, SizeBytes: < 200_000 }], Told(result));
    }

    [Fact]
    public async Task Of_a_partial_and_a_full_index_that_serve_alike_the_smaller_one_is_kept()
    {
        var result = await VerifyAsync(
            [new BoundQuery("alarms", 100, "select id, at from readings where state = 'alarm' order by at desc limit 20")],
            [Set("create index on readings (state, at)", "create index on readings (at) where state = 'alarm'")]);
        Assert.True(result.Indexes is [{ Kept: false }, { Kept: true }], Told(result));
    }

    [Fact]
    public async Task Of_two_that_differ_ten_times_for_a_rare_statement_the_better_one_is_kept_whatever_the_rest_takes()
    {
        var result = await VerifyAsync(
            [new BoundQuery("heavy", 1000, "select count(*) from readings where value > 3"), new BoundQuery("of a site", 20, "select * from readings where site = 7 and labels @> array['a']")],
            [Set("create index on readings using gin (labels)", "create index on readings using gin (site, labels)")]);
        Assert.True(result.Indexes is [{ Kept: false }, { Kept: true }], Told(result));
    }

    [Fact]
    public async Task A_rare_statement_among_very_many_fast_ones_gets_no_index()
    {
        ImmutableArray<BoundQuery> queries = [new BoundQuery("by key", 100_000, "select * from readings where id = 17"), new BoundQuery("alarms", 5, "select count(*) from readings where state = 'alarm'")];
        var result = await VerifyAsync(queries, [Set("create index on readings (state) where state = 'alarm'")]);
        Assert.True(result.Indexes is [{ Kept: false }], Told(result));
        result = await VerifyAsync(queries.SetItem(1, queries[1] with { Weight = 20_000 }), [Set("create index on readings (state) where state = 'alarm'")]);
        Assert.True(result.Indexes is [{ Kept: true }], Told(result));
    }

    [Fact]
    public async Task The_price_of_an_entry_is_that_of_the_row_and_not_of_pages_that_were_logged_first()
    {
        var result = await VerifyAsync([new BoundQuery("alarms", 100, "select id, at from readings where state = 'alarm'")], [Set("create index on readings (site)"), Set("create index on readings using gin (labels)"), Set("create index on readings (state)")]);
        Assert.All(result.Indexes, index => Assert.True(index.WalRatio is > 1.05 and < 20 && index.EntryWalBytes is > 10 and < 2000, $"{index.Index.Sql}: {index.WalRatio} {index.EntryWalBytes}"));
        Assert.True(result.Indexes[1].EntryWalBytes > result.Indexes[0].EntryWalBytes, string.Join("; ", result.Indexes.Select(index => $"{index.Index.Sql}: {index.EntryWalBytes:0} bytes")));
    }

    private async Task<VerificationResult> VerifyAsync(ImmutableArray<BoundQuery> queries, ImmutableArray<CandidateSet> sets) =>
        await IndexVerification.RunAsync(await PrivateServer.ConnectAsync(), readings.Snapshot, queries, sets, new VerificationOptions { Budget = TimeSpan.FromSeconds(150) });

    private static CandidateSet Set(params string[] alternatives) => new([.. alternatives.Select(sql => new ProposedIndex(sql, Table))]);

    private static string Told(VerificationResult result) =>
        string.Join('\n', result.Indexes.Select(index => $"{index.Index.Sql}: {index.Kept} {index.Reason}").Concat(result.Queries.Select(query => query.ToString())).Concat(result.Notes));

    /// <summary>200,000 readings in the order of time, with free room in their pages, and 8,000 notes with embeddings.</summary>
    public sealed class Readings : IAsyncLifetime
    {
        private const string Schema = """
            create extension vector; create extension btree_gin;
            select setseed(0.4);
            create table readings (id bigint primary key, site int not null, at timestamptz not null, value double precision not null, state text not null, labels text[] not null) with (fillfactor = 85);
            insert into readings select i, 1 + floor(200 * random())::int, timestamptz '2024-01-01' + i * interval '1 minute', random() * 10, case when i % 400 = 0 then 'alarm' else 'good' end,
                array[(array['a', 'b', 'c'])[1 + floor(3 * random())::int], 'l' || floor(40 * random())] from generate_series(1, 200000) i;
            create table notes (id int primary key, embedding vector(32) not null);
            insert into notes select i, (select array_agg(random() + g * 0 + i * 0) from generate_series(1, 32) g)::vector from generate_series(1, 8000) i;
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
