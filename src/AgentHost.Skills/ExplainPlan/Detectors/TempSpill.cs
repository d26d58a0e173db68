namespace AgentHost.Skills.ExplainPlan.Detectors;

/// <summary>A CTE, a Materialize, a window or an aggregate's own sort kept its rows in temporary files. Sorts, hashes and hashed groups have their own ids.</summary>
internal sealed class TempSpill : IPlanDetector
{
    private const string Name = "temp-spill";

    public string Id => Name;

    public IEnumerable<Suspicion> Detect(QueryPlan plan)
    {
        var stores = new HashSet<string>(StringComparer.Ordinal);
        foreach (var node in plan.Nodes)
        {
            var kb = WrittenKb(plan, node);
            var impact = plan.Times.Self(node);
            // A CTE is stored once, whoever reads it.
            if (!node.Executed || HasOwnId(node) || kb < Thresholds.TempKb || !plan.Matters(impact) || (node.CteName is { } cte && !stores.Add(cte)))
                continue;
            yield return new Suspicion
            {
                Id = Name,
                Node = node,
                Impact = impact,
                Message = $"{Whose(node)} did not fit in work_mem: {Figures.Kb(kb)} in temporary files.",
                Advice = Advise(node, kb),
                Evidence = Figures.Rows(plan, impact, ("written to temporary files", kb, "kB"), ("rows", node.TotalRows, "rows")),
            };
        }
    }

    private static bool HasOwnId(PlanNode node) => node.SortDiskKb > 0 || node.HashBatches > 1 || node.DiskUsageKb > 0
        || node.Type is "Hash" or "Hash Join" or "Sort" or "Incremental Sort";

    /// <summary>KiB that the node itself wrote; a plan that it reads through (a CTE's) is printed elsewhere and counted here by EXPLAIN.</summary>
    private static double WrittenKb(QueryPlan plan, PlanNode node)
    {
        const double BlockKb = PlanBuffers.BlockBytes / 1024.0;
        if (node.Buffers is not { } buffers)
            return node.Storage == "Disk" ? node.StorageKb : 0;
        if (node.CteName is { } cte)
        {
            // The scan that asks first has the CTE's plan run, and its blocks counted.
            var scans = plan.Nodes.Where(n => n.CteName == cte && n.Type == "CTE Scan").Sum(n => n.Buffers?.TempWritten ?? 0);
            var read = plan.Nodes.Where(n => n.IsInitPlan && n.SubplanName == "CTE " + cte).Sum(n => n.Buffers?.TempWritten ?? 0);
            return Math.Max(0, scans - read) * BlockKb;
        }
        return Math.Max(0, buffers.TempWritten - node.Children.Where(c => !c.IsInitPlan).Sum(c => c.Buffers?.TempWritten ?? 0) - Inherited(plan, node)) * BlockKb;
    }

    // An InitPlan's blocks are counted where its value was first asked for; only a plan without any shows the node's own for sure.
    private static double Inherited(QueryPlan plan, PlanNode node) =>
        node.Children.Where(c => c.IsInitPlan && c.SubplanName?.StartsWith("CTE ", StringComparison.Ordinal) != true).Sum(c => c.Buffers?.TempWritten ?? 0)
        + (node.Type is "Nested Loop" or "Merge Join" or "Append" or "Gather" or "Gather Merge" or "Limit" or "Result" or "ModifyTable" ? double.MaxValue : 0);

    private static string Whose(PlanNode node) => node.Type switch
    {
        "CTE Scan" => $"The rows of CTE {node.CteName}",
        "Materialize" => "The copy of its rows",
        "WindowAgg" => "A window's partition",
        "Aggregate" => "The sort inside an aggregate (DISTINCT or ORDER BY in it)",
        "Function Scan" or "Table Function Scan" => $"The result of {node.Function ?? "the function"}",
        "Recursive Union" => "The rows of the recursion",
        _ => "What it keeps",
    };

    private static string Advise(PlanNode node, double kb)
    {
        // In memory each row has its header and pointer besides.
        const double MemoryPerDisk = 1.5;
        var memory = kb * MemoryPerDisk <= WorkMemory.LargestKb
            ? $"{WorkMemory.Set(kb * MemoryPerDisk)} for this query keeps them in memory."
            : "Too large for memory: fewer rows or columns are the way.";
        var less = node.Type switch
        {
            "CTE Scan" => "Select only the columns that are read from the CTE, and filter inside it; AS NOT MATERIALIZED (or a subquery) stores nothing, where running it twice is cheap.",
            "WindowAgg" => "Carry fewer columns through the window, or join them afterwards by key; a frame that starts at the current row's peers needs no whole partition.",
            "Aggregate" => "Remove duplicates or order in a subquery first: SELECT count(*) FROM (SELECT DISTINCT …) instead of count(DISTINCT …) can hash; an index on the column gives the order.",
            "Function Scan" or "Table Function Scan" => "Call the function in the select list of a subquery, so that its rows are passed on one by one, or let it return fewer.",
            _ => "Select fewer columns and rows below it.",
        };
        return $"{less} {memory}";
    }
}
