using System.Collections.Immutable;

namespace AgentHost.Skills.RecommendIndex;

/// <summary>Estimates a freshly built btree's size from the table's statistics.</summary>
internal static class IndexSize
{
    private const double PageSize = 8192;

    /// <summary>Bytes of a page that tuples fill at the default fillfactor of 90, header and special space taken off.</summary>
    private const double UsableBytes = (PageSize - 24 - 16) * 0.9;

    /// <summary>Key bytes of deduplicated tuples are shared by this many rows at most (a posting list fits a sixth of a page).</summary>
    private const double MaxPostingList = 220;

    /// <summary>The size, in bytes.</summary>
    /// <param name="table">The table.</param>
    /// <param name="keys">The key columns.</param>
    /// <param name="fraction">The share of rows that are indexed.</param>
    public static long Estimate(TableFacts table, ImmutableArray<CandidateKey> keys, double fraction)
    {
        var rows = Math.Max(1, table.Rows * fraction);
        double width = 0, distinct = 1;
        foreach (var key in keys)
        {
            var alignment = key.Facts.Width >= 8 ? 8 : key.Facts.Width >= 4 ? 4 : 1;
            width = Math.Ceiling(width / alignment) * alignment + key.Facts.Width;
            distinct = Math.Min(rows, distinct * key.Facts.Distinct(table.Rows));
        }
        var tuple = 8 + Math.Ceiling(width / 8) * 8 + 4; // IndexTupleData, key, line pointer
        var duplicates = rows / distinct;
        // Deduplication (13 on) keeps the key once and 6 bytes a row, where every key's type allows it (manual, section 64.1.4.3).
        var bytesPerRow = duplicates < 2 || !keys.All(k => k.Facts.Deduplicates) ? tuple : Math.Min(tuple, 6 + tuple / Math.Min(duplicates, MaxPostingList));
        var leaves = Math.Ceiling(rows * bytesPerRow / UsableBytes);
        return (long)((1 + leaves * 1.005 + 1) * PageSize);
    }
}
