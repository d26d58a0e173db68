using System.Collections.Immutable;

namespace AgentHost.Skills.RecommendIndex.Statistics;

/// <summary>An estimate that a logged run proved wrong: of the rows that meet several conditions on a table, or of the groups of several of its columns.</summary>
/// <param name="Relation">The table, as the plan names it.</param>
/// <param name="Conditions">What rows must meet.</param>
/// <param name="GroupKeys">What is grouped by; empty for rows.</param>
/// <param name="Expected">Rows that the planner expected, of all workers.</param>
/// <param name="Actual">Rows that came.</param>
internal sealed record RowEstimate(string Relation, ImmutableArray<string> Conditions, ImmutableArray<string> GroupKeys, double Expected, double Actual)
{
    /// <summary>Smaller errors change few plans.</summary>
    private const double LeastFactor = 10, LeastRows = 100;

    /// <summary>An error below explains one above.</summary>
    private const double RightFactor = 3;

    public string? Schema { get; init; }

    public string? Alias { get; init; }

    /// <summary>How far it is off, 1 or more.</summary>
    public double Factor => Math.Max(Actual, Expected) / Math.Max(1, Math.Min(Actual, Expected));

    /// <summary>Those of a plan.</summary>
    public static ImmutableArray<RowEstimate> Of(ImmutableArray<PlanStep> steps)
    {
        var found = ImmutableArray.CreateBuilder<RowEstimate>();
        for (var place = 0; place < steps.Length; place++)
        {
            if ((Rows(steps[place]) ?? Groups(steps, place)) is { Factor: >= LeastFactor } estimate && Math.Abs(estimate.Actual - estimate.Expected) >= LeastRows)
                found.Add(estimate);
        }
        return found.ToImmutable();
    }

    // Fewer rows than expected say little: a LIMIT above may have stopped the scan, and no statistics know what does not occur.
    private static RowEstimate? Rows(PlanStep step) =>
        step is { Relation: { } relation, Conditions: not [], Loops: > 0 } && step.Actual > step.Expected
            ? new RowEstimate(relation, step.Conditions, [], step.Expected * Share(step), step.IsParallel ? step.Actual * step.Loops : step.Actual) { Schema = step.Schema, Alias = step.Alias }
            : null;

    // What the leader does beside its workers (costsize.c, get_parallel_divisor).
    private static double Share(PlanStep step) => !step.IsParallel ? 1 : step.Loops switch { 2 => 1.7, 3 => 2.4, 4 => 3.1, var loops => loops };

    private static RowEstimate? Groups(ImmutableArray<PlanStep> steps, int place)
    {
        var step = steps[place];
        if (step is not { GroupKeys.Length: >= 2, Loops: 1 } || step.Type.Contains("Partial", StringComparison.Ordinal) || step.Type.Contains("Finalize", StringComparison.Ordinal) || IsLimited(steps, place))
            return null;
        var below = Enumerable.Range(place + 1, steps.Length - place - 1).TakeWhile(s => IsBelow(steps, s, place)).Select(s => steps[s]).ToList();
        // Of one table whose rows were told right, so that the groups alone are wrong.
        return below.Where(s => s.Relation is not null).ToList() is [{ Loops: > 0 } scan] && below.TrueForAll(s => s.GroupKeys.IsEmpty)
            && Math.Max(scan.Actual, scan.Expected) <= RightFactor * Math.Max(1, Math.Min(scan.Actual, scan.Expected))
                ? new RowEstimate(scan.Relation!, [], step.GroupKeys, step.Expected, step.Actual) { Schema = scan.Schema, Alias = scan.Alias }
                : null;
    }

    private static bool IsBelow(ImmutableArray<PlanStep> steps, int place, int above)
    {
        while (place > above)
            place = steps[place].Parent;
        return place == above;
    }

    private static bool IsLimited(ImmutableArray<PlanStep> steps, int place)
    {
        for (var above = steps[place].Parent; above >= 0; above = steps[above].Parent)
        {
            if (steps[above].Type == "Limit")
                return true;
        }
        return false;
    }
}

/// <summary>Such an estimate and the statement whose run showed it.</summary>
internal sealed record LoggedEstimate(string Query, RowEstimate Estimate);
