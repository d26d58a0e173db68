using AgentHost.Postgres;
using AgentHost.Skills.RecommendIndex;
using AgentHost.Skills.RecommendIndex.Drops;

namespace AgentHost.Skills.Tests.RecommendIndex.Drops;

/// <summary>Young counters and a workload together: what nobody read, and nobody would.</summary>
public sealed class WorkloadDropsTests
{
    private const string Schema = """
        create table titles (id int primary key, isbn text not null, language text not null, pages int not null) with (autovacuum_enabled = off);
        create table members (id int primary key, name text not null, is_blocked boolean not null) with (autovacuum_enabled = off);
        create table reservations (id int primary key, title_id int not null references titles, member_id int not null references members, branch int not null, made_at timestamptz not null, fulfilled_at timestamptz) with (autovacuum_enabled = off);
        insert into titles select i, 'isbn ' || i, case when i % 3 = 0 then 'de' else 'en' end, i % 1000 from generate_series(1, 20000) i;
        insert into members select i, 'member ' || i, i % 50 = 0 from generate_series(1, 20000) i;
        insert into reservations select i, 1 + (hashint4(i) & 16383), 1 + (hashint4(i + 1) & 16383), i % 40, timestamptz '2025-01-01 00:00Z' + i * interval '1 minute', case when i < 58000 then timestamptz '2026-01-01 00:00Z' end
          from generate_series(1, 60000) i;
        create index titles_isbn on titles (isbn);
        create index titles_pages on titles (pages);
        create index members_blocked on members (is_blocked);
        create index reservations_title on reservations (title_id, made_at);
        create index reservations_waiting on reservations (title_id, made_at) where fulfilled_at is null;
        create index reservations_member on reservations (member_id, made_at);
        create index reservations_branch on reservations (branch);
        vacuum analyze;
        """;

    private const string Workload = """
        SELECT id FROM titles WHERE isbn = 'isbn 77';
        SELECT pages FROM titles WHERE id = 5;
        SELECT member_id, made_at FROM reservations WHERE title_id = 3 AND fulfilled_at IS NULL ORDER BY made_at;
        SELECT title_id FROM reservations WHERE member_id = 7 ORDER BY made_at;
        SELECT name FROM members WHERE id = 9;
        INSERT INTO reservations (id, title_id, member_id, branch, made_at) VALUES (0, 3, 7, 1, '2026-01-01');
        UPDATE reservations SET fulfilled_at = '2026-02-02' WHERE id = 59000;
        """;

    private static async Task<IndexResult> AdviseAsync(string workload, string before = "")
    {
        await using var database = await (await PrivateServer.ConnectAsync()).CreateScratchAsync();
        foreach (var statement in Schema.Split(';', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries).Concat(before.Length > 0 ? [before] : []))
            await database.ExecuteAsync(statement);
        await database.ExecuteAsync("select pg_stat_force_next_flush()");
        await using var target = await ReadOnlyTarget.ConnectAsync("app", database.ConnectionString);
        return await RecommendIndexEngine.RunAsync(new IndexRequest { Target = target, QueriesText = workload });
    }

    private static string[] Names(IndexResult result) => [.. result.Drops.Where(d => !d.IsQuestion).Select(d => d.Index).Order(StringComparer.Ordinal)];

    [Fact]
    public async Task What_young_counters_and_the_workload_both_do_not_know_is_named_to_be_verified()
    {
        var result = await AdviseAsync(Workload);
        // Of members there is one statement alone, from which nothing follows.
        Assert.Equal(["public.reservations_branch", "public.reservations_title", "public.titles_pages"], Names(result));
        var superseded = result.Drops.Single(d => d.Index == "public.reservations_title");
        Assert.Equal((DropCause.Superseded, DropCertainty.Verify), (superseded.Cause, superseded.Certainty));
        Assert.Contains("reservations_waiting answers, which is partial", superseded.Why, StringComparison.Ordinal);
        Assert.Contains("delete from titles", superseded.Why, StringComparison.Ordinal);
        var unused = result.Drops.Single(d => d.Index == "public.titles_pages");
        Assert.Equal((DropCause.Unused, DropCertainty.Verify), (unused.Cause, unused.Certainty));
        Assert.Contains("0 scans in", unused.Why, StringComparison.Ordinal);
        Assert.Contains("none of the workload's 7 statements would read it", unused.Why, StringComparison.Ordinal);
        Assert.Contains("To drop if idx_scan", IndexText.Render(result), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("SELECT id FROM titles WHERE isbn = 'isbn 77'; SELECT pages FROM titles WHERE id = 5")] // too few
    [InlineData("2026-01-01 00:00:00.000 UTC [1] LOG:  duration: 5.0 ms  statement: SELECT id FROM titles WHERE isbn = 'isbn 77'")]
    public async Task Of_a_few_statements_or_a_log_nothing_follows(string workload) => Assert.Empty(Names(await AdviseAsync(workload)));

    [Fact]
    public async Task What_was_read_stays_whatever_the_workload_says()
    {
        var result = await AdviseAsync(Workload, "set enable_seqscan = off; select count(*) from titles where pages = 5; select count(*) from reservations where branch = 3; select count(*) from reservations where title_id = 9");
        Assert.Empty(Names(result));
    }

    [Fact]
    public async Task An_index_that_another_value_may_want_stays_and_so_does_one_whose_table_has_a_statement_that_was_not_judged()
    {
        var whole = await AdviseAsync(Workload + "; SELECT id FROM titles WHERE pages >= 0; SELECT nothing FROM reservations WHERE branch = 4");
        Assert.Empty(Names(whole));
    }

    [Fact]
    public async Task Where_parents_are_deleted_the_index_that_finds_their_children_stays()
    {
        Assert.DoesNotContain("public.reservations_title", Names(await AdviseAsync(Workload + "; DELETE FROM titles WHERE id = 19999")));
        Assert.DoesNotContain("public.reservations_title", Names(await AdviseAsync(Workload, "delete from titles where id = 19999")));
    }
}
