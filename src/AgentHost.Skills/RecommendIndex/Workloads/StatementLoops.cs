using System.Collections.Immutable;

namespace AgentHost.Skills.RecommendIndex.Workloads;

/// <summary>A look-up that a log shows to run again and again right behind another statement, in its session, each time for another value.</summary>
/// <param name="List">The statement before it.</param>
/// <param name="LookUp">The look-up.</param>
/// <param name="Times">How many times that was seen.</param>
/// <param name="Runs">How many runs of the look-up these were in all.</param>
internal sealed record StatementLoop(string List, string LookUp, int Times, int Runs);

/// <summary>A run in the order of the log.</summary>
/// <param name="Session">Who ran it.</param>
/// <param name="Statement">What is the same for all its runs.</param>
/// <param name="IsLookUp">Whether it reads one table by a value.</param>
/// <param name="Values">What differs from run to run.</param>
internal sealed record OrderedRun(string Session, string Statement, bool IsLookUp, string Values);

/// <summary>Finds loops of look-ups in a log. Where a pool mixes clients in one session, runs that other clients' statements tear apart are not found.</summary>
internal static class StatementLoops
{
    /// <summary>As many look-ups for other values in one go are a loop …</summary>
    private const int LeastInLoop = 5;

    /// <summary>… if this share of all its runs is in such loops, and so many of them.</summary>
    private const double LeastShare = 0.8;

    private const int LeastRuns = 10, MostInLoop = 2_000;

    public static ImmutableArray<StatementLoop> Of(IReadOnlyCollection<OrderedRun> runs)
    {
        var found = new Dictionary<(string List, string LookUp), (int Times, int Runs)>();
        foreach (var session in runs.GroupBy(r => r.Session))
            InSession([.. session], found);
        var all = runs.CountBy(r => r.Statement).ToDictionary(c => c.Key, c => c.Value, StringComparer.Ordinal);
        return
        [
            .. found.Select(f => new StatementLoop(f.Key.List, f.Key.LookUp, f.Value.Times, f.Value.Runs)).Where(l => l.Runs >= LeastRuns && l.Runs >= LeastShare * all[l.LookUp])
                .OrderByDescending(l => l.Runs).ThenBy(l => l.LookUp, StringComparer.Ordinal),
        ];
    }

    private static void InSession(List<OrderedRun> runs, Dictionary<(string, string), (int Times, int Runs)> found)
    {
        for (var start = 0; start < runs.Count; start++)
        {
            var end = start + 1;
            while (end < runs.Count && end - start <= MostInLoop && runs[end].IsLookUp && runs[end].Statement != runs[start].Statement)
                end++;
            var looked = runs[(start + 1)..end].GroupBy(r => r.Statement).Where(g => g.DistinctBy(r => r.Values).Count() >= LeastInLoop).ToDictionary(g => g.Key, g => g.Count(), StringComparer.Ordinal);
            if (looked.Count == 0)
                continue;
            foreach (var (lookUp, count) in looked)
            {
                // Two look-ups for each row alternate: the statement before both is the one that gave the rows.
                var list = runs.FindIndex(start + 1, r => r.Statement == lookUp) - 1;
                while (list > start && looked.ContainsKey(runs[list].Statement))
                    list--;
                var key = (runs[list].Statement, lookUp);
                var (times, all) = found.GetValueOrDefault(key);
                found[key] = (times + 1, all + count);
            }
            start = end - 1;
        }
    }
}
