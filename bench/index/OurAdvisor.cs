using System.Collections.Immutable;
using System.Diagnostics;
using AgentHost.Postgres;
using AgentHost.Skills.RecommendIndex;

namespace AgentHost.Bench.Index;

/// <summary>AgentHost's own advice, as its command gives it: over an ordinary connection that only reads.</summary>
internal static class OurAdvisor
{
    public static async Task<(Advice Advice, IndexResult Result)> AdviseAsync(ScratchDatabase database, string queriesText, bool verify)
    {
        await using var target = await ReadOnlyTarget.ConnectAsync("bench", database.ConnectionString);
        var clock = Stopwatch.StartNew();
        var result = await RecommendIndexEngine.RunAsync(Request(target, queriesText, verify));
        var seconds = clock.Elapsed.TotalSeconds;
        var drops = result.Drops.Where(one => !one.IsQuestion).Select(one => one.Index).Concat(result.Recommendations.SelectMany(one => one.Replaces));
        return (new Advice([.. result.Recommendations.SelectMany(Statements)], [.. drops.Select(index => index[(index.LastIndexOf('.') + 1)..]).Distinct().Order(StringComparer.Ordinal)], seconds, result.Workload.PlannerCalls), result);
    }

    private static IndexRequest Request(ReadOnlyTarget target, string queriesText, bool verify) => new() { Target = target, QueriesText = queriesText, VerifySeconds = verify ? IndexRequest.DefaultVerifySeconds : null };

    private static IEnumerable<string> Statements(IndexRecommendation one) =>
        [.. one.Requires.Select(statement => statement.Replace("CREATE EXTENSION", "CREATE EXTENSION IF NOT EXISTS", StringComparison.Ordinal)), one.Sql.TrimEnd().TrimEnd(';')];
}
