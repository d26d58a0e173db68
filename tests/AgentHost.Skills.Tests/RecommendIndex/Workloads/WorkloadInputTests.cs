using AgentHost.Postgres.Catalog;
using AgentHost.Skills.RecommendIndex.Workloads;

namespace AgentHost.Skills.Tests.RecommendIndex.Workloads;

public sealed class WorkloadInputTests
{
    // As PostgreSQL 17 wrote it, with auto_explain in text, then in JSON.
    private static readonly string Plain = """
        2026-11-22 05:34:00.709 UTC [15742] LOG:  database system is ready to accept connections
        2026-11-22 05:34:20.487 UTC [16068] LOG:  duration: 10.384 ms  statement: create table tasks (id int primary key);
        2026-11-22 05:34:20.503 UTC [16068] LOG:  duration: 0.061 ms  plan:
        >Query Text: SELECT id, title
        >  FROM tasks -- the "newest", of one
        > WHERE tenant_id = 7 AND status = 'open'
        > ORDER BY created_at DESC;
        >Sort  (cost=23.43..23.48 rows=20 width=22)
        >  Sort Key: created_at DESC
        >  ->  Seq Scan on tasks  (cost=0.00..23.00 rows=20 width=22)
        >        Filter: ((tenant_id = 7) AND (status = 'open'::text))
        2026-11-22 05:34:20.503 UTC [16068] LOG:  duration: 0.543 ms  statement: SELECT id, title
        >  FROM tasks -- the "newest", of one
        > WHERE tenant_id = 7 AND status = 'open'
        > ORDER BY created_at DESC;
        2026-11-22 05:34:20.504 UTC [16068] LOG:  duration: 0.036 ms  plan:
        >Query Text: select ID, title from tasks where tenant_id = 9 and status = 'open' order by created_at desc;
        >Sort  (cost=23.43..23.48 rows=20 width=22)
        >  Sort Key: created_at DESC
        2026-11-22 05:34:20.504 UTC [16068] LOG:  duration: 0.015 ms  plan:
        >Query Text: SELECT id FROM tasks WHERE id IN (1, 2, 3);
        >Index Only Scan using tasks_pkey on tasks  (cost=0.28..12.61 rows=3 width=4)
        >  Index Cond: (id = ANY ('{1,2,3}'::integer[]))
        2026-11-22 05:34:20.504 UTC [16068] LOG:  duration: 0.003 ms  plan:
        >Query Text: SELECT id FROM tasks WHERE id IN (4, 5);
        >Index Only Scan using tasks_pkey on tasks  (cost=0.28..12.59 rows=2 width=4)
        2026-11-22 05:34:20.504 UTC [16068] ERROR:  relation "nowhere" does not exist at character 20
        2026-11-22 05:34:20.504 UTC [16068] STATEMENT:  SELECT broken FROM nowhere;
        2026-11-22 05:34:21.583 UTC [16087] LOG:  duration: 0.009 ms  plan:
        >{
        >  "Query Text": "SELECT title FROM tasks WHERE id = $1 AND status = $2",
        >  "Query Parameters": "$1 = '5', $2 = 'it''s'",
        >  "Plan": {
        >    "Node Type": "Index Scan"
        >  }
        >}
        2026-11-22 05:34:22.100 UTC [16087] LOG:  duration: 0.020 ms  plan:
        >Query Text: SELECT title FROM tasks WHERE id = $1 AND status = $2
        >Query Parameters: $1 = '6', $2 = NULL
        >Index Scan using tasks_pkey on tasks  (cost=0.28..8.29 rows=1 width=10)
        2026-11-22 05:34:22.200 UTC [16087] LOG:  duration: 0.003 ms  bind <unnamed>: SELECT max(id) FROM tasks WHERE tenant_id = $1
        2026-11-22 05:34:22.200 UTC [16087] LOG:  duration: 0.312 ms  execute <unnamed>: SELECT max(id) FROM tasks WHERE tenant_id = $1
        2026-11-22 05:34:22.200 UTC [16087] DETAIL:  Parameters: $1 = '42'
        2026-11-22 05:34:22.300 UTC [16087] LOG:  duration: 7.000 ms  statement: SELECT id FROM tasks WHERE title =
        2026-11-22 05:34:22.400 UTC [16087] LOG:  duration: 0.100 ms  plan:
        >Query Text: SELECT id FROM tasks WHERE
        """.Replace("\n>", "\n\t", StringComparison.Ordinal);

