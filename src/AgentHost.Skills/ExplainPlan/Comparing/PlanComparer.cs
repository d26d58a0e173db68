using System.Collections.Immutable;
using System.Globalization;

namespace AgentHost.Skills.ExplainPlan;

/// <summary>Compares two plans of one query: nodes are matched by what they work on, not by where they stand.</summary>
internal static class PlanComparer
{
    /// <summary>Below a fifth, or two milliseconds, two runs of the same plan differ by themselves.</summary>
    private const double Noise = 1.2, NoiseMs = 2;

    /// <summary>A change of rows by less has no consequence of its own.</summary>
    private const double Telling = 3;

    /// <summary>More changes are not read.</summary>
    private const int MostChanges = 12;

    public static PlanComparison Compare(ExplainResult before, ExplainResult after)
    {
        var (old, now) = (before.Plan, after.Plan);
        var timed = old.Timed && now.Timed;
        var changes = new List<(PlanChange Change, double Weight)>();
        changes.AddRange(Settings(old, now).Select(change => (change, double.MaxValue)));
        var pairs = Pairs(old, now);
        foreach (var (first, second) in pairs)
        {
            var delta = Math.Abs((second is null ? 0 : now.Times.Self(second)) - (first is null ? 0 : old.Times.Self(first)));
            foreach (var change in Differences(old, first, now, second))
                changes.Add((timed ? change with { Milliseconds = Math.Round((second is null ? 0 : now.Times.Self(second)) - (first is null ? 0 : old.Times.Self(first)), 3) } : change, delta));
        }

        var (was, its) = (before.Problems.ToLookup(p => Key(old, p)), after.Problems.ToLookup(p => Key(now, p)));
        return new PlanComparison
        {
            Verdict = Trend(old, now),
            Before = before.Summary,
            IsSameShape = PlanIdentity.Of(old, null).Shape == PlanIdentity.Of(now, null).Shape,
            Changes = [.. changes.OrderByDescending(c => c.Weight).Select(c => c.Change).Take(MostChanges)],
            Gone = [.. before.Problems.Where(p => !its.Contains(Key(old, p))).Select(Named)],
            Appeared = [.. after.Problems.Where(p => !was.Contains(Key(now, p))).Select(Named)],
            Stayed = [.. after.Problems.Where(p => was.Contains(Key(now, p))).Select(Named)],
            Notes = [.. Notes(old, now, changes.Count)],
        };
    }

    internal static string Named(PlanProblem problem) => $"{problem.Id} at {problem.Node}";

    private static (string, string) Key(QueryPlan plan, PlanProblem problem) => (problem.Id, string.Join(' ', Leaves(plan, plan[problem.NodeNumber])));

    private static PlanTrend Trend(QueryPlan old, QueryPlan now)
    {
        var (first, second, least) = old.Timed && now.Timed ? (old.ExecutionMs ?? 0, now.ExecutionMs ?? 0, NoiseMs) : (old.Root.TotalCost, now.Root.TotalCost, 0);
        return Math.Abs(second - first) <= least || Math.Max(first, second) <= Noise * Math.Min(first, second) ? PlanTrend.Same : second < first ? PlanTrend.Faster : PlanTrend.Slower;
    }

    private static IEnumerable<string> Notes(QueryPlan old, QueryPlan now, int changes)
    {
        if (!old.Timed || !now.Timed)
            yield return "One of the plans was not run with ANALYZE and TIMING: the planner's costs are compared, not times.";
        if (!Relations(old).SetEquals(Relations(now)))
            yield return "The plans read different tables: are they of the same query?";
        if (changes > MostChanges)
            yield return $"{changes - MostChanges} more differences, each with less time.";
    }

    private static HashSet<string> Relations(QueryPlan plan) => [.. plan.Nodes.Select(n => n.Relation).OfType<string>()];

