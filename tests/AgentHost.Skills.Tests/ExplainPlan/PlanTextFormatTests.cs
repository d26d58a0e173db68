using AgentHost.Skills.ExplainPlan;

namespace AgentHost.Skills.Tests.ExplainPlan;

/// <summary>FORMAT TEXT as people paste it.</summary>
public class PlanTextFormatTests
{
    private const string Bare = """
        Hash Join  (cost=1.09..2.19 rows=4 width=8) (actual time=0.030..0.035 rows=3 loops=1)
          Hash Cond: (a.id = b.id)
          Buffers: shared hit=2 read=5, temp read=3 written=4
          I/O Timings: shared read=0.500 write=0.250, temp read=1.000
          CTE recent
            ->  Seq Scan on public.recent_events r_1  (cost=0.00..1.04 rows=4 width=4) (actual time=0.005..0.006 rows=4 loops=1)
          InitPlan 2 (returns $1)
            ->  Result  (cost=0.00..0.01 rows=1 width=4) (never executed)
          ->  Gather  (cost=0.00..1.04 rows=4 width=4) (actual time=0.005..0.006 rows=4 loops=1)
                Workers Planned: 2
                Workers Launched: 1
                ->  Parallel Index Only Scan Backward using "A Pkey" on a  (cost=0.00..1.04 rows=4 width=4) (actual time=0.005..0.006 rows=2 loops=2)
                      Output: a.id, COALESCE(a.x, 'x, y'::text)
                      Filter: ((a.x = 'one
        two'::text) AND (a.id > 5))
                      Rows Removed by Filter: 9
                      Heap Fetches: 7
                      Worker 0:  actual time=0.100..0.200 rows=1 loops=1
                        Buffers: shared hit=1
          ->  Hash  (cost=1.04..1.04 rows=4 width=4) (actual time=0.007..0.008 rows=4 loops=1)
                Buckets: 2048 (originally 1024)  Batches: 4 (originally 1)  Memory Usage: 9kB
                ->  CTE Scan on recent b  (cost=0.00..1.04 rows=4 width=4) (actual time=0.002..0.003 rows=4 loops=1)
                      SubPlan 3
                        ->  Limit  (cost=0.00..0.01 rows=1 width=4) (actual time=0.001..0.001 rows=1 loops=4)
                              ->  Sort  (cost=0.00..0.01 rows=1 width=4) (actual time=0.001..0.001 rows=1 loops=4)
                                    Sort Key: z.a DESC, (lower(z.b, 'c'))
                                    Sort Method: external merge  Disk: 1234kB
                                    ->  Function Scan on generate_series z  (cost=0.00..0.01 rows=1 width=4) (actual time=0.001..0.001 rows=1 loops=4)
        Settings: work_mem = '64kB', search_path = '"$user", public'
        Query Identifier: -5471946321512361
        Planning:
          Buffers: shared hit=8
          Memory: used=12kB  allocated=16kB
        Planning Time: 0.125 ms
        Trigger for constraint a_fk on a: time=1.500 calls=3
        JIT:
          Functions: 12
          Options: Inlining false, Optimization false, Expressions true, Deforming true
          Timing: Generation 1.000 ms (Deform 0.500 ms), Inlining 0.000 ms, Optimization 2.000 ms, Emission 3.000 ms, Total 6.000 ms
        Serialization: time=0.250 ms  output=18kB  format=text
        Execution Time: 9.500 ms
        """;

