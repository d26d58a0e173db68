using System.Collections.Immutable;

namespace AgentHost.Skills.RecommendIndex;

/// <summary>Estimates a freshly built index's size from the table's statistics.</summary>
internal static class IndexSize
{
    private const double PageSize = 8192;

    /// <summary>Bytes of a page that tuples fill at the default fillfactor of 90, header and special space taken off.</summary>
    private const double UsableBytes = (PageSize - 24 - 16) * 0.9;

    /// <summary>Key bytes of deduplicated tuples are shared by this many rows at most (a posting list fits a sixth of a page).</summary>
    private const double MaxPostingList = 220;

    /// <summary>What a row takes in a posting list of GIN, whose row numbers are kept as differences of one to six bytes: the mean over arrays, documents and texts as built.</summary>
    private const double GinItemBytes = 2.2;

    /// <summary>An entry of GIN besides its key: header, line pointer, and the first row numbers.</summary>
    private const double GinEntryBytes = 24;

    /// <summary>GiST pages are split in halves as they fill: about two thirds are full (measured on ranges and points, sorted builds are denser).</summary>
    private const double GistFill = 0.7;

    /// <summary>Neighbours of a vector in HNSW's lowest layer are 2 × m with m = 16, six bytes each, and headers.</summary>
    private const double HnswNeighbourBytes = (32 * 6) + (16 * 6 / 15.0) + 76;

    /// <summary>The size, in bytes.</summary>
    public static long Estimate(IndexCandidate index)
    {
        var rows = Math.Max(1, index.Table.Rows * (index.Predicate?.Fraction ?? 1));
        var pages = index.Method switch
        {
            "btree" => Btree(index.Table, index.Keys, index.Include, rows),
            // Hash codes of four bytes, in buckets that are doubled at three quarters full.
            "hash" => 2 + (rows * 20 / (PageSize * 0.75)) * 1.25,
            "gin" => Gin(index, rows),
            "gist" or "spgist" => 1 + Math.Ceiling(rows * (12 + Align(index.Keys.Sum(k => (double)GistWidth(k)))) / (PageSize * GistFill)),
            "brin" => 3 + Math.Ceiling(index.Table.Pages / (index.Storage is null ? 128.0 : 32.0) * (16 + (index.Keys.Sum(k => k.Facts.Width) * (index.Keys[0].OperatorClass is null ? 2 : 16))) / PageSize),
            "hnsw" => 1 + Math.Ceiling(rows / Math.Max(1, Math.Floor(PageSize / (index.Keys[0].Facts.Width + HnswNeighbourBytes)))),
            _ => 1 + Math.Ceiling(rows * (index.Keys.Sum(k => k.Facts.Width) + 12) / UsableBytes),
        };
        return (long)(pages * PageSize);
    }

    private static double Btree(TableFacts table, ImmutableArray<CandidateKey> keys, ImmutableArray<ColumnFacts> include, double rows)
    {
        double width = 0, distinct = 1;
        foreach (var column in keys.Select(k => k.Facts).Concat(include))
        {
            var alignment = column.Width >= 8 ? 8 : column.Width >= 4 ? 4 : 1;
            width = Math.Ceiling(width / alignment) * alignment + column.Width;
        }
        foreach (var key in keys)
            distinct = Math.Min(rows, distinct * key.Facts.Distinct(table.Rows));
        var tuple = 8 + Math.Ceiling(width / 8) * 8 + 4; // IndexTupleData, key, line pointer
        var duplicates = rows / distinct;
        // Deduplication (13 on) keeps the key once and 6 bytes a row, where every key's type allows it and there is no payload (manual, section 64.1.4.3).
        var bytesPerRow = duplicates < 2 || !include.IsEmpty || !keys.All(k => k.Facts.Deduplicates) ? tuple : Math.Min(tuple, 6 + tuple / Math.Min(duplicates, MaxPostingList));
        return 1 + Math.Ceiling(rows * bytesPerRow / UsableBytes) * 1.005 + 1;
    }

    private static double Gin(IndexCandidate index, double rows)
    {
        double bytes = 0;
        foreach (var key in index.Keys)
        {
            var (items, entries, width) = GinKeys(key, index.Table, rows);
            bytes += (rows * items * GinItemBytes) + (Math.Min(entries, rows * items) * (GinEntryBytes + width));
        }
        return 2 + Math.Ceiling(bytes / UsableBytes);
    }

    /// <summary>How many keys GIN makes of a value, how many different ones there are in all, and how wide one is.</summary>
    private static (double Items, double Entries, double Width) GinKeys(CandidateKey key, TableFacts table, double rows)
    {
        var facts = key.Facts;
        // A text has about as many trigrams as letters, of which some repeat; there are at most some ten thousand in use.
        if (key.OperatorClass == "gin_trgm_ops")
            return (Math.Max(1, (facts.IsExpression ? 40 : facts.Width) * 0.9), Math.Min(20_000, rows * 10), 3);
        if (facts.BaseType == "jsonb")
        {
            // A member takes about 20 bytes with its name; jsonb_ops keeps names and values apart, jsonb_path_ops a hash of each path with its value.
            var members = Math.Max(1, facts.Width / 20.0);
            return key.OperatorClass is null ? (members * 2, rows * members * 0.2, 12) : (members, rows * members * 0.2, 4);
        }
        if (facts.BaseType == "tsvector" || (facts.IsExpression && facts.Name.Contains("tsvector", StringComparison.Ordinal)))
            return (facts.Elements > 0 ? facts.Elements : 20, Math.Min(100_000, rows), 8);
        if (facts.BaseType.EndsWith("[]", StringComparison.Ordinal))
            return (facts.Elements > 0 ? facts.Elements : 3, Math.Max(100, facts.CommonElements * 4), Math.Max(4, facts.Width / Math.Max(1, facts.Elements)));
        // A scalar key of btree_gin.
        return (1, facts.Distinct(table.Rows), facts.Width);
    }

    // Trigram signatures take 12 bytes and grow with the text; shapes are kept as their boxes.
    private static int GistWidth(CandidateKey key) => key.OperatorClass == "gist_trgm_ops" ? 40 : key.Facts.BaseType switch
    {
        "point" or "circle" or "polygon" or "box" or "geometry" => 32,
        _ => key.Facts.Width,
    };

    private static double Align(double width) => Math.Ceiling(width / 8) * 8;
}
