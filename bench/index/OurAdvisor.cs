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
        return (new Advice([.. result.Recommendations.SelectMany(one => Statements(one))], [.. result.Redundant.Select(one => one.Index[(one.Index.LastIndexOf('.') + 1)..])], seconds), result);
    }

    private static IndexRequest Request(ReadOnlyTarget target, string queriesText, bool verify) => new() { Target = target, QueriesText = queriesText };

    private static ImmutableArray<string> Statements(IndexRecommendation one) => [one.Sql.TrimEnd().TrimEnd(';')];
}
