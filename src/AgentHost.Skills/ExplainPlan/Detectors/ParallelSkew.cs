namespace AgentHost.Skills.ExplainPlan.Detectors;

/// <summary>One process of a parallel plan did most of the work, and the others waited for it.</summary>
internal sealed class ParallelSkew : IPlanDetector
{
    private const string Name = "parallel-skew";

    public string Id => Name;

    public IEnumerable<Suspicion> Detect(QueryPlan plan)
    {
        foreach (var gather in plan.Nodes)
        {
            if (gather.Type is not ("Gather" or "Gather Merge") || !gather.Executed || gather.Outer is not { } top || Measure(plan, top) is not { } whole)
                continue;
            var impact = plan.Timed ? whole.Slowest - whole.Mean : plan.Times.Total(top) * (1 - (whole.Mean / whole.Slowest));
            if (plan.ShareOf(impact) < Thresholds.SkewShare || !plan.Matters(impact))
                continue;
            var at = Lowest(plan, top, whole);
            var seen = Measure(plan, at)!;
            yield return new Suspicion
            {
                Id = Name,
                Node = at,
                Impact = impact,
                Message = $"{(seen.Worker is { } number ? $"Worker {number}" : "The leader")} {(plan.Timed ? $"took {Figures.Ms(seen.Slowest)}, the others {Figures.Ms(seen.Others)}" : $"had {Figures.Count(seen.Slowest)} rows, the others {Figures.Count(seen.Others)}")} on average: {plan.Times.Processes(top):0} processes work as one.",
                Advice = at.Type is "Append" or "Seq Scan" or "Index Scan" or "Bitmap Heap Scan" && plan.AncestorsOf(at).Append(at).Any(a => a.Type == "Append")
                    ? "A part of an Append goes to one process as a whole where it is not scanned in parallel: even partitions (hash, or shorter ranges for the busy one), and parallel_workers set on the large one (ALTER TABLE … SET (parallel_workers = 4))."
                    : "The rows that cost most lie together, or belong to one key: join or aggregate the frequent key by itself (UNION ALL of it and the rest), mend the estimate of the join above, and see that the expensive part is below the Gather and shared.",
                Evidence = Figures.Rows(plan, impact, (plan.Timed ? "slowest process" : "rows of the busiest process", seen.Slowest, plan.Timed ? "ms" : "rows"), ("the others on average", seen.Others, plan.Timed ? "ms" : "rows")),
            };
        }
    }

    // The deepest node at which the same process is as far behind.
    private static PlanNode Lowest(QueryPlan plan, PlanNode node, Skew whole)
    {
        while (node.Children.FirstOrDefault(c => Measure(plan, c) is { } below && below.Worker == whole.Worker && below.Slowest >= Thresholds.Dominant * whole.Slowest) is { } child)
            node = child;
        return node;
    }

    private static Skew? Measure(QueryPlan plan, PlanNode node)
    {
        if (node.Workers.Length < 2 || node.Loops is not { } loops)
            return null;
        double Of(PlanWorker worker) => plan.Timed ? (worker.Ms ?? 0) * worker.Loops : worker.Rows * worker.Loops;
        var all = (plan.Timed ? node.ActualMs ?? 0 : node.ActualRows ?? 0) * loops;
        var leads = node.Workers.Sum(w => w.Loops) < loops;
        var leader = leads ? Math.Max(0, all - node.Workers.Sum(Of)) : 0;
        var busiest = node.Workers.MaxBy(Of)!;
        var isLeader = leader > Of(busiest);
        // A short piece of work is done before the workers have started.
        if (isLeader && plan.Timed && leader < Thresholds.WorkerStartMs)
            return null;
        // The leader has little to do below where it is busy with the workers' rows: it counts only where it is the slowest.
        var slowest = isLeader ? leader : Of(busiest);
        var rest = node.Workers.Where(w => isLeader || w != busiest).Average(Of);
        var mean = (node.Workers.Sum(Of) + leader) / (node.Workers.Length + (leads ? 1 : 0));
        return slowest > 0 && slowest >= Thresholds.SkewFactor * rest ? new Skew(isLeader ? null : busiest.Number, slowest, rest, mean) : null;
    }

    private sealed record Skew(int? Worker, double Slowest, double Others, double Mean);
}
