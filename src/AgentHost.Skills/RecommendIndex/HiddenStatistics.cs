using System.Collections.Immutable;
using System.Text.Json;
using AgentHost.Postgres;
using AgentHost.Sql;
using Npgsql;

namespace AgentHost.Skills.RecommendIndex;

/// <summary>
/// Asks the planner for what <c>pg_stats</c> hides (row-level security): its own statistics answer in the estimate of a GROUP BY, as the number of
/// groups and the width of a row. Where it may not be asked either, widths come from the types and the table's density.
/// </summary>
internal static class HiddenStatistics
{
    /// <summary>Columns of one table that are asked about; the planner is quick, but not free.</summary>
    private const int MaxColumns = 100;

    /// <summary>Bytes of a page that rows fill, and of a row that are not columns (header and line pointer).</summary>
    private const double PageBytes = 8192 - 24, RowOverhead = 28;

    /// <summary>What the planner takes for a value of a type without limit (<c>get_typavgwidth</c>).</summary>
    private const int UnknownWidth = 32;

    /// <summary>The table with estimated widths and numbers of values; as it is where statistics are seen or there is nothing to size.</summary>
    public static async Task<TableFacts> FillAsync(NpgsqlConnection open, TableFacts table, CancellationToken ct)
    {
        if (table.ShowsStatistics || !table.IsIndexable)
            return table;
        var asked = table.IsAnalyzed ? await AskAsync(open, table, ct) : [];
        // Where nobody counted, the size of the file tells more than nothing.
        if (table.Rows < 1)
            table = table with { Rows = table.Pages * PageBytes / (RowOverhead + table.Columns.Values.Sum(c => c.TypeLength > 0 ? c.TypeLength : UnknownWidth)) };
        var shared = VaryingWidth(table);
        return table with
        {
            Columns = table.Columns.ToImmutableDictionary(
                c => c.Key,
                c => asked.TryGetValue(c.Key, out var told) ? c.Value with { Width = told.Width, RawDistinct = told.Distinct }
                    // Nothing is known of its values: no entry is taken to be shared.
                    : c.Value with { Width = c.Value.TypeLength > 0 ? c.Value.TypeLength : shared, RawDistinct = -1 },
                StringComparer.Ordinal),
        };
    }

    // What fixed-size columns leave of a row is divided among the others.
    private static int VaryingWidth(TableFacts table)
    {
        var row = (table.Pages * PageBytes / table.Rows) - RowOverhead;
        var varying = table.Columns.Values.Count(c => c.TypeLength < 0);
        return varying == 0 ? 0 : (int)Math.Clamp((row - table.Columns.Values.Where(c => c.TypeLength > 0).Sum(c => c.TypeLength)) / varying, 4, 1000);
    }

    private static async Task<Dictionary<string, (int Width, double Distinct)>> AskAsync(NpgsqlConnection open, TableFacts table, CancellationToken ct)
    {
        var found = new Dictionary<string, (int, double)>(StringComparer.Ordinal);
        var name = SqlIdentifier.Quote(table.Name);
        if ((await PlanningGate.RefusalsAsync(open, [$"select * from {name}"], ct))[0] is not null)
            return found;
        await ExecuteAsync(open, "savepoint agenthost_statistics", ct);
        try
        {
            if (table.Columns.Values.FirstOrDefault(c => c.IsReadable) is not { } any)
                return found;
            var (rows, _) = await EstimateAsync(open, $"select {SqlIdentifier.Quote(any.Name)} from {name}", ct);
            foreach (var column in table.Columns.Values.Where(c => c is { IsReadable: true, IsBtreeKey: true }).OrderBy(c => c.Number).Take(MaxColumns))
            {
                var quoted = SqlIdentifier.Quote(column.Name);
                var (groups, width) = await EstimateAsync(open, $"select {quoted} from {name} group by {quoted}", ct);
                found[column.Name] = (width, Distinct(groups, rows, table.Rows));
            }
        }
        catch (PostgresException e) when (e.SqlState[..2] is not ("08" or "57"))
        {
            // A policy that cannot be planned (a setting that is not set) or a table that may not be read: the types must do.
            await ExecuteAsync(open, "rollback to savepoint agenthost_statistics", ct);
        }
        await ExecuteAsync(open, "release savepoint agenthost_statistics", ct);
        return found;
    }

    /// <summary>
    /// How many values the planner must know of to expect that many groups among the rows that a policy leaves: its formula (selfuncs.c,
    /// estimate_num_groups), groups = d × (1 − (1 − rows ÷ all)^(all ÷ d)), solved for d by halving.
    /// </summary>
    internal static double Distinct(double groups, double rows, double all)
    {
        var left = Math.Clamp(rows / all, 0, 1);
        double Groups(double d) => d * (1 - Math.Pow(1 - left, all / d));
        var (low, high) = (Math.Min(Math.Max(1, groups), all), all);
        // Estimates are whole rows: half a row more could be all of them.
        if (groups + 0.5 >= Groups(all))
            return all;
        for (var i = 0; i < 50; i++)
        {
            var middle = (low + high) / 2;
            (low, high) = Groups(middle) < groups ? (middle, high) : (low, middle);
        }
        return low;
    }

    private static async Task<(double Rows, int Width)> EstimateAsync(NpgsqlConnection open, string query, CancellationToken ct)
    {
        await using var command = new NpgsqlCommand($"explain (format json) {query}", open);
        using var plan = JsonDocument.Parse((string)(await command.ExecuteScalarAsync(ct))!);
        var root = plan.RootElement[0].GetProperty("Plan");
        return (root.GetProperty("Plan Rows").GetDouble(), root.GetProperty("Plan Width").GetInt32());
    }

    private static async Task ExecuteAsync(NpgsqlConnection open, string sql, CancellationToken ct)
    {
        await using var command = new NpgsqlCommand(sql, open);
        await command.ExecuteNonQueryAsync(ct);
    }
}
