namespace AgentHost.Skills.ExplainPlan.Detectors;

/// <summary>A CTE is worked out in full and kept, and those who read it throw nearly all of it away.</summary>
internal sealed class CteMaterializedFilter : IPlanDetector
{
    private const string Name = "cte-materialized-filter";

    public string Id => Name;

    public IEnumerable<Suspicion> Detect(QueryPlan plan)
    {
        foreach (var cte in plan.Nodes)
        {
            if (!cte.IsInitPlan || cte.SubplanName?.StartsWith("CTE ", StringComparison.Ordinal) != true || plan.ParentOf(cte) is not { } owner || !LetsConditionsIn(plan, cte))
                continue;
            var name = cte.SubplanName[4..];
            var readers = plan.Subtree(owner).Where(n => n.Type == "CTE Scan" && n.CteName == name && n.Executed).ToList();
            if (readers.Count == 0 || !readers.TrueForAll(Discards) || readers.Exists(r => InnerScanRepeated.Repeater(plan, r) is not null))
                continue;
            var worst = readers.MaxBy(r => r.TotalRemovedByFilter)!;
            var impact = plan.Times.Total(cte) + readers.Sum(plan.Times.Self);
            if (worst.TotalRemovedByFilter < Thresholds.RemovedRows || !plan.Matters(impact))
                continue;
            yield return new Suspicion
            {
                Id = Name,
                Node = worst,
                Impact = impact,
                Message = $"The CTE {name} is worked out in full, {Figures.Count(cte.TotalRows)} rows, and {Figures.Count(worst.TotalRows)} of them pass {PlanNames.Shorten(worst.Filter!)}",
                Advice = $"WITH {name} AS NOT MATERIALIZED (…), or a subquery in FROM, lets the condition reach the tables inside (before version 12 only the subquery does); with conditions of several readers, put what they share into the CTE."
                    + " MATERIALIZED is right where the CTE is dear and all of it is read.",
                Evidence = Figures.Rows(plan, impact, ("rows of the CTE", cte.TotalRows, "rows"), ("rows removed by filter", worst.TotalRemovedByFilter, "rows"), ("rows kept", worst.TotalRows, "rows")),
                Echoes = Reading.Echoes(plan, cte).Union(readers.Select(r => ("temp-spill", r.Number))),
            };
        }
    }

    private static bool Discards(PlanNode reader) =>
        reader.Filter is not null && reader.TotalRemovedByFilter >= Thresholds.RemovedShare * (reader.TotalRemovedByFilter + reader.TotalRows);

    // A recursion, a LIMIT or a writing statement must be worked out before anything is thrown away.
    private static bool LetsConditionsIn(QueryPlan plan, PlanNode cte) => cte.Executed && cte.Type is not ("Recursive Union" or "Limit" or "ModifyTable" or "WindowAgg" or "LockRows")
        && !plan.Subtree(cte).Any(n => n.Type is "ModifyTable");
}