    private static IEnumerable<PlanChange> Settings(QueryPlan old, QueryPlan now)
    {
        foreach (var name in old.Settings.Keys.Union(now.Settings.Keys).Order(StringComparer.Ordinal))
        {
            var (was, its) = (old.Settings.GetValueOrDefault(name, "its default"), now.Settings.GetValueOrDefault(name, "its default"));
            if (was != its)
                yield return new PlanChange($"{name} was {was} and is {its}.", "Planner settings decide the plan before any statistics do: set it alike before anything else is compared.");
        }
    }

    /// <summary>Nodes that do the same work: scans of the same alias, joins of the same aliases, and what stands above the same aliases.</summary>
    private static List<(PlanNode? First, PlanNode? Second)> Pairs(QueryPlan old, QueryPlan now)
    {
        var (first, second) = (Works(old), Works(now));
        var pairs = new List<(PlanNode?, PlanNode?)>();
        foreach (var (work, nodes) in first)
        {
            var others = second.GetValueOrDefault(work, []);
            for (var i = 0; i < Math.Max(nodes.Count, others.Count); i++)
                pairs.Add((i < nodes.Count ? nodes[i] : null, i < others.Count ? others[i] : null));
        }

        pairs.AddRange(second.Where(w => !first.ContainsKey(w.Key)).SelectMany(w => w.Value).Select(n => ((PlanNode?)null, (PlanNode?)n)));
        return pairs;
    }

    private static Dictionary<string, List<PlanNode>> Works(QueryPlan plan)
    {
        var works = new Dictionary<string, List<PlanNode>>(StringComparer.Ordinal);
        foreach (var node in plan.Nodes)
        {
            // A bitmap's parts belong to its heap scan, a Hash to its join.
            if (node.Type is "Bitmap Index Scan" or "BitmapAnd" or "BitmapOr" or "Hash" or "Gather" or "Gather Merge")
                continue;
            var leaves = string.Join(' ', Leaves(plan, node));
            var work = node.IsJoin ? $"join {leaves}" : node.Relation is not null && node.Operation is null ? $"scan {node.Alias ?? node.Relation}" : $"{Kind(node)} {leaves}";
            if (!works.TryGetValue(work, out var nodes))
                works[work] = nodes = [];
            nodes.Add(node);
        }

        return works;
    }

    private static string Kind(PlanNode node) => node.Type switch { "Incremental Sort" => "Sort", "Group" or "Unique" => "Aggregate", var type => type };

    private static IEnumerable<string> Leaves(QueryPlan plan, PlanNode node) =>
        plan.Subtree(node).Select(n => n.Relation is null ? n.CteName ?? n.Function : n.Alias ?? n.Relation).OfType<string>().Order(StringComparer.Ordinal);

    private static IEnumerable<PlanChange> Differences(QueryPlan old, PlanNode? first, QueryPlan now, PlanNode? second)
    {
        if (first is null || second is null)
        {
            var node = first ?? second!;
            if (Worth((first is null ? now : old), node) is { } why)
                yield return new PlanChange(first is null ? $"{node.Title} is new." : $"{node.Title} is gone.", why) { Before = first?.Label, After = second?.Label };
            yield break;
        }

        var (was, its) = (Method(old, first), Method(now, second));
        if (was != its)
            yield return Change($"{was} became {its}.", first.IsJoin ? JoinReason(second) : ScanReason(first, second));
        if (first.Executed && second.Executed && Factor(first.TotalRows, second.TotalRows) is { } grown && Math.Max(first.TotalRows, second.TotalRows) >= Thresholds.MisestimateRows)
            yield return Change($"{second.Title} gave {Figures.Count(first.TotalRows)} rows and gives {Figures.Count(second.TotalRows)} ({grown}).", "Other constants or other data: what is above it does so much more or less work.");
        else if (first is { PlanRows: { } planned } && second is { PlanRows: { } expected } && Factor(planned, expected) is { } guessed && Math.Max(planned, expected) >= Thresholds.MisestimateRows && (first.Relation is not null || first.IsJoin))
            yield return Change($"The planner expected {Figures.Count(planned)} rows of {second.Title} and expects {Figures.Count(expected)} ({guessed}).", "Statistics or constants changed; the plan's shape follows the estimate.");
        if (Spilled(first) != Spilled(second))
            yield return Change($"{second.Title} {(Spilled(second) ? "now writes temporary files" : "fits in memory now")}.", Spilled(second) ? "work_mem does not hold it any more: more or wider rows, or less memory." : "No temporary files are written and read back.");
        if (first.Loops is { } loops && second.Loops is { } turns && first.Relation is not null && Factor(loops, turns) is { } more && Math.Max(loops, turns) >= Thresholds.RepeatedLoops)
            yield return Change($"{second.Title} ran {Figures.Count(loops)} times and runs {Figures.Count(turns)} times ({more}).", "The outer side of its loop gives so many rows.");
        if (first.WorkersLaunched != second.WorkersLaunched)
            yield return Change($"{first.WorkersLaunched} workers took part and {second.WorkersLaunched} do.", "Parallel work takes fewer or more processes' time on the clock.");

        PlanChange Change(string what, string why) => new(what, why) { Before = first.Label, After = second.Label };
    }

