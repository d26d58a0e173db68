using System.Collections.Immutable;
using System.Text.Json;
using static AgentHost.Skills.ExplainPlan.PlanReader;

namespace AgentHost.Skills.ExplainPlan;

/// <summary>Reads the properties of one node; property names are those of PostgreSQL's explain.c.</summary>
internal static class PlanNodeReader
{
    public static PlanNode Read(JsonElement e, int number, int parent)
    {
        var workers = Items(e, "Workers").ToList();
        return new PlanNode
        {
            Number = number,
            Parent = parent,
            Type = Text(e, "Node Type")!,
            Relationship = Text(e, "Parent Relationship"),
            SubplanName = Text(e, "Subplan Name"),
            Schema = Text(e, "Schema"),
            Relation = Text(e, "Relation Name"),
            Alias = Text(e, "Alias"),
            Index = Text(e, "Index Name"),
            CteName = Text(e, "CTE Name"),
            Function = Text(e, "Function Name"),
            JoinType = Text(e, "Join Type"),
            Strategy = Text(e, "Strategy"),
            PartialMode = Text(e, "Partial Mode"),
            Operation = Text(e, "Operation"),
            ParallelAware = Flag(e, "Parallel Aware"),
            Backward = Text(e, "Scan Direction") == "Backward",
            PlanRows = Number(e, "Plan Rows"),
            StartupCost = Number(e, "Startup Cost") ?? 0,
            TotalCost = Number(e, "Total Cost") ?? 0,
            Width = Number(e, "Plan Width") ?? 0,
            Disabled = Flag(e, "Disabled"),
            ActualRows = Number(e, "Actual Rows"),
            Loops = Number(e, "Actual Loops"),
            StartupMs = Number(e, "Actual Startup Time"),
            ActualMs = Number(e, "Actual Total Time"),
            RemovedByFilter = Number(e, "Rows Removed by Filter") ?? 0,
            RemovedByJoinFilter = Number(e, "Rows Removed by Join Filter") ?? 0,
            RemovedByRecheck = Number(e, "Rows Removed by Index Recheck") ?? 0,
            Filter = Text(e, "Filter"),
            IndexCond = Text(e, "Index Cond"),
            RecheckCond = Text(e, "Recheck Cond"),
            HashCond = Text(e, "Hash Cond"),
            MergeCond = Text(e, "Merge Cond"),
            OneTimeFilter = Text(e, "One-Time Filter"),
            RunCondition = Text(e, "Run Condition"),
            CacheKey = Text(e, "Cache Key"),
            OrderBy = Text(e, "Order By"),
            JoinFilter = Text(e, "Join Filter"),
            Output = Strings(e, "Output"),
            GroupKey = Strings(e, "Group Key"),
            PresortedKey = Strings(e, "Presorted Key"),
            Expressions = Expressions(e),
            SortKey = Strings(e, "Sort Key"),
            SortMethod = Text(e, "Sort Method"),
            SortMemoryKb = Math.Max(SortMemory(e), workers.Count == 0 ? 0 : workers.Max(SortMemory)),
            Storage = Text(e, "Storage"),
            StorageKb = Number(e, "Maximum Storage") ?? 0,
            SortDiskKb = SortDisk(e) + workers.Sum(SortDisk),
            HashBatches = Number(e, "Hash Batches") ?? 0,
            OriginalHashBatches = Number(e, "Original Hash Batches") ?? 0,
            AggregateBatches = Math.Max(Number(e, "HashAgg Batches") ?? 0, Most(workers, "HashAgg Batches")),
            PeakMemoryKb = Math.Max(Number(e, "Peak Memory Usage") ?? 0, Most(workers, "Peak Memory Usage")),
            DiskUsageKb = (Number(e, "Disk Usage") ?? 0) + workers.Sum(w => Number(w, "Disk Usage") ?? 0),
            ExactHeapBlocks = Sum(e, workers, "Exact Heap Blocks"),
            LossyHeapBlocks = Sum(e, workers, "Lossy Heap Blocks"),
            IndexSearches = Number(e, "Index Searches"),
            CacheHits = Sum(e, workers, "Cache Hits"),
            CacheMisses = Sum(e, workers, "Cache Misses"),
            CacheEvictions = Sum(e, workers, "Cache Evictions"),
            CacheOverflows = Sum(e, workers, "Cache Overflows"),
            SubplansRemoved = Number(e, "Subplans Removed") ?? 0,
            Workers = [.. workers.Where(w => Number(w, "Actual Loops") is not null).Select(w => new PlanWorker(Count(w, "Worker Number"), Number(w, "Actual Rows") ?? 0, Number(w, "Actual Loops") ?? 0, Number(w, "Actual Total Time")))],
            HeapFetches = Number(e, "Heap Fetches") ?? 0,
            WorkersPlanned = Count(e, "Workers Planned"),
            WorkersLaunched = Count(e, "Workers Launched"),
            Buffers = Buffers(e),
        };
    }

