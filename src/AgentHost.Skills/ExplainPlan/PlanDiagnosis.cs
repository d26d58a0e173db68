using System.Collections.Immutable;
using AgentHost.Skills.ExplainPlan.Detectors;

namespace AgentHost.Skills.ExplainPlan;

/// <summary>Runs the detectors over a plan and keeps one finding for each cause.</summary>
internal static class PlanDiagnosis
{
    /// <summary>Every detector; their order does not matter.</summary>
    public static ImmutableArray<IPlanDetector> Detectors() =>
    [
        new SeqScanSelectiveFilter(), new SeqScanExpressionFilter(), new SeqScanLeadingWildcard(), new SeqScanImplicitCast(), new MissingGinGist(),
        new IndexFilterDiscard(), new OrderByLimitWrongIndex(), new SortSpill(), new HashBatchesSpill(), new HashAggregateSpill(),
        new InnerScanRepeated(), new JoinFilterDiscard(), new IndexOnlyHeapFetches(), new CorrelatedSubplan(), new NotInSubplan(), new CartesianProduct(), new LargeOffset(),
        .. ScanDetectors.All,
        .. WorkDetectors.All,
    ];

    /// <summary>The causes, costliest first. A plan that was not run has none: estimates cannot show what went wrong.</summary>
    public static ImmutableArray<PlanProblem> Problems(QueryPlan plan, CancellationToken ct)
    {
        if (!plan.Analyzed)
            return [];
        var suspicions = new List<Suspicion>();
        foreach (var detector in Detectors())
        {
            ct.ThrowIfCancellationRequested();
            suspicions.AddRange(detector.Detect(plan));
        }
        var causes = new List<Suspicion>();
        var echoes = new HashSet<(string, int)>();
        // A cause that explains others speaks first, so that what it explains is silent; of those, one that nothing explains.
        var explained = suspicions.SelectMany(s => s.Echoes.Remove((s.Id, s.Node.Number))).ToHashSet();
        foreach (var suspicion in suspicions.OrderBy(s => explained.Contains((s.Id, s.Node.Number))).ThenByDescending(s => s.Echoes.Count > 0).ThenBy(s => s.Node.Number))
        {
            if (echoes.Contains((suspicion.Id, suspicion.Node.Number)))
                continue;
            causes.Add(suspicion);
            echoes.UnionWith(suspicion.Echoes);
        }
        return [.. Merged(plan, causes).OrderByDescending(p => p.Share).ThenBy(p => p.NodeNumber)];
    }

    /// <summary>Partitions of one table have one problem, told at the costliest of them.</summary>
    private static IEnumerable<PlanProblem> Merged(QueryPlan plan, List<Suspicion> causes)
    {
        foreach (var group in causes.GroupBy(c => (c.Id, Where: plan.ParentOf(c.Node) is { Type: "Append" or "Merge Append" } append ? append.Number : -c.Node.Number)))
        {
            var worst = group.MaxBy(c => c.Impact)!;
            var impact = group.Sum(c => c.Impact);
            var others = group.Count() - 1;
            var problem = Problem(plan, worst, impact);
            yield return others == 0 ? problem
                : problem with { Message = $"{problem.Message.TrimEnd('.')}. The same at {others} other inputs of #{group.Key.Where} (partitions)." };
        }
    }

    private static PlanProblem Problem(QueryPlan plan, Suspicion cause, double impact)
    {
        var whole = plan.Timed ? plan.ExecutionMs ?? 0 : plan.Times.SumOfSelf;
        var share = whole > 0 ? Math.Round(Math.Min(1, impact / whole), 4) : 0;
        return new PlanProblem
        {
            Id = cause.Id,
            Severity = share switch { >= 0.5 => Severity.Error, >= 0.1 => Severity.Warning, _ => Severity.Info },
            Node = cause.Node.Label,
            NodeNumber = cause.Node.Number,
            Share = share,
            Message = cause.Message,
            Evidence = cause.Evidence,
            Advice = cause.Advice,
            Citation = new Citation(cause.Id),
        };
    }
}