    private static bool Spilled(PlanNode node) => node.SortDiskKb > 0 || node.AggregateBatches > 1 || node.Children.Any(c => c.HashBatches > 1);

    // Where a step is new or gone its time is told; one of no consequence is not.
    private static string? Worth(QueryPlan plan, PlanNode node) => node switch
    {
        { IsJoin: true } => "Tables are joined in another order, or not at all.",
        { Type: "Sort" or "Incremental Sort" } => "An order that comes from an index or a merge join needs no sort.",
        { Type: "Memoize" } => "It remembers what its inner side gave for the same key.",
        { Type: "Materialize" } => "It keeps an inner side's rows for its repetitions.",
        { Relation: not null } => "A table or partition is read that was not, or is read no more.",
        { IsSubPlan: true } or { IsInitPlan: true } => "A subquery runs by itself that was part of a join, or the other way round.",
        _ when plan.SelfShare(node) >= Thresholds.Share => $"It takes {Figures.Percent(plan.SelfShare(node))} of its plan.",
        _ => null,
    };

    private static string Method(QueryPlan plan, PlanNode node)
    {
        var index = node.Type == "Bitmap Heap Scan" ? plan.Subtree(node).Where(n => n.Type == "Bitmap Index Scan").Select(n => n.Index).OfType<string>().Distinct(StringComparer.Ordinal).Take(3).ToList() : [];
        var title = node.Relation is null ? node.Title : node.Title.Replace("Parallel ", "", StringComparison.Ordinal);
        return index.Count == 0 ? title : $"{title} by {string.Join(" and ", index)}";
    }

    private static string JoinReason(PlanNode now) => now.Type switch
    {
        "Nested Loop" => "A nested loop is best for few outer rows and an index inside; its time grows with each outer row.",
        "Hash Join" => "A hash join reads both sides once, whatever their order; its table must fit in work_mem.",
        _ => "A merge join wants both sides in order, from an index or a sort.",
    };

    private static string ScanReason(PlanNode first, PlanNode second) => (first.Type, second.Type) switch
    {
        (_, "Seq Scan") when first.Type != "Seq Scan" => "The whole table is read where an index led to the rows: the index is gone, the condition no longer fits it, or more rows are expected.",
        ("Seq Scan", _) => "An index leads to the rows where the whole table was read.",
        _ when first.Index != second.Index => "Another index has other keys: fewer or more rows are fetched in vain, and the order may be another.",
        _ => "The same rows are reached in another way.",
    };

    private static string? Factor(double before, double after)
    {
        var ratio = Math.Max(1, after) / Math.Max(1, before);
        return ratio >= Telling ? $"{Text(ratio)} more" : ratio <= 1 / Telling ? $"{Text(1 / ratio)} fewer" : null;

        static string Text(double factor) => factor.ToString(factor >= 10 ? "N0" : "0.0", CultureInfo.InvariantCulture) + "×";
    }
}
