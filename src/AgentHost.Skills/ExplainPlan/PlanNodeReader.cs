using System.Collections.Immutable;
using AgentHost.Skills.ExplainPlan.Reading;

namespace AgentHost.Skills.ExplainPlan;

/// <summary>Reads the properties of one node; property names are those of PostgreSQL's explain.c.</summary>
internal static class PlanNodeReader
{
    public static PlanNode Read(PlanGroup e, int number, int parent)
    {
        var workers = e.Items("Workers").ToList();
        return new PlanNode
        {
            Number = number,
            Parent = parent,
            Type = e.Text("Node Type")!,
            Relationship = e.Text("Parent Relationship"),
            SubplanName = e.Text("Subplan Name"),
            Schema = e.Text("Schema"),
            Relation = e.Text("Relation Name"),
            Alias = e.Text("Alias"),
            Index = e.Text("Index Name"),
            CteName = e.Text("CTE Name"),
            Function = e.Text("Function Name"),
            JoinType = e.Text("Join Type"),
            Strategy = e.Text("Strategy"),
            PartialMode = e.Text("Partial Mode"),
            Operation = e.Text("Operation"),
            ParallelAware = e.Flag("Parallel Aware"),
            Backward = e.Text("Scan Direction") == "Backward",
            PlanRows = e.Number("Plan Rows"),
            StartupCost = e.Number("Startup Cost") ?? 0,
            TotalCost = e.Number("Total Cost") ?? 0,
            Width = e.Number("Plan Width") ?? 0,
            Disabled = e.Flag("Disabled"),
            ActualRows = e.Number("Actual Rows"),
            Loops = e.Number("Actual Loops"),
            StartupMs = e.Number("Actual Startup Time"),
            ActualMs = e.Number("Actual Total Time"),
            RemovedByFilter = e.Number("Rows Removed by Filter") ?? 0,
            RemovedByJoinFilter = e.Number("Rows Removed by Join Filter") ?? 0,
            RemovedByRecheck = e.Number("Rows Removed by Index Recheck") ?? 0,
            Filter = e.Text("Filter"),
            IndexCond = e.Text("Index Cond"),
            RecheckCond = e.Text("Recheck Cond"),
            HashCond = e.Text("Hash Cond"),
            MergeCond = e.Text("Merge Cond"),
            OneTimeFilter = e.Text("One-Time Filter"),
            RunCondition = e.Text("Run Condition"),
            CacheKey = e.Text("Cache Key"),
            OrderBy = e.Text("Order By"),
            JoinFilter = e.Text("Join Filter"),
            Output = [.. e.Strings("Output")],
            GroupKey = [.. e.Strings("Group Key")],
            PresortedKey = [.. e.Strings("Presorted Key")],
            Expressions = Expressions(e),
            SortKey = [.. e.Strings("Sort Key")],
            SortMethod = e.Text("Sort Method"),
            SortMemoryKb = Math.Max(SortMemory(e), workers.Count == 0 ? 0 : workers.Max(SortMemory)),
            Storage = e.Text("Storage"),
            StorageKb = e.Number("Maximum Storage") ?? 0,
            SortDiskKb = SortDisk(e) + workers.Sum(SortDisk),
            HashBatches = e.Number("Hash Batches") ?? 0,
            OriginalHashBatches = e.Number("Original Hash Batches") ?? 0,
            AggregateBatches = Math.Max(e.Number("HashAgg Batches") ?? 0, Most(workers, "HashAgg Batches")),
            PeakMemoryKb = Math.Max(e.Number("Peak Memory Usage") ?? 0, Most(workers, "Peak Memory Usage")),
            DiskUsageKb = (e.Number("Disk Usage") ?? 0) + workers.Sum(w => w.Number("Disk Usage") ?? 0),
            ExactHeapBlocks = Sum(e, workers, "Exact Heap Blocks"),
            LossyHeapBlocks = Sum(e, workers, "Lossy Heap Blocks"),
            IndexSearches = e.Number("Index Searches"),
            CacheHits = Sum(e, workers, "Cache Hits"),
            CacheMisses = Sum(e, workers, "Cache Misses"),
            CacheEvictions = Sum(e, workers, "Cache Evictions"),
            CacheOverflows = Sum(e, workers, "Cache Overflows"),
            SubplansRemoved = e.Number("Subplans Removed") ?? 0,
            Workers = [.. workers.Where(w => w.Number("Actual Loops") is not null).Select(w => new PlanWorker(Count(w, "Worker Number"), w.Number("Actual Rows") ?? 0, w.Number("Actual Loops") ?? 0, w.Number("Actual Total Time")))],
            HeapFetches = e.Number("Heap Fetches") ?? 0,
            WorkersPlanned = Count(e, "Workers Planned"),
            WorkersLaunched = Count(e, "Workers Launched"),
            Buffers = Buffers(e),
        };
    }

    private static int Count(PlanGroup e, string name) => (int)Math.Min(1024, e.Number(name) ?? 0);

    private static double Most(List<PlanGroup> workers, string name) => workers.Count == 0 ? 0 : workers.Max(w => w.Number(name) ?? 0);

    private static double Sum(PlanGroup e, List<PlanGroup> workers, string name) => (e.Number(name) ?? 0) + workers.Sum(w => w.Number(name) ?? 0);

    private static double SortMemory(PlanGroup e) => e.Text("Sort Space Type") == "Memory" ? e.Number("Sort Space Used") ?? 0 : 0;

    private static double SortDisk(PlanGroup e)
    {
        var disk = e.Text("Sort Space Type") == "Disk" ? e.Number("Sort Space Used") ?? 0 : 0;
        // An Incremental Sort tells about its groups; Peak is the largest group's.
        foreach (var groups in (ReadOnlySpan<string>)["Full-sort Groups", "Pre-sorted Groups"])
            disk += e.Group(groups)?.Group("Sort Space Disk")?.Number("Peak Sort Space Used") ?? 0;
        return disk;
    }

    private static PlanBuffers? Buffers(PlanGroup e) => e.Number("Shared Hit Blocks") is { } hit
        ? new PlanBuffers(
            hit,
            e.Number("Shared Read Blocks") ?? 0,
            e.Number("Shared Dirtied Blocks") ?? 0,
            e.Number("Shared Written Blocks") ?? 0,
            e.Number("Temp Read Blocks") ?? 0,
            e.Number("Temp Written Blocks") ?? 0)
        {
            // One name for all until 16, told apart since 17.
            ReadMs = (e.Number("Shared I/O Read Time") ?? e.Number("I/O Read Time") ?? 0) + (e.Number("Local I/O Read Time") ?? 0),
            WriteMs = (e.Number("Shared I/O Write Time") ?? e.Number("I/O Write Time") ?? 0) + (e.Number("Local I/O Write Time") ?? 0),
            TempMs = (e.Number("Temp I/O Read Time") ?? 0) + (e.Number("Temp I/O Write Time") ?? 0),
        }
        : null;

    private static ImmutableArray<string> Expressions(PlanGroup e)
    {
        var found = ImmutableArray.CreateBuilder<string>();
        foreach (var (name, value) in e.Values)
        {
            if (name is "Subplan Name" or "Node Type" or "Plans" or "Workers")
                continue;
            if (value is PlanScalar { IsFigure: false } scalar)
                found.Add(scalar.Text);
            else if (value is PlanList)
                found.AddRange(e.Strings(name));
        }
        return found.ToImmutable();
    }
}