    private static int Count(JsonElement e, string name) => (int)Math.Min(1024, Number(e, name) ?? 0);

    private static double Most(List<JsonElement> workers, string name) => workers.Count == 0 ? 0 : workers.Max(w => Number(w, name) ?? 0);

    private static double Sum(JsonElement e, List<JsonElement> workers, string name) => (Number(e, name) ?? 0) + workers.Sum(w => Number(w, name) ?? 0);

    private static double SortMemory(JsonElement e) => Text(e, "Sort Space Type") == "Memory" ? Number(e, "Sort Space Used") ?? 0 : 0;

    private static double SortDisk(JsonElement e)
    {
        var disk = Text(e, "Sort Space Type") == "Disk" ? Number(e, "Sort Space Used") ?? 0 : 0;
        // An Incremental Sort tells about its groups; Peak is the largest group's.
        foreach (var groups in (ReadOnlySpan<string>)["Full-sort Groups", "Pre-sorted Groups"])
        {
            if (e.TryGetProperty(groups, out var group) && group.ValueKind == JsonValueKind.Object
                && group.TryGetProperty("Sort Space Disk", out var space) && space.ValueKind == JsonValueKind.Object)
                disk += Number(space, "Peak Sort Space Used") ?? 0;
        }
        return disk;
    }

    private static PlanBuffers? Buffers(JsonElement e) => Number(e, "Shared Hit Blocks") is { } hit
        ? new PlanBuffers(
            hit,
            Number(e, "Shared Read Blocks") ?? 0,
            Number(e, "Shared Dirtied Blocks") ?? 0,
            Number(e, "Shared Written Blocks") ?? 0,
            Number(e, "Temp Read Blocks") ?? 0,
            Number(e, "Temp Written Blocks") ?? 0)
        {
            // One name for all until 16, told apart since 17.
            ReadMs = (Number(e, "Shared I/O Read Time") ?? Number(e, "I/O Read Time") ?? 0) + (Number(e, "Local I/O Read Time") ?? 0),
            WriteMs = (Number(e, "Shared I/O Write Time") ?? Number(e, "I/O Write Time") ?? 0) + (Number(e, "Local I/O Write Time") ?? 0),
            TempMs = (Number(e, "Temp I/O Read Time") ?? 0) + (Number(e, "Temp I/O Write Time") ?? 0),
        }
        : null;

    private static ImmutableArray<string> Strings(JsonElement e, string name) =>
        e.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.Array
            ? [.. value.EnumerateArray().Where(v => v.ValueKind == JsonValueKind.String).Select(v => v.GetString()!)]
            : [];

    private static ImmutableArray<string> Expressions(JsonElement e)
    {
        var found = ImmutableArray.CreateBuilder<string>();
        foreach (var property in e.EnumerateObject())
        {
            if (property.Name is "Subplan Name" or "Node Type" or "Plans" or "Workers")
                continue;
            if (property.Value.ValueKind == JsonValueKind.String)
                found.Add(property.Value.GetString()!);
            else if (property.Value.ValueKind == JsonValueKind.Array)
                found.AddRange(property.Value.EnumerateArray().Where(v => v.ValueKind == JsonValueKind.String).Select(v => v.GetString()!));
        }
        return found.ToImmutable();
    }
}
