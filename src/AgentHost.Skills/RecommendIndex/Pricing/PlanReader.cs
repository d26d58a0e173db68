using System.Text.Json;
using AgentHost.Sql;

namespace AgentHost.Skills.RecommendIndex.Pricing;

/// <summary>
/// Reads EXPLAIN's JSON: the cost, put right where the planner or HypoPG is known to be wrong, and what the plan uses. Each correction is a figure here with
/// its reason; what is right already is left alone.
/// </summary>
internal sealed class PlanReader(PlannerCosts costs, IReadOnlyDictionary<string, IndexCandidate> hypothetical, IReadOnlyDictionary<string, IndexCandidate> staged)
{
    /// <summary>
    /// LIMIT over an index that does not know the filter: the planner takes the rows that pass to be spread evenly. Where they are not, it reads to the end: one
    /// call in so many is taken to.
    /// </summary>
    private const double UnluckyShare = 0.1, LuckySelectivity = 0.2;

    private readonly SortedSet<string> used = new(StringComparer.Ordinal), whole = new(StringComparer.Ordinal), existing = new(StringComparer.Ordinal);

    public static PricedPlan Read(string json, PlannerCosts costs, IReadOnlyDictionary<string, IndexCandidate> hypothetical, IReadOnlyDictionary<string, IndexCandidate> staged)
    {
        using var document = JsonDocument.Parse(json);
        var plan = document.RootElement[0].GetProperty("Plan");
        var reader = new PlanReader(costs, hypothetical, staged);
        var correction = reader.Correct(plan, 1);
        return new PricedPlan(Math.Max(0.01, Number(plan, "Total Cost") + correction), [.. reader.used], [.. reader.whole]) 
        {
            Existing = [.. reader.existing],
            ModifiedRows = plan.GetProperty("Node Type").GetString() == "ModifyTable" && plan.TryGetProperty("Plans", out var source) ? Number(source[0], "Plan Rows") : 0,
        };
    }

    private double Correct(JsonElement node, double times)
    {
        double cost = 0;
        var type = node.GetProperty("Node Type").GetString();
        if (type == "Seq Scan")
            whole.Add(node.GetProperty("Relation Name").GetString()!);
        if (node.TryGetProperty("Index Name", out var named) && named.GetString() is { } name)
        {
            if (hypothetical.TryGetValue(name, out var index))
                cost += times * Descent(index);
            else
                index = staged.GetValueOrDefault(name);
            if (index is null)
                existing.Add(name);
            else
                used.Add(index.Definition);
        }
        if (type == "Bitmap Heap Scan")
            cost += times * Bitmap(node);
        if (named.ValueKind == JsonValueKind.String && staged.TryGetValue(named.GetString()!, out var shape))
            cost += times * Unled(node, shape);
        if (!node.TryGetProperty("Plans", out var children))
            return cost;
        var rows = 1.0;
        if (type == "Limit")
        {
            cost += times * Luck(node, children[0]);
            // LIMIT stops its input early: only that share of the look-ups below is made.
            if (Number(children[0], "Plan Rows") is > 0 and var input)
                times *= Math.Min(1, Number(node, "Plan Rows") / input);
        }
        foreach (var child in children.EnumerateArray())
        {
            var relationship = child.TryGetProperty("Parent Relationship", out var r) ? r.GetString() : "";
            var inner = type == "Nested Loop" && relationship == "Inner";
            cost += Correct(child, inner ? times * Math.Max(1, rows) : times);
            if (relationship == "Outer")
                rows = Number(child, "Plan Rows");
        }
        return cost;
    }

    /// <summary>
    /// HypoPG's indexes have no tree height, so that looking into one costs nothing; a real one costs 50 operator calls a level
    /// (selfuncs.c, btcostestimate). Without this an index that exists would lose to the same one that does not.
    /// </summary>
    private double Descent(IndexCandidate index)
    {
        const double fanout = 250;
        var height = 0;
        for (var pages = index.SizeBytes / 8192.0; pages > 1; pages /= fanout)
            height++;
        return index.IsBtree ? (height + 1) * 50 * costs.CpuOperator : 0;
    }

    /// <summary>
    /// GiST sorts its pages by the first key: a search that does not ask for it reads all of them, where the planner expects the pages that its result takes
    /// (selfuncs.c, gistcostestimate).
    /// </summary>
    private double Unled(JsonElement scan, IndexCandidate index)
    {
        if (index is not { Method: "gist", Keys.Length: > 1 } || !scan.TryGetProperty("Index Cond", out var condition) || scan.TryGetProperty("Order By", out _))
            return 0;
        var asked = condition.GetString()!;
        if (index.Keys[0].Facts.Columns.Any(column => Mentions(asked, column)))
            return 0;
        var pages = index.SizeBytes / 8192.0;
        var read = Math.Ceiling(pages * Number(scan, "Plan Rows") / Math.Max(1, index.Table.Rows));
        return Math.Max(0, (pages - read) * (costs.RandomPage + (index.Table.Rows / Math.Max(1, pages) * 3 * costs.CpuOperator)));
    }

    private static bool Mentions(string condition, string column)
    {
        var written = SqlIdentifier.Quote(column);
        for (var at = condition.IndexOf(written, StringComparison.Ordinal); at >= 0; at = condition.IndexOf(written, at + 1, StringComparison.Ordinal))
        {
            if ((at == 0 || !IsWord(condition[at - 1])) && (at + written.Length == condition.Length || !IsWord(condition[at + written.Length])))
                return true;
        }
        return false;

        static bool IsWord(char c) => char.IsLetterOrDigit(c) || c == '_';
    }

    private double Bitmap(JsonElement heap)
    {
        var source = heap.GetProperty("Plans")[0];
        return source.TryGetProperty("Index Name", out var name) && staged.GetValueOrDefault(name.GetString()!) is { Method: "brin" } index
            ? Math.Min(0, Brin(heap, index) - (Number(heap, "Total Cost") - Number(heap, "Startup Cost")))
            : 0;
    }

    // The planner prices BRIN as if the pages of all summaries that might match lay anywhere (nine times a btree); measured, it reads one stretch of the table
    // and runs within 10 to 35 % of a btree.
    private double Brin(JsonElement heap, IndexCandidate index)
    {
        var range = index.Storage is null ? 128 : 32;
        var share = Math.Min(1, Number(heap, "Plan Rows") / Math.Max(1, index.Table.Rows));
        var spread = Math.Abs(index.Keys[0].Facts.Correlation) >= 0.97 ? 1.1 : 2;
        var pages = Math.Min(index.Table.Pages, (share * index.Table.Pages * spread) + (2 * range));
        var tuples = index.Table.Rows * pages / Math.Max(1, index.Table.Pages);
        return (pages * costs.SeqPage) + (tuples * (costs.CpuTuple + (2 * costs.CpuOperator)));
    }

    private double Luck(JsonElement limit, JsonElement input)
    {
        // Where a condition bounds the walk, its end is near.
        if (!input.TryGetProperty("Index Name", out var name) || !input.TryGetProperty("Filter", out _) || input.TryGetProperty("Index Cond", out _)
            || (hypothetical.GetValueOrDefault(name.GetString()!) ?? staged.GetValueOrDefault(name.GetString()!)) is not { } index
            || Number(input, "Plan Rows") > LuckySelectivity * index.Table.Rows * (index.Predicate?.Fraction ?? 1))
        {
            return 0;
        }
        return Math.Max(0, Number(input, "Total Cost") - Number(limit, "Total Cost")) * UnluckyShare;
    }

    private static double Number(JsonElement node, string name) => node.GetProperty(name).GetDouble();
}
