using System.Text.Json;

namespace AgentHost.Skills.RecommendIndex.Verification;

/// <summary>What an entry of an index costs a write.</summary>
/// <param name="Milliseconds">What it takes longer.</param>
/// <param name="WalBytes">Bytes of WAL more.</param>
/// <param name="WalRatio">WAL of the row with the index, as a multiple of that without.</param>
internal sealed record EntryPrice(double Milliseconds, double WalBytes, double WalRatio);

/// <summary>
/// Measures what indexes cost writes: rows are written anew in a transaction that is rolled back. The pages of freshly made tables are full, so that each new
/// version goes to another page and into every index, as an inserted row does.
/// </summary>
internal sealed class WritePrice(MeasuringBench bench)
{
    private const int Rows = 2000, Runs = 3;

    private readonly Dictionary<string, (double Milliseconds, double Bytes, double Rows)?> known = new(StringComparer.Ordinal);

    /// <summary>The price of an entry of an index; null where its table has no row that can be written.</summary>
    public async Task<EntryPrice?> OfAsync(BuiltIndex index, IReadOnlyDictionary<string, string?> writable, CancellationToken ct)
    {
        if (!writable.TryGetValue(index.Table, out var column) || column is null)
            return null;
        var without = await RunAsync(index.Table, column, [], ct);
        var with = await RunAsync(index.Table, column, [index], ct);
        if (without is not { Rows: > 0 } || with is null)
            return null;
        return new EntryPrice(
            Math.Max(0, with.Value.Milliseconds - without.Value.Milliseconds) / without.Value.Rows, Math.Max(0, with.Value.Bytes - without.Value.Bytes) / without.Value.Rows,
            without.Value.Bytes > 0 ? with.Value.Bytes / without.Value.Bytes : 1);
    }

    private async Task<(double Milliseconds, double Bytes, double Rows)?> RunAsync(string table, string column, IReadOnlyList<BuiltIndex> kept, CancellationToken ct)
    {
        var key = table + string.Concat(kept.Select(index => index.Name));
        if (known.TryGetValue(key, out var result))
            return result;
        result = await bench.WithAsync(kept.ToHashSet(), async () =>
        {
            foreach (var gin in kept.Where(index => index.Method == "gin"))
                await bench.ExecuteAsync($"alter index {gin.Name} set (fastupdate = off)", ct); // a pending list only puts the work off
            var literal = $"'{table.Replace("'", "''", StringComparison.Ordinal)}'::regclass";
            await bench.ExecuteAsync(
                $"create temp table picked on commit drop as select ctid as place from {table} where hashtid(ctid) % greatest(1, (select reltuples / {Rows} from pg_class where oid = {literal})::int) = 0 limit {Rows}", ct);
            var rows = await bench.CountAsync("select count(*) from picked", ct);
            var sql = $"update {table} set {column} = {column} where ctid = any (array(select place from picked))";
            (double Milliseconds, double Bytes, double Rows)? best = null;
            for (var run = 0; run < Runs && !bench.IsOver; run++)
            {
                await bench.ExecuteAsync("savepoint batch", ct);
                var json = await bench.ExplainAsync("analyze, timing off, wal, format json", sql, ct);
                await bench.ExecuteAsync("rollback to batch", ct);
                using var document = JsonDocument.Parse(json);
                var root = document.RootElement[0];
                var plan = root.GetProperty("Plan");
                var time = root.GetProperty("Execution Time").GetDouble();
                var bytes = plan.TryGetProperty("WAL Bytes", out var wal) ? wal.GetDouble() : 0;
                // The first run writes images of whole pages, too.
                if (best is not { } shortest || time < shortest.Milliseconds || bytes < shortest.Bytes)
                    best = (Math.Min(time, best?.Milliseconds ?? time), Math.Min(bytes, best?.Bytes ?? bytes), rows);
            }

            return best;
        }, ct);
        known[key] = result;
        return result;
    }
}
