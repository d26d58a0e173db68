using AgentHost.Postgres;
using AgentHost.Postgres.Catalog;
using AgentHost.Skills.RecommendIndex.Drops;
using Npgsql;

namespace AgentHost.Skills.Tests.RecommendIndex.Drops;

public sealed class IndexDropsTests
{
    private static async Task<CatalogSnapshot> SnapshotAsync(string schema, string? more = null)
    {
        await using var database = await (await PrivateServer.ConnectAsync()).CreateScratchAsync();
        await database.ExecuteAsync(schema);
        if (more is not null)
        {
            await using var connection = await database.OpenAsync();
            await using var command = new NpgsqlCommand(more, connection);
            await Assert.ThrowsAsync<PostgresException>(() => command.ExecuteNonQueryAsync());
        }
        await using var target = await ReadOnlyTarget.ConnectAsync("app", database.ConnectionString);
        return await CatalogReader.ReadAsync(target, statistics: true);
    }

    private static CatalogSnapshot Aged(CatalogSnapshot snapshot, int days) => snapshot with { CountersSince = snapshot.TakenAt.AddDays(-days) };

    private static string[] Names(DropAdvice advice, params DropCause[] causes) =>
        [.. advice.Drops.Where(d => !d.IsQuestion && (causes.Length == 0 || causes.Contains(d.Cause))).Select(d => d.Index).Order(StringComparer.Ordinal)];

    [Fact]
    public async Task Duplicates_and_prefixes_are_told_and_nothing_that_holds_a_rule()
    {
        var snapshot = await SnapshotAsync("""
            create table t (id int primary key, a int, b int, c text, d text, e int not null, unique (b));
            create index dup_1 on t (a, b);
            create index dup_2 on t (a, b);
            create index prefix on t (a);
            create index prefix_backwards on t (a desc);
            create index not_prefix_desc on t (a desc, c);
            create index id_again on t (id);
            create unique index unique_id_again on t (id);
            create unique index unique_e on t (e);
            create index longer_e on t (e, a);
            create index partial on t (c) where a > 5;
            create index partial_longer on t (c, d) where a > 6;
            create index text_pattern on t (c text_pattern_ops);
            create index c_longer on t (c, e);
            create index d_c on t (d collate "C");
            create index d_e on t (d, e);
            create index lower_c on t (lower(c));
            create index lower_c_a on t (lower(c), a);
            create index covering on t (d) include (b);
            create index hashed on t using hash (a);
            create index hashed_again on t using hash (a);
            alter table t replica identity using index unique_e;
            """);
        var drops = IndexDrops.Of(snapshot, []);
        Assert.Equal(["public.dup_2", "public.hashed_again", "public.id_again", "public.lower_c", "public.prefix", "public.prefix_backwards"], Names(drops));
        var duplicate = drops.Drops.Single(d => d.Index == "public.dup_2");
        Assert.Equal(DropCause.Duplicate, duplicate.Cause);
        Assert.Contains("dup_1", duplicate.Why, StringComparison.Ordinal);
        Assert.Equal("DROP INDEX CONCURRENTLY public.dup_2;", duplicate.Sql);
        Assert.True(duplicate.SizeBytes > 0);
    }