    [Fact]
    public void A_log_is_grouped_by_shape_and_weighted_by_runs()
    {
        var input = WorkloadInput.Read(Plain);
        var open = input.Queries.Single(q => q.Sql.Contains("newest", StringComparison.Ordinal));
        // The constant that is always the same belongs to the statement; the other is a parameter. Both ways of logging tell of the same run.
        Assert.Contains("WHERE tenant_id = $1 AND status = 'open'", open.Sql, StringComparison.Ordinal);
        Assert.Equal(2, open.Weight);
        Assert.Equal(2, open.Samples.Length);
        Assert.EndsWith("ORDER BY created_at DESC", open.Sql, StringComparison.Ordinal);

        var lists = input.Queries.Single(q => q.Sql.Contains(" IN (", StringComparison.Ordinal));
        Assert.Equal(2, lists.Weight);
        var bound = input.Queries.Single(q => q.Sql == "SELECT title FROM tasks WHERE id = $1 AND status = $2");
        Assert.Equal<string>(["SELECT title FROM tasks WHERE id = '5' AND status = 'it''s'", "SELECT title FROM tasks WHERE id = '6' AND status = NULL"], bound.Samples);
        var executed = input.Queries.Single(q => q.Sql.StartsWith("SELECT max(id)", StringComparison.Ordinal));
        Assert.Equal(("SELECT max(id) FROM tasks WHERE tenant_id = '42'", 1.0), (executed.Samples.Single(), executed.Weight));
        Assert.Equal(4, input.Queries.Length);
        Assert.Contains(input.Skipped, s => s.Reason.Contains("cut off", StringComparison.Ordinal) && s.Reason.Contains("title =", StringComparison.Ordinal));
        Assert.Contains(input.Skipped, s => s.Query == "log" && s.Reason.Contains("1 message was not read", StringComparison.Ordinal));
    }

    [Fact]
    public void A_log_reads_the_same_as_csv_and_as_json()
    {
        const string csv = """
            2026-11-22 05:34:00.709 UTC,,,15742,,6b027ec8.3d7e,3,,2026-11-22 05:34:00 UTC,,0,LOG,00000,"database system is ready to accept connections",,,,,,,,,"","postmaster",,0
            2026-11-22 05:34:20.493 UTC,"postgres","postgres",16068,"[local]",6b027edc.3ec4,2,"INSERT",2026-11-22 05:34:20 UTC,0/3,739,LOG,00000,"duration: 1.471 ms  plan:
            Query Text: SELECT 'Task ""' || title
            FROM tasks WHERE id = 5;
            Seq Scan on tasks  (cost=0.00..25.00 rows=0 width=0)
              Filter: (id = 5)",,,,,,,,,"psql","client backend",,0
            2026-11-22 05:34:20.500 UTC,"postgres","postgres",16068,"[local]",6b027edc.3ec4,4,"SELECT",2026-11-22 05:34:20 UTC,0/0,0,LOG,00000,"duration: 1.249 ms  execute <unnamed>: SELECT title FROM tasks WHERE id = $1","parameters: $1 = '6'",,,,,,,,"psql","client backend",,0
            2026-11-22 05:34:20.500 UTC,"postgres","postgres",16068,"[local]",6b027edc.3ec4,5,"SELECT",2026-11-22 05:34:20 UTC,0/0,0,LOG,00000,"duration: 1.249 ms  statement: SELECT cut
            """;
        const string json = """
            {"timestamp":"2026-11-22 05:34:20.500 UTC","user":"postgres","error_severity":"LOG","message":"database system is ready"}
            {"timestamp":"2026-11-22 05:34:20.503 UTC","user":"postgres","dbname":"postgres","pid":16068,"error_severity":"LOG","message":"duration: 0.061 ms  plan:\nQuery Text: SELECT 'Task \"' || title\nFROM tasks WHERE id = 5;\nSeq Scan on tasks  (cost=23.43..23.48 rows=20 width=22)\n  Filter: (id = 5)","application_name":"psql"}
            {"timestamp":"2026-11-22 05:34:20.504 UTC","error_severity":"LOG","message":"duration: 0.4 ms  execute q1: SELECT title FROM tasks WHERE id = $1","detail":"Parameters: $1 = '6'"}
            {"timestamp":"2026-11-22 05:34:20.504 UTC","error_severity":"LOG","message":"duration: 0.4 ms  exec
            """;
        foreach (var log in new[] { csv, json })
        {
            var queries = WorkloadInput.Read(log).Queries;
            Assert.Equal(["SELECT 'Task \"' || title\nFROM tasks WHERE id = 5", "SELECT title FROM tasks WHERE id = $1"], queries.Select(q => q.Sql).Order(StringComparer.Ordinal));
            Assert.Equal<string>(["SELECT title FROM tasks WHERE id = '6'"], queries.Single(q => q.Sql.Contains("$1", StringComparison.Ordinal)).Samples);
        }
    }

