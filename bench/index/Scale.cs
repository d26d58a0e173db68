using System.Diagnostics;
using System.Globalization;
using System.Text;
using AgentHost.Postgres;

namespace AgentHost.Bench.Index;

/// <summary>How long advice alone takes for many queries over many tables.</summary>
internal static class Scale
{
    private static readonly string[] Shapes =
    [
        "SELECT id, title FROM {0} WHERE tenant_id = {2} AND state = 'open' ORDER BY created_at DESC LIMIT 20",
        "SELECT count(*) FROM {0} WHERE owner_id = {2} AND deleted_at IS NULL",
        "SELECT a.id, b.title FROM {0} AS a JOIN {1} AS b ON b.parent_id = a.id WHERE a.tenant_id = {2} AND b.state = 'waiting'",
        "SELECT id FROM {0} WHERE lower(title) = 'row {2}'",
        "SELECT tenant_id, sum(amount) FROM {0} WHERE created_at >= '2026-01-0{3}' AND created_at < '2026-01-1{3}' GROUP BY tenant_id",
        "SELECT id, amount FROM {0} WHERE tenant_id = {2} AND amount > 990 ORDER BY amount DESC LIMIT 10",
        "SELECT id FROM {0} WHERE parent_id = {2} OR owner_id = {2}",
        "SELECT id, attrs FROM {0} WHERE attrs @> '{{\"k\": {2}}}'",
        "SELECT id FROM {0} AS a WHERE state = 'open' AND NOT EXISTS (SELECT FROM {1} AS b WHERE b.parent_id = a.id) AND owner_id = {2}",
        "UPDATE {0} SET state = 'done' WHERE id = {2}",
    ];

    public static async Task RunAsync(PrivateServer server)
    {
        Console.WriteLine("| queries | tables | indexes | s |\n|--:|--:|--:|--:|");
        foreach (var (queries, tables) in ((int, int)[])[(50, 40), (1000, 200)])
        {
            await using var scratch = await server.CreateScratchAsync();
            await scratch.ExecuteAsync(Tables(tables));
            await using (var connection = await scratch.OpenAsync())
                await MadeDatabase.RunAsync(connection, "vacuum analyze");
            await scratch.AddExtensionAsync("hypopg");
            var clock = Stopwatch.StartNew();
            var (advice, _) = await OurAdvisor.AdviseAsync(scratch, Queries(queries, tables), verify: false);
            Console.WriteLine($"| {queries} | {tables} | {advice.Create.Length} | {clock.Elapsed.TotalSeconds:F1} |");
        }
    }

    private static string Tables(int count)
    {
        var text = new StringBuilder("SELECT setseed(0.5);\n");
        for (var n = 0; n < count; n++)
        {
            text.Append(CultureInfo.InvariantCulture, $$"""
                CREATE TABLE t{{n:D3}} (id integer GENERATED ALWAYS AS IDENTITY PRIMARY KEY, tenant_id integer NOT NULL, owner_id integer NOT NULL, parent_id integer, title text NOT NULL, state text NOT NULL,
                    amount numeric(10, 2) NOT NULL, attrs jsonb NOT NULL, created_at timestamptz NOT NULL, deleted_at timestamptz);
                INSERT INTO t{{n:D3}} (tenant_id, owner_id, parent_id, title, state, amount, attrs, created_at, deleted_at)
                SELECT 1 + floor(power(random(), 2) * 50), n % 700, n / 3, 'Row ' || n, (ARRAY['done', 'done', 'done', 'open', 'waiting'])[1 + n % 5], random() * 1000, jsonb_build_object('k', n % 300, 'pad', repeat('x', 60)),
                    timestamptz '2026-01-01 00:00:00+00' + n * interval '10 minutes', CASE WHEN random() < 0.9 THEN timestamptz '2026-06-01 00:00:00+00' END
                FROM generate_series(1, {{2000 + n % 7 * 1500}}) AS n;

                """);
        }
        return text.ToString();
    }

    private static string Queries(int count, int tables)
    {
        var text = new StringBuilder();
        for (var n = 0; n < count; n++)
        {
            var sql = string.Format(CultureInfo.InvariantCulture, Shapes[(n / tables + n) % Shapes.Length], $"t{n % tables:D3}", $"t{(n + 1 + n / tables) % tables:D3}", 1 + n % 40, 1 + n % 8);
            text.Append(CultureInfo.InvariantCulture, $"-- name: query {n}\n-- weight: {1 + n % 13}\n{sql};\n");
        }
        return text.ToString();
    }
}
