namespace AgentHost.Postgres.Synthesis;

/// <summary>A part of a distribution, in the order of values: a share of the rows, spread over so many different values.</summary>
/// <param name="Mass">Its share of the rows that are not null.</param>
/// <param name="Values">How many different values it has, at least 1.</param>
internal readonly record struct Share(double Mass, double Values);

/// <summary>How a row finds its value: its place among all in the order of values (0 to 1) leads to a piece, and within it to one of the piece's values.</summary>
/// <param name="Piece">The piece's number, from 1 on.</param>
/// <param name="Value">The number of the value in it, from 0 on, a <c>float8</c> without a fraction.</param>
/// <param name="Place">The place of that value, the same for all rows that have it.</param>
internal sealed record Found(string Piece, string Value, string Place)
{
    /// <summary>Writes the steps that find a piece and a value.</summary>
    public static Found In(RowQuery query, IReadOnlyList<Share> shares, string place)
    {
        var total = shares.Sum(share => share.Mass);
        var starts = new double[shares.Count];
        for (var i = 1; i < shares.Count; i++)
            starts[i] = starts[i - 1] + (shares[i - 1].Mass / total);
        if (shares.Count == 1)
        {
            var only = query.Let($"floor({place} * {Text(shares[0].Values)}::float8)");
            return new Found("1", only, $"(({only} + 0.5) / {Text(shares[0].Values)}::float8)");
        }

        var start = query.Numbers(starts);
        var piece = query.Let($"width_bucket({place}, {start})");
        if (shares.All(share => share.Values <= 1))
            return new Found(piece, "0::float8", $"({start})[{piece}]");
        var density = query.Numbers([.. shares.Select(share => share.Values / (share.Mass / total))]);
        var last = query.Numbers([.. shares.Select(share => share.Values - 1)]);
        var value = query.Let($"least(floor(({place} - ({start})[{piece}]) * ({density})[{piece}] + 1e-7), ({last})[{piece}])");
        return new Found(piece, value, $"(({start})[{piece}] + ({value} + 0.5) / ({density})[{piece}])");
    }

    private static string Text(double number) => number.ToString("R", System.Globalization.CultureInfo.InvariantCulture);
}
