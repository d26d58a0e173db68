using System.Collections.Immutable;
using System.Text.Json;
using AgentHost.Sql.Queries;
using Npgsql;

namespace AgentHost.Bench.Index;

/// <summary>How one read did.</summary>
/// <param name="Milliseconds">Executed, warm, the median.</param>
/// <param name="Cost">The planner's total cost.</param>
/// <param name="Indexes">The indexes that the plan reads.</param>
internal sealed record ReadTiming(double Milliseconds, double Cost, ImmutableSortedSet<string> Indexes)
{
    /// <summary>Runs the query once to warm, then up to five times: fewer where it is slow.</summary>
    public static async Task<ReadTiming> MeasureAsync(NpgsqlConnection connection, WeightedQuery query, bool quick = false)
    {
        var first = await RunAsync(connection, query.Sql);
        var times = new List<double>();
        var runs = quick ? 1 : first.Milliseconds switch { > 1000 => 1, > 100 => 3, _ => 5 };
        for (var run = 0; run < runs; run++)
            times.Add((await RunAsync(connection, query.Sql)).Milliseconds);
        times.Sort();
        return first with { Milliseconds = times[times.Count / 2] };
    }

    private static async Task<ReadTiming> RunAsync(NpgsqlConnection connection, string sql)
    {
        using var json = JsonDocument.Parse((await MadeDatabase.ScalarAsync(connection, $"explain (analyze, timing off, format json) {sql}"))!);
        var root = json.RootElement[0];
        var indexes = ImmutableSortedSet.CreateBuilder<string>(StringComparer.Ordinal);
        Collect(root.GetProperty("Plan"), indexes);
        return new ReadTiming(root.GetProperty("Execution Time").GetDouble(), root.GetProperty("Plan").GetProperty("Total Cost").GetDouble(), indexes.ToImmutable());
    }

    private static void Collect(JsonElement node, ImmutableSortedSet<string>.Builder indexes)
    {
        if (node.TryGetProperty("Index Name", out var name))
            indexes.Add(name.GetString()!);
        if (!node.TryGetProperty("Plans", out var plans))
            return;
        foreach (var child in plans.EnumerateArray())
            Collect(child, indexes);
    }
}