    private static void IsTheBarePlan(QueryPlan plan)
    {
        Assert.Equal(
            [
                (1, 0, "Hash Join", null), (2, 1, "Seq Scan on recent_events r_1", "InitPlan"), (3, 1, "Result", "InitPlan"), (4, 1, "Gather", "Outer"),
                (5, 4, "Parallel Index Only Scan Backward using A Pkey on a", "Outer"), (6, 1, "Hash", "Inner"), (7, 6, "CTE Scan on recent b", "Outer"), (8, 7, "Limit", "SubPlan"), (9, 8, "Sort", "Outer"),
                (10, 9, "Function Scan on generate_series z", "Outer"),
            ],
            plan.Nodes.Select(n => (n.Number, n.Parent, n.Title, n.Relationship)));
        Assert.Empty(plan.Notes);
        Assert.Equal(("CTE recent", "InitPlan 2 (returns $1)", "SubPlan 3"), (plan[2].SubplanName, plan[3].SubplanName, plan[8].SubplanName));
        Assert.Equal((0d, 0d), (plan[3].Loops, plan[3].ActualMs));
        Assert.Equal((2, 1), (plan[4].WorkersPlanned, plan[4].WorkersLaunched));
        Assert.Equal("((a.x = 'one\ntwo'::text) AND (a.id > 5))", plan[5].Filter);
        Assert.Equal(["a.id", "COALESCE(a.x, 'x, y'::text)"], plan[5].Output.AsEnumerable());
        Assert.Equal((18d, 7d), (plan[5].TotalRemovedByFilter, plan[5].HeapFetches));
        Assert.Equal(new PlanWorker(0, 1, 1, 0.2), Assert.Single(plan[5].Workers));
        Assert.Equal((4d, 1d, 9d), (plan[6].HashBatches, plan[6].OriginalHashBatches, plan[6].PeakMemoryKb));
        Assert.Equal(["z.a DESC", "(lower(z.b, 'c'))"], plan[9].SortKey.AsEnumerable());
        Assert.Equal(("external merge", 1234d), (plan[9].SortMethod, plan[9].SortDiskKb));
        Assert.Equal(new PlanBuffers(2, 5, 0, 0, 3, 4) { ReadMs = 0.5, WriteMs = 0.25, TempMs = 1 }, plan.Root.Buffers);
        Assert.Equal(new PlanBuffers(0, 0, 0, 0, 0, 0), plan[7].Buffers);
        Assert.Equal("\"$user\", public", plan.Settings["search_path"]);
        Assert.Equal(new PlanTrigger("", "a_fk", "a", 1.5, 3), Assert.Single(plan.Triggers));
        Assert.Equal((0.125, 9.5, 6d, 12d, 0.25, 18d, 12d), (plan.PlanningMs, plan.ExecutionMs, plan.JitMs, plan.JitFunctions, plan.SerializationMs, plan.SerializationKb, plan.PlanningMemoryKb));
        Assert.Equal("-5471946321512361", plan.QueryId);
    }

    private static string EachLine(Func<string, string> change) => string.Join('\n', Bare.Split('\n').Select(change));

    [Fact]
    public void A_bare_plan_is_read() => IsTheBarePlan(PlanReader.Read(Bare));

    [Theory]
    [InlineData("> ")]
    [InlineData("    ")]
    [InlineData("\t")]
    [InlineData("db_1  | ")]
    [InlineData("Nov 21 10:00:00 host postgres[4711]: [5-1] #011")]
    public void A_plan_behind_what_a_mail_or_a_log_puts_before_each_line_is_read(string prefix) =>
        IsTheBarePlan(PlanReader.Read(EachLine(l => prefix + l).Replace(prefix + "two", "two", StringComparison.Ordinal)));

    [Theory]
    [InlineData("QUERY PLAN", "rows")]
    [InlineData("ABFRAGEPLAN", "Zeilen")]
    [InlineData("PLAN D'EXÉCUTION", "lignes")]
    public void A_psql_table_in_any_language_is_read(string heading, string rows)
    {
        var width = Bare.Split('\n').Max(l => l.Length);
        IsTheBarePlan(PlanReader.Read($"shop=> EXPLAIN ANALYZE SELECT 1;\n{heading.PadLeft(width / 2)}\n{new string('-', width + 2)}\n{EachLine(l => " " + l)}\n(43 {rows})\n\nTime: 3,456 ms\nshop=> "));
        IsTheBarePlan(PlanReader.Read($"+{new string('-', width + 2)}+\n| {heading.PadRight(width)} |\n+{new string('-', width + 2)}+\n{EachLine(l => $"| {l.PadRight(width)} |")}\n+{new string('-', width + 2)}+\n(43 {rows})\n"));
    }

    [Fact]
    public void An_expanded_table_is_read() =>
        IsTheBarePlan(PlanReader.Read(string.Join('\n', Bare.Split('\n').Select((l, i) => $"-[ RECORD {i + 1} ]----\nQUERY PLAN | {l}")).Replace("\n-[ RECORD 16 ]----\nQUERY PLAN | two", "\ntwo", StringComparison.Ordinal)));

