namespace AgentHost.Skills.ExplainPlan.Detectors;

/// <summary>A step that a setting forbids was taken all the same, since there was no other way.</summary>
internal sealed class DisabledNode : IPlanDetector
{
    private const string Name = "disabled-node";

    // What a forbidden step was charged up to version 17 (costsize.c, disable_cost).
    private const double DisableCost = 1e10;

    public string Id => Name;

    public IEnumerable<Suspicion> Detect(QueryPlan plan)
    {
        foreach (var node in plan.Nodes)
        {
            if (!node.Executed || !IsDisabled(node) || Setting(node) is not { } setting)
                continue;
            var impact = plan.Times.Self(node) + (node.Type == "Nested Loop" && node.Inner is { } inner ? plan.Times.Total(inner) : 0);
            if (!plan.Matters(impact))
                continue;
            yield return new Suspicion
            {
                Id = Name,
                Node = node,
                Impact = impact,
                Message = $"{node.Title} was taken although {setting} is off: nothing else could answer this part, and the plan around it was chosen by distorted costs.",
                Advice = $"RESET {setting} and explain again; look where it is set (ALTER ROLE, ALTER DATABASE, postgresql.conf, the application's SET). {Instead(node)} Such settings are for trials, not for keeping.",
                Evidence = Figures.Rows(plan, impact, ("rows", node.TotalRows, "rows")),
            };
        }
    }

    private static bool IsDisabled(PlanNode node) =>
        node.Disabled || (node.StartupCost >= DisableCost && node.Children.All(c => c.TotalCost < DisableCost));

    private static string? Setting(PlanNode node) => node.Type switch
    {
        "Seq Scan" => "enable_seqscan",
        "Index Scan" => "enable_indexscan",
        "Index Only Scan" => "enable_indexonlyscan",
        "Bitmap Heap Scan" => "enable_bitmapscan",
        "Tid Scan" or "Tid Range Scan" => "enable_tidscan",
        "Nested Loop" => "enable_nestloop",
        "Hash Join" => "enable_hashjoin",
        "Merge Join" => "enable_mergejoin",
        "Sort" => "enable_sort",
        "Aggregate" when node.Strategy == "Hashed" => "enable_hashagg",
        "Materialize" => "enable_material",
        "Memoize" => "enable_memoize",
        "Gather Merge" => "enable_gathermerge",
        _ => null,
    };

    private static string Instead(PlanNode node) => node.Type switch
    {
        "Seq Scan" when node.Filter is null => "A scan without a condition has to read the table.",
        "Seq Scan" => "An index for the condition is what makes another way possible.",
        "Nested Loop" => "A join without an equality can only be a loop: give it a condition with = that a hash or merge join can use.",
        _ => "",
    };
}
