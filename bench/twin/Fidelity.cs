namespace AgentHost.Bench.Twin;

/// <summary>How near the plans on a twin are to those on the original.</summary>
internal sealed record Fidelity(IReadOnlyList<(Explained Original, Explained Twin)> Pairs)
{
    /// <summary>|a − b| / a of each query's total cost, in ascending order; infinite where only one is planned.</summary>
    public IReadOnlyList<double> Differences { get; } = [.. Pairs.Select(pair => Difference(pair.Original, pair.Twin)).Order()];

    /// <summary>How many queries read a hypothetical index on the original.</summary>
    public int Hypothetical => Pairs.Count(pair => pair.Original.Plan?.Shape.Contains("<>", StringComparison.Ordinal) == true);

    public int Same => Pairs.Count(pair => SameShape(pair.Original, pair.Twin));

    public int Within(double share) => Differences.Count(difference => difference <= share);

    /// <summary>The nearest rank, as of 1 for the largest.</summary>
    public double Percentile(double rank) => Differences[Math.Max(0, (int)Math.Ceiling(rank * Differences.Count) - 1)];

    /// <summary>The queries that differ by more than 1 % or in shape, worst first.</summary>
    public IEnumerable<string> Misses() =>
        from pair in Pairs
        let difference = Difference(pair.Original, pair.Twin)
        where difference > 0.01 || !SameShape(pair.Original, pair.Twin)
        orderby difference descending
        select Describe(pair.Original, pair.Twin, difference);

    private static double Difference(Explained original, Explained twin) => (original.Plan, twin.Plan) switch
    {
        ({ } a, { } b) => Math.Abs(a.Total - b.Total) / Math.Max(a.Total, 1e-9),
        (null, null) => 0,
        _ => double.PositiveInfinity,
    };

    private static bool SameShape(Explained original, Explained twin) => original.Plan?.Shape == twin.Plan?.Shape;

    private static string Describe(Explained original, Explained twin, double difference)
    {
        if (original.Plan is not { } a || twin.Plan is not { } b)
            return $"  {original.Query}: {original.Refusal ?? "planned"} | {twin.Refusal ?? "planned"}";
        var text = $"  {original.Query}: {a.Total:F2} | {b.Total:F2} ({difference:P2}{(a.Shape == b.Shape ? "" : ", another shape")})";
        if (PlanNode.FirstDifference(a, b) is { } first)
            text += $"\n      {first.A}\n      {first.B}";
        return a.Shape == b.Shape ? text : $"{text}\n    original: {a.Shape}\n    twin:     {b.Shape}";
    }
}
