using System.Text.Json;
using Npgsql;

namespace AgentHost.Skills.RecommendIndex.Verification;

/// <summary>What an entry of an index costs a write.</summary>
/// <param name="Milliseconds">What it takes longer.</param>
/// <param name="WalBytes">Bytes of WAL more.</param>
/// <param name="WalRatio">WAL of the row with the index, as a multiple of that without.</param>
internal sealed record EntryPrice(double Milliseconds, double WalBytes, double WalRatio);

/// <summary>
/// Measures what indexes cost writes: rows are written anew, again and again, in a transaction that is rolled back. The first runs fill up what room their
/// pages have (HOT, without entries) and log whole pages; once these are full each new version goes elsewhere and into every index, as an inserted row does.
/// </summary>
internal sealed class WritePrice(MeasuringBench bench)
{
    private const int Rows = 2000, Runs = 3, MostRuns = 10;

    /// <summary>So few images of whole pages a row are as good as none, and so few HOT updates.</summary>
    private const double Few = 0.2;

    /// <summary>From so few images a row on their bytes, which are only known about, are less than what is measured: a checkpoint in between, as other sessions cause them, brings images again.</summary>
    private const double Hardly = 0.005;

    private readonly Dictionary<string, WriteRun?> known = new(StringComparer.Ordinal);

    /// <summary>Runs of a table, with the bytes of WAL without images of whole pages, and how many rows went into indexes.</summary>
    private sealed record WriteRun(double Milliseconds, double Bytes, double Rows);

    /// <summary>The price of an entry of an index; null where its table has no row that can be written.</summary>
    public async Task<EntryPrice?> OfAsync(BuiltIndex index, IReadOnlyDictionary<string, string?> writable, CancellationToken ct)
    {
        if (!writable.TryGetValue(index.Table, out var column) || column is null)
            return null;
        if (!known.TryGetValue(index.Table, out var without))
            known[index.Table] = without = await RunAsync(index.Table, column, [], ct);
        if (without is not { Rows: > 0 } || await RunAsync(index.Table, column, [index], ct) is not { } with)
            return null;
        return new EntryPrice(
            Math.Max(0, with.Milliseconds - without.Milliseconds) / without.Rows, Math.Max(0, with.Bytes - without.Bytes) / without.Rows, without.Bytes > 0 ? Math.Max(1, with.Bytes / without.Bytes) : 1);
    }

    /// <summary>Takes away what the runs left behind: statements are to read as many pages as before.</summary>
    public async Task TidyAsync(CancellationToken ct)
    {
        foreach (var table in known.Keys)
        {
            try
            {
                await bench.ExecuteAsync($"set statement_timeout = {bench.Left}", ct);
                await bench.ExecuteAsync($"vacuum (index_cleanup on, parallel 0) {table}", ct);
            }
            catch (PostgresException e) when (e.SqlState == PostgresErrorCodes.QueryCanceled && !ct.IsCancellationRequested)
            {
                continue; // all statements read what is left over alike
            }
        }

        await bench.ExecuteAsync("set statement_timeout = 0", ct);
    }

    private async Task<WriteRun?> RunAsync(string table, string column, IReadOnlyList<BuiltIndex> kept, CancellationToken ct)
    {
        try
        {
            return await bench.WithAsync(kept.ToHashSet(), () => SeriesAsync(table, column, kept, ct), ct);
        }
        catch (PostgresException) when (!ct.IsCancellationRequested)
        {
            return null; // a row that cannot be written, or not in time
        }
    }

    private async Task<WriteRun?> SeriesAsync(string table, string column, IReadOnlyList<BuiltIndex> kept, CancellationToken ct)
    {
        foreach (var gin in kept.Where(index => index.Method == "gin"))
            await bench.ExecuteAsync($"alter index {gin.Name} set (fastupdate = off)", ct); // a pending list only puts the work off
        var literal = $"'{table.Replace("'", "''", StringComparison.Ordinal)}'::regclass";
        await bench.ExecuteAsync(
            $"create temp table picked on commit drop as select ctid as place from {table} where hashtid(ctid) % greatest(1, (select reltuples / {Rows} from pg_class where oid = {literal})::int) = 0 limit {Rows}", ct);
        var rows = await bench.CountAsync("select count(*) from picked", ct);
        // Whose next version is where the last run put it.
        var sql = $"with written as (update {table} set {column} = {column} where ctid = any (array(select place from picked)) returning ctid) insert into next select ctid from written";
        var runs = new List<(double Milliseconds, double Bytes, double Images, double Hot)>();
        double hot = 0;
        while (runs.Count < MostRuns && !bench.IsOver && (runs.Count(run => run.Images <= Few * rows && run.Hot <= Few * rows) < Runs || !runs.Exists(run => run.Images <= Hardly * rows && run.Hot <= Few * rows)))
        {
            await bench.ExecuteAsync("create temp table next (place tid) on commit drop", ct);
            var json = await bench.ExplainAsync("analyze, timing off, wal, format json", sql, ct);
            await bench.ExecuteAsync("drop table picked; alter table next rename to picked", ct);
            using var document = JsonDocument.Parse(json);
            var plan = document.RootElement[0].GetProperty("Plan");
            double Number(string name) => plan.TryGetProperty(name, out var value) ? value.GetDouble() : 0;
            var all = await bench.CountAsync($"select coalesce(max(n_tup_hot_upd), 0) from pg_catalog.pg_stat_xact_user_tables where relid = {literal}", ct);
            runs.Add((document.RootElement[0].GetProperty("Execution Time").GetDouble(), Number("WAL Bytes"), Number("WAL FPI"), all - hot));
            hot = all;
        }

        if (runs.Count == 0)
            return null;
        // How large an image is, the runs with more and with fewer of them tell.
        var (most, fewest) = (runs.MaxBy(run => run.Images), runs.MinBy(run => run.Images));
        var image = most.Images - fewest.Images > Few * rows ? Math.Clamp((most.Bytes - fewest.Bytes) / (most.Images - fewest.Images), 0, 8192) : 0;
        var settled = runs.Where(run => run.Images <= Few * rows && run.Hot <= Few * rows).DefaultIfEmpty(runs.MinBy(run => run.Hot + run.Images)).ToList();
        var plain = settled.MinBy(run => run.Images);
        return new WriteRun(settled.Min(run => run.Milliseconds), Math.Max(0, plain.Bytes - (image * plain.Images)), rows);
    }
}
