using System.Globalization;
using Npgsql;

namespace AgentHost.Postgres.Synthesis;

/// <summary>The values of a referenced column, in order.</summary>
/// <param name="Query">A query that gives them.</param>
/// <param name="Count">How many there are.</param>
internal sealed record KeyValues(string Query, long Count);

/// <summary>Draws references: which of the parent's keys, by the column's own statistics.</summary>
internal static class KeyDraw
{
    /// <summary>A reference of one column.</summary>
    /// <param name="connection">Where the parent's rows are.</param>
    /// <param name="column">The column.</param>
    /// <param name="keys">The parent's keys.</param>
    /// <param name="ct">Ends it.</param>
    public static async Task<Drawn?> DrawAsync(NpgsqlConnection connection, ColumnToDraw column, KeyValues keys, CancellationToken ct)
    {
        if (keys.Count == 0)
            return null;
        var array = RowQuery.ArrayOf(keys.Query);
        var rank = new NumberLine($"greatest(0, width_bucket(v::{column.Storage}, {array}) - 1)", x => $"({array})[1 + least({x}, {keys.Count - 1})::int]", true) { HasUnit = false };
        var figures = column.Figures;
        var common = await rank.ReadAsync(connection, [.. figures.Common.Select(entry => entry.Value)], ct);
        var bounds = await rank.ReadAsync(connection, figures.Statistics.Histogram, ct);
        if (bounds.Length < 2)
            bounds = [0, keys.Count - 1];
        return NumberDraw.Draw(column, rank, common, bounds, []);
    }

    /// <summary>References of several columns: each takes its value from the same row of the parent.</summary>
    /// <param name="query">Where to.</param>
    /// <param name="name">Names the reference.</param>
    /// <param name="rows">The rows that are made.</param>
    /// <param name="keys">The parent's values, a column each, in one order of rows.</param>
    public static IEnumerable<string> DrawTogether(RowQuery query, string name, long rows, IReadOnlyList<KeyValues> keys)
    {
        var count = keys[0].Count.ToString(CultureInfo.InvariantCulture);
        var place = query.Let($"1 + least(floor({Place.Of(query, name, rows, 0)} * {count}), {count} - 1)::int");
        return keys.Select(key => $"({RowQuery.ArrayOf(key.Query)})[{place}]");
    }
}
