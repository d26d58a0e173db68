using System.Collections.Immutable;
using AgentHost.Postgres.Rows;

namespace AgentHost.Postgres.Synthesis;

/// <summary>How many rows tables get: all, or the same share of all that references tie together.</summary>
internal static class FillScale
{
    /// <summary>Tables of up to so many rows keep them: they cost nothing, and what many rows of others point at stays.</summary>
    private const double Small = 2000;

    /// <summary>A cautious speed, in bytes of heap a second, with indexes.</summary>
    private const double BytesASecond = 12e6;

    /// <summary>The rows of each table.</summary>
    /// <param name="sizes">The rows and bytes of each table in the original.</param>
    /// <param name="references">What leads where.</param>
    /// <param name="options">The limits.</param>
    public static Dictionary<uint, long> Of(IReadOnlyDictionary<uint, (double Rows, double Bytes)> sizes, IEnumerable<RowReference> references, FillOptions options)
    {
        var groups = sizes.Keys.ToDictionary(table => table, table => table);
        uint Root(uint table) => groups[table] == table ? table : groups[table] = Root(groups[table]);
        foreach (var reference in references)
        {
            if (sizes.TryGetValue(reference.Table, out var child) && sizes.TryGetValue(reference.Parent, out var parent) && child.Rows > Small && parent.Rows > Small)
                groups[Root(reference.Table)] = Root(reference.Parent);
        }

        var scales = sizes.Keys.GroupBy(Root).ToDictionary(group => group.Key, group => Math.Min(1, options.MaxRows / Math.Max(1, group.Max(table => sizes[table].Rows))));
        // Half of the time is for what comes after the rows.
        var room = Math.Min(options.MaxBytes, options.Budget.TotalSeconds / 2 * BytesASecond);
        var wanted = sizes.Sum(entry => entry.Value.Bytes * scales[Root(entry.Key)]);
        var all = wanted > room ? room / wanted : 1;
        return sizes.ToDictionary(entry => entry.Key, entry => (long)Math.Ceiling(Math.Max(Math.Min(entry.Value.Rows, Small), entry.Value.Rows * scales[Root(entry.Key)] * all)));
    }
}
