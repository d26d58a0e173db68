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
        // To reach into an array of texts takes as long as it is.
        var isFixed = column.Type.Name is "int2" or "int4" or "int8" or "oid" or "uuid" or "date" or "timestamp" or "timestamptz" or "float8" or "bool" || column.Type.Kind == 'e';
        string Key(string number) => isFixed || keys.Count <= 1000 ? $"({array})[1 + {number}::int]"
            : column.Query.Lookup($"(select v, row_number() over () - 1 as r from ({keys.Query}) k(v))", $"@.r = {column.Query.Let(number)}", "v");
        var rank = new NumberLine($"greatest(0, width_bucket(v::{column.Storage}, {array}) - 1)", x => Key($"least({x}, {keys.Count - 1})"), true) { HasUnit = false };
        var figures = column.Figures;
        var common = await rank.ReadAsync(connection, [.. figures.Common.Select(entry => entry.Value)], ct);
        var bounds = await rank.ReadAsync(connection, figures.Statistics.Histogram, ct);
        if (bounds.Length < 2)
            bounds = [0, keys.Count - 1];
        return NumberDraw.Draw(column, rank, common, bounds, []);
    }
}
