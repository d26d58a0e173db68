namespace AgentHost.Skills.ExplainPlan.Detectors;

/// <summary>A parallel plan got fewer workers than it was made for, since the server had none left.</summary>
internal sealed class WorkersNotLaunched : IPlanDetector
{
    private const string Name = "workers-not-launched";

    public string Id => Name;

    public IEnumerable<Suspicion> Detect(QueryPlan plan)
    {
        var short_ = plan.Nodes.Where(n => n.Type is "Gather" or "Gather Merge" && n.Executed && n.WorkersLaunched < n.WorkersPlanned).ToList();
        var impact = short_.Sum(n => Lost(plan, n));
        if (short_.Count == 0 || !plan.Matters(impact) || plan.ShareOf(impact) < Thresholds.MisestimateShare)
            yield break;
        // One pool of workers is one cause, however many nodes ask for them.
        var worst = short_.MaxBy(n => Lost(plan, n))!;
        yield return new Suspicion
        {
            Id = Name,
            Node = worst,
            Impact = impact,
            Message = $"{worst.WorkersLaunched} of {worst.WorkersPlanned} planned workers were there{(short_.Count > 1 ? $", and {short_.Count - 1} other nodes lacked some" : "")}: the plan is one for {worst.WorkersPlanned + 1} processes, run by {worst.WorkersLaunched + 1}.",
            Advice = (plan.Settings.TryGetValue("max_parallel_workers", out var most) ? $"max_parallel_workers is {most} here. " : "")
                + $"Raise max_parallel_workers and, above it, max_worker_processes (restart) if processors are idle at such times (SHOW both; 8 by default, for all sessions together). If they are busy, plan for fewer: SET max_parallel_workers_per_gather = {Math.Max(worst.WorkersLaunched, 0)} for such sessions gives a plan that suits.",
            Evidence = Figures.Rows(plan, impact, ("workers planned", worst.WorkersPlanned, "workers"), ("workers launched", worst.WorkersLaunched, "workers")),
        };
    }

    // The work below is the same; more hands would have shared it.
    private static double Lost(QueryPlan plan, PlanNode gather) =>
        plan.Times.Total(gather) * (gather.WorkersPlanned - gather.WorkersLaunched) / (gather.WorkersPlanned + 1);
}