    [Fact]
    public void Statements_that_were_prepared_in_SQL_are_what_runs()
    {
        var input = WorkloadInput.Read("""
            2026-11-22 05:34:20.487 UTC [16068] LOG:  duration: 1.0 ms  statement: PREPARE by_title (text, numeric(10, 2)) AS SELECT id FROM tasks WHERE title = $1 AND price > $2;
            2026-11-22 05:34:20.487 UTC [16068] LOG:  duration: 0.5 ms  statement: EXECUTE by_title('it''s (5, 6)', 7.5);
            2026-11-22 05:34:20.487 UTC [16068] DETAIL:  prepare: PREPARE by_title (text, numeric(10, 2)) AS SELECT id FROM tasks WHERE title = $1 AND price > $2;
            2026-11-22 05:34:20.503 UTC [16068] LOG:  duration: 0.061 ms  plan:
            >Query Text: PREPARE p AS SELECT body FROM comments WHERE id = $1
            >Query Parameters: $1 = '5'
            >Index Scan using comments_pkey on comments  (cost=0.28..8.29 rows=1 width=10)
            """.Replace("\n>", "\n\t", StringComparison.Ordinal));
        Assert.Equal(["SELECT body FROM comments WHERE id = $1", "SELECT id FROM tasks WHERE title = $1 AND price > $2"], input.Queries.Select(q => q.Sql).Order(StringComparer.Ordinal));
        Assert.All(input.Queries, q => Assert.Equal(1, q.Weight));
        Assert.Equal("SELECT id FROM tasks WHERE title = 'it''s (5, 6)' AND price > 7.5", input.Queries.Single(q => q.Sql.Contains("tasks", StringComparison.Ordinal)).Samples.Single());
        var counted = WorkloadInput.Read(new CatalogSnapshot(170000, "", []) { Statements = [new StatementFigures("PREPARE p AS SELECT body FROM comments WHERE id = $1", 5, 1, 5)] }, "app");
        Assert.Equal("SELECT body FROM comments WHERE id = $1", Assert.Single(counted.Queries).Sql);
    }

    [Fact]
    public void A_file_of_queries_and_one_query_are_taken_as_they_are()
    {
        var file = WorkloadInput.Read("-- name: a\n-- weight: 5\nSELECT 1; -- duration: 5 ms  plan: of nobody\nSELECT 'LOG:  duration: x'");
        Assert.Equal(["a", "query 2"], file.Queries.Select(q => q.Name));
        Assert.Equal(5, file.Queries[0].Weight);
        Assert.Equal("SELECT 2", Assert.Single(WorkloadInput.Read("SELECT 2").Queries).Sql);
    }

    [Fact]
    public void Counted_statements_are_weighted_by_calls_and_cut_ones_named()
    {
        var snapshot = new CatalogSnapshot(170000, "", [])
        {
            Statements =
            [
                new StatementFigures("SELECT * FROM tasks WHERE tenant_id = $1", 500, 1000, 20_000),
                new StatementFigures("SELECT * FROM tasks WHERE tenant_id = $1 AND stat", 4, 900, 1),
                new StatementFigures("SELECT * FROM tasks WHERE tenant_id = ANY ($1", 3, 900, 1),
                new StatementFigures("SELECT relname FROM pg_class WHERE oid = $1", 9000, 10, 9000),
                new StatementFigures("SELECT * FRM tasks", 1, 10, 1),
                new StatementFigures("UPDATE tasks SET status = $1 WHERE id = $2", 40, 5, 40),
            ],
        };
        var input = WorkloadInput.Read(snapshot, "app");
        Assert.Equal([("statement 1", 500.0, (double?)40.0), ("statement 2", 4, 0.25), ("statement 5", 40, 1)], input.Queries.Select(q => (q.Name, q.Weight, q.RowsPerRun)));
        Assert.Equal(2, input.Skipped.Length);
        Assert.Contains("cut off", input.Skipped[0].Reason, StringComparison.Ordinal);
        Assert.Contains("does not parse", input.Skipped[1].Reason, StringComparison.Ordinal);
        Assert.Throws<SkillInputException>(() => WorkloadInput.Read(snapshot with { Statements = [] }, "app"));
    }

    [Fact]
    public void Names_stay_different_when_inputs_are_put_together()
    {
        var one = WorkloadInput.Read("SELECT 1; SELECT 2");
        Assert.Equal(["query 1", "query 2", "query 1 (2)"], one.With(WorkloadInput.Read("SELECT 3")).Queries.Select(q => q.Name));
    }
}