    [Fact]
    public void Csv_of_psql_is_read() =>
        IsTheBarePlan(PlanReader.Read("QUERY PLAN\n" + EachLine(l => l.Contains(',', StringComparison.Ordinal) || l.Contains('"', StringComparison.Ordinal) ? $"\"{l.Replace("\"", "\"\"", StringComparison.Ordinal)}\"" : l)));

    [Fact]
    public void A_plan_in_a_fence_amid_prose_is_read() =>
        IsTheBarePlan(PlanReader.Read($"Our query is slow: why?\n\n```text\n{Bare}\n```\n\nAny idea? Note: the table is large.\n"));

    [Fact]
    public void The_rows_of_a_driver_are_read() =>
        IsTheBarePlan(PlanReader.Read(System.Text.Json.JsonSerializer.Serialize(Bare.Split('\n').Select(l => new Dictionary<string, string>(StringComparer.Ordinal) { ["QUERY PLAN"] = l }))));

    [Fact]
    public void A_log_entry_of_auto_explain_is_read_with_its_query_as_stderr_csv_and_json()
    {
        var entry = "duration: 9.5 ms  plan:\nQuery Text: select a,\n  b from t\n  where x = 'Limit'\n" + Bare;
        var stderr = $"2026-11-21 10:00:00 UTC [12] LOG:  statement: x\n2026-11-21 10:00:00.1 UTC [4711] app@shop LOG:  {entry.Replace("\n", "\n\t", StringComparison.Ordinal).Replace("\n\ttwo", "\ntwo", StringComparison.Ordinal)}\n2026-11-21 10:00:01 UTC [12] LOG:  done\n";
        var csv = $"2026-11-21 10:00:00.1 UTC,\"app\",\"shop\",4711,,6a,1,\"SELECT\",2026-11-21,1/1,0,LOG,00000,\"{entry.Replace("\"", "\"\"", StringComparison.Ordinal)}\",,,,,,,,,\"psql\",\"client backend\",,0\n";
        var json = "{\"timestamp\":\"2026-11-21\",\"pid\":4711,\"error_severity\":\"LOG\",\"message\":" + System.Text.Json.JsonSerializer.Serialize(entry) + ",\"backend_type\":\"client backend\"}\n";
        foreach (var log in (string[])[stderr, csv, json])
        {
            var plan = PlanReader.Read(log);
            IsTheBarePlan(plan);
            Assert.StartsWith("select a,", plan.QueryText, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void Without_costs_and_timing_the_shape_is_read()
    {
        var plan = PlanReader.Read("""
             Limit (actual rows=1 loops=1)
               ->  Nested Loop Left Join (actual rows=1 loops=1)
                     ->  Finalize HashAggregate (actual rows=1 loops=1)
                           Group Key: a.x
                           ->  Seq Scan on a (actual rows=1 loops=1)
                     ->  Materialize (never executed)
                           ->  Update on b (never executed)
            """);
        Assert.Equal(["Limit", "Nested Loop Left Join", "Finalize HashAggregate", "Seq Scan on a", "Materialize", "Update on b"], plan.Nodes.Select(n => n.Title));
        Assert.False(plan.Timed);
        Assert.False(plan.Estimated);
        Assert.Equal(["Unique", "Sort", "Seq Scan on t"], PlanReader.Read("Unique\n  ->  Sort\n        Sort Key: a\n        ->  Seq Scan on t\n").Nodes.Select(n => n.Title));
    }

    [Fact]
    public void A_line_that_an_editor_broke_is_put_together()
    {
        var plan = PlanReader.Read("Sort  (cost=1.00..2.00\n   rows=3 width=4)\n  Sort Key: a\n  ->  Seq Scan on t  (cost=0.00..1.00 rows=3\nwidth=4)\n");
        Assert.Equal([3d, 3d], plan.Nodes.Select(n => n.PlanRows!.Value));
        Assert.Empty(plan.Notes);
    }

    [Fact]
    public void A_cut_is_noted_and_its_last_figures_are_not_trusted()
    {
        var plan = PlanReader.Read(Bare[..Bare.IndexOf("rows=2 loops=2)", StringComparison.Ordinal)]);
        Assert.Equal(5, plan.Nodes.Length);
        Assert.Null(plan[5].ActualRows);
        Assert.Contains("cut off at line 12", Assert.Single(plan.Notes), StringComparison.Ordinal);
    }

    [Fact]
    public void A_plan_whose_top_is_missing_is_read_from_its_first_whole_branch()
    {
        var plan = PlanReader.Read(string.Join('\n', Bare.Split('\n').Skip(19)));
        Assert.Equal("Hash", plan.Root.Type);
        Assert.Contains(plan.Notes, n => n.Contains("top of the plan is missing", StringComparison.Ordinal));
    }
}
