using System.Globalization;

namespace AgentHost.Skills.ExplainPlan.Detectors;

/// <summary>Just-in-time compilation took a large part of the time that it should have saved.</summary>
internal sealed class JitOverhead : IPlanDetector
{
    private const string Name = "jit-overhead";

    public string Id => Name;

    public IEnumerable<Suspicion> Detect(QueryPlan plan)
    {
        // EXPLAIN adds up the compilation of all processes, which run side by side.
        var impact = plan.JitMs / plan.Nodes.Max(plan.Times.Processes);
        if (!plan.Timed || plan.JitMs <= 0 || plan.ShareOf(impact) < Thresholds.JitShare || !plan.Matters(impact))
            yield break;
        var cost = plan.Root.TotalCost;
        yield return new Suspicion
        {
            Id = Name,
            Node = plan.Root,
            Impact = impact,
            Message = $"Just-in-time compilation{(plan.JitFunctions > 0 ? $" of {Figures.Count(plan.JitFunctions)} functions" : "")} took {Figures.Ms(impact)} of {Figures.Ms(plan.ExecutionMs!.Value)}.",
            Advice = cost >= Disabled
                ? "The cost is beyond all measure since a setting forbids a node that is used (enable_… = off): RESET it, and the plan is no longer compiled."
                : $"SET LOCAL jit = off for this query. For all of a short-running application: ALTER ROLE … SET jit = off, or jit_above_cost above such plans ({(cost > 0 ? $"this one costs {Figures.Count(cost)}: {Above(cost)}" : "100000 by default")}); "
                    + "leave it on for reports of many seconds.",
            Evidence = Figures.Rows(plan, impact, ("JIT functions", plan.JitFunctions, "functions"), ("JIT in all processes", plan.JitMs, "ms")),
        };
    }

    /// <summary>What a forbidden node costs up to version 17 (costsize.c, disable_cost).</summary>
    private const double Disabled = 1e10;

    // Twice the cost, to one figure.
    private static string Above(double cost)
    {
        var unit = Math.Pow(10, Math.Floor(Math.Log10(2 * cost)));
        return (Math.Ceiling(2 * cost / unit) * unit).ToString("0", CultureInfo.InvariantCulture);
    }
}