    [Fact]
    public async Task A_unique_index_goes_where_another_keeps_the_same_values_apart_and_no_foreign_key_rests_on_it()
    {
        var snapshot = await SnapshotAsync("""
            create table t (id int primary key, b int unique, c int, d int, e int);
            create unique index id_again on t (id);
            create unique index b_again on t (b);
            create unique index b_some on t (b) where b > 5;
            create unique index b_nulls_too on t (b) nulls not distinct;
            create unique index c_1 on t (c);
            create unique index c_2 on t (c);
            create unique index d_rests on t (d);
            create table u (t_id int references t (id), t_d int references t (d));
            alter table t add unique (d);
            alter table t add unique (e) deferrable;
            create unique index e_now on t (e);
            """);
        Assert.Equal(["public.b_again", "public.c_2", "public.id_again"], Names(IndexDrops.Of(snapshot, [])));
        // Of a snapshot that does not tell what foreign keys rest on it is asked.
        var older = snapshot with { Relations = [.. snapshot.Relations.Select(r => r with { Indexes = [.. r.Indexes.Select(i => i with { IsReferenced = null })] })] };
        Assert.Equal(["public.d_rests", "public.id_again"], IndexDrops.Of(older, []).Drops.Where(d => d.IsQuestion).Select(d => d.Index).Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task What_holds_replication_clustering_or_a_partitioned_index_stays()
    {
        var snapshot = await SnapshotAsync("""
            create table t (id int primary key, a int not null, b int);
            create index t_a on t (a);
            create index t_a_b on t (a, b);
            create unique index t_a_unique on t (a);
            alter table t cluster on t_a;
            alter table t replica identity using index t_a_unique;
            create table p (id int, a int, b int) partition by range (id);
            create table p1 partition of p for values from (0) to (10);
            create index p_a on p (a);
            create index p_a_b on p (a, b);
            create index p1_b on p1 (b);
            """);
        var drops = IndexDrops.Of(Aged(snapshot, 100), []);
        Assert.Equal(["public.p_a"], Names(drops, DropCause.Duplicate, DropCause.Covered));
        Assert.Equal("DROP INDEX public.p_a;", drops.Drops.Single(d => d.Index == "public.p_a").Sql);
        Assert.DoesNotContain(drops.Drops, d => d.Index is "public.t_a" or "public.t_a_unique" || d.Index.StartsWith("public.p1", StringComparison.Ordinal));
    }

    [Fact]
    public async Task An_index_is_unused_only_by_counters_of_some_age()
    {
        var snapshot = await SnapshotAsync("""
            create table parents (id int primary key);
            create table t (id int primary key, a int, b int, c int, parent_id int references parents, other_id int references parents);
            create index read on t (a);
            create index never on t (b);
            create unique index never_but_a_rule on t (c);
            create index lonely_key on t (parent_id);
            create index key_1 on t (other_id, a);
            create index key_2 on t (other_id, b);
            insert into t select i, i, i, i from generate_series(1, 1000) i;
            analyze t;
            set enable_seqscan = off;
            select count(*) from t where a = 5;
            select pg_stat_force_next_flush();
            """);
        var early = IndexDrops.Of(snapshot, []);
        Assert.Empty(early.Drops);
        Assert.Contains("too early to say", early.Notice, StringComparison.Ordinal);
        Assert.Contains("too early to say", IndexDrops.Of(snapshot with { CountersSince = null }, []).Notice, StringComparison.Ordinal);
        Assert.Empty(IndexDrops.Of(Aged(snapshot, 13), []).Drops);

        var late = IndexDrops.Of(Aged(snapshot, 90), []);
        Assert.Null(late.Notice);
        // Of two that serve a foreign key one stays.
        Assert.Equal(["public.key_2", "public.never"], Names(late, DropCause.Unused));
        Assert.Contains("90 days", late.Drops.Single(d => d.Index == "public.never").Why, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_index_that_stands_in_for_a_dropped_one_stays_though_it_was_never_read()
    {
        var snapshot = await SnapshotAsync("create table t (id int primary key, a int, b int); create index t_a on t (a); create index t_a_b on t (a, b);");
        Assert.Equal(["public.t_a"], Names(IndexDrops.Of(Aged(snapshot, 90), [])));
    }

    [Fact]
    public async Task What_a_failed_build_left_behind_goes()
    {
        var snapshot = await SnapshotAsync("create table t (id int primary key, a int); insert into t values (1, 1), (2, 1);", "create unique index concurrently left_behind on t (a)");
        var drop = Assert.Single(IndexDrops.Of(snapshot, []).Drops);
        Assert.Equal((DropCause.Invalid, "public.left_behind"), (drop.Cause, drop.Index));
    }

    [Fact]
    public async Task A_recommended_index_replaces_those_that_are_its_beginning()
    {
        var snapshot = await SnapshotAsync("""
            create table t (id int primary key, a int, b int, c text);
            create index t_a on t (a);
            create index t_a_part on t (a) where b > 5;
            create index t_a_hash on t using hash (a);
            create unique index t_a_unique on t (a);
            """);
        var drop = Assert.Single(IndexDrops.Of(snapshot, ["CREATE INDEX CONCURRENTLY t_a_b_idx ON public.t USING btree (a, b)", "CREATE INDEX t_c ON t (c)"]).Drops);
        Assert.Equal((DropCause.Duplicate, "public.t_a"), (drop.Cause, drop.Index)); // the unique one serves already
        snapshot = snapshot with { Ddl = snapshot.Ddl.Replace("CREATE UNIQUE INDEX t_a_unique", "CREATE UNIQUE INDEX t_c_unique", StringComparison.Ordinal).Replace("t_c_unique ON public.t USING btree (a)", "t_c_unique ON public.t USING btree (c)", StringComparison.Ordinal) };
        drop = Assert.Single(IndexDrops.Of(snapshot, ["CREATE INDEX CONCURRENTLY t_a_b_idx ON public.t USING btree (a, b)"]).Drops);
        Assert.Equal((DropCause.Replaced, "public.t_a"), (drop.Cause, drop.Index));
        Assert.Contains("once that one is built", drop.Why, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_index_that_tells_few_rows_apart_is_asked_about()
    {
        var snapshot = await SnapshotAsync("""
            create table t (id int primary key, flag boolean not null, rare boolean not null, filler text);
            insert into t select i, i % 2 = 0, i % 100 = 0, repeat('x', 100) from generate_series(1, 20000) i;
            create index t_flag on t (flag);
            create index t_rare on t (rare);
            analyze t;
            """);
        var drop = Assert.Single(IndexDrops.Of(snapshot, []).Drops);
        Assert.Equal((DropCause.LowValue, "public.t_flag", true), (drop.Cause, drop.Index, drop.IsQuestion));
    }
}
