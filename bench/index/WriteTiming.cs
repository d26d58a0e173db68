using System.Text.Json;
using AgentHost.Sql.Queries;
using Npgsql;

namespace AgentHost.Bench.Index;

/// <summary>How one write did, for each row that it wrote.</summary>
/// <param name="Milliseconds">Its time, the least of several runs.</param>
/// <param name="WalBytes">Its write-ahead log, the least of several runs: a page's first image after a checkpoint is the machine's mood, not the index's.</param>
/// <param name="Hot">The share of its updates that wrote no index entry; null where it updates nothing.</param>
internal sealed record WriteTiming(double Milliseconds, double WalBytes, double? Hot)
{
    /// <summary>Runs the write four times in the open transaction, each undone.</summary>
    public static async Task<WriteTiming> MeasureAsync(NpgsqlConnection connection, WeightedQuery write, int runs = 4)
    {
        var all = new List<WriteTiming>();
        for (var run = 0; run < runs; run++)
        {
            await MadeDatabase.RunAsync(connection, "savepoint written");
            all.Add(await RunAsync(connection, write.Sql));
            await MadeDatabase.RunAsync(connection, "rollback to savepoint written; release savepoint written");
        }
        return new WriteTiming(all.Min(timing => timing.Milliseconds), all.Min(timing => timing.WalBytes), all[0].Hot);
    }

    private static async Task<WriteTiming> RunAsync(NpgsqlConnection connection, string sql)
    {
        const string Updates = "select json_build_array(coalesce(sum(n_tup_ins + n_tup_upd + n_tup_del), 0), coalesce(sum(n_tup_upd), 0), coalesce(sum(n_tup_hot_upd), 0))::text from pg_stat_xact_user_tables";
        var before = JsonSerializer.Deserialize<long[]>((await MadeDatabase.ScalarAsync(connection, Updates))!)!;
        using var json = JsonDocument.Parse((await MadeDatabase.ScalarAsync(connection, $"explain (analyze, wal, timing off, format json) {sql}"))!);
        var after = JsonSerializer.Deserialize<long[]>((await MadeDatabase.ScalarAsync(connection, Updates))!)!;
        var (rows, updates, hot) = (after[0] - before[0], after[1] - before[1], after[2] - before[2]);
        if (rows == 0)
            throw new InvalidOperationException($"It wrote no row: {sql}");
        var root = json.RootElement[0];
        return new WriteTiming(root.GetProperty("Execution Time").GetDouble() / rows, root.GetProperty("Plan").GetProperty("WAL Bytes").GetDouble() / rows, updates > 0 ? (double)hot / updates : null);
    }
}
