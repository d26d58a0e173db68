using System.Buffers.Binary;

namespace AgentHost.Postgres.Twins;

/// <summary>
/// Gives the file of an empty B-tree the least valid tree of a height: a root, one page a level, an empty leaf. The planner reads the height from the
/// metapage (selfuncs.c, btcostestimate) and, for constants beyond the histogram, looks for the tree's ends (get_actual_variable_range), where it finds no row.
/// Layouts: bufpage.h, nbtree.h of PostgreSQL 17.
/// </summary>
internal static class BtreePages
{
    public const int PageSize = 8192;

    private const int HeaderSize = 24, SpecialSize = 16, MetaOffset = HeaderSize;
    private const int Magic = 0x053162;
    private const ushort Leaf = 1, Root = 2, AltTid = 0x2000;

    /// <summary>How full inner pages are that were built or split at their right end (nbtree.h, BTREE_NONLEAF_FILLFACTOR), and what a key takes on them besides itself.</summary>
    private const double InnerFill = 0.7;
    private const int ItemOverhead = 12;

    /// <summary>The levels above the leaves of a tree of so many pages.</summary>
    /// <param name="pages">All its pages, with the metapage.</param>
    /// <param name="keyWidth">Bytes of a key, on average.</param>
    /// <param name="grown">Whether it grew with its table, so that its root was filled wholly before it was split; else it was built at once.</param>
    public static int Height(long pages, double keyWidth, bool grown)
    {
        var capacity = Math.Max(4, (PageSize - HeaderSize - SpecialSize) / (Math.Ceiling(keyWidth / 8) * 8 + ItemOverhead));
        var fanout = InnerFill * capacity;
        // Leaves and the levels above them make up the pages: n + n/f + n/f^2 + …
        var level = Math.Max(1, Math.Round((pages - 1) * (1 - 1 / fanout)));
        var height = 0;
        for (; level > 1; height++)
            level = level <= (grown ? capacity : fanout) ? 1 : Math.Ceiling(level / fanout);
        return height;
    }

    /// <summary>The first pages of such a tree.</summary>
    /// <param name="metapage">The metapage as PostgreSQL wrote it.</param>
    /// <param name="height">Levels above the leaf.</param>
    /// <exception cref="InvalidDataException">It is no metapage of a B-tree.</exception>
    public static byte[] Write(ReadOnlySpan<byte> metapage, int height)
    {
        if (metapage.Length != PageSize || BinaryPrimitives.ReadInt32LittleEndian(metapage[MetaOffset..]) != Magic)
            throw new InvalidDataException("The file does not begin with the metapage of a B-tree.");
        var pages = new byte[(height + 2) * PageSize];
        metapage.CopyTo(pages);
        var meta = pages.AsSpan(MetaOffset);
        foreach (var (offset, value) in ((int, int)[])[(8, 1), (12, height), (16, 1), (20, height)]) // root, level, fast root, its level
            BinaryPrimitives.WriteInt32LittleEndian(meta[offset..], value);
        for (var level = height; level >= 0; level--)
            WritePage(pages.AsSpan((height - level + 1) * PageSize, PageSize), level, child: level > 0 ? height - level + 2 : null, isRoot: level == height);
        return pages;
    }

    private static void WritePage(Span<byte> page, int level, int? child, bool isRoot)
    {
        const int Tuple = 8, LinePointer = 4, Special = PageSize - SpecialSize;
        var (lower, upper) = child is null ? (HeaderSize, Special) : (HeaderSize + LinePointer, Special - Tuple);
        BinaryPrimitives.WriteUInt16LittleEndian(page[12..], (ushort)lower);
        BinaryPrimitives.WriteUInt16LittleEndian(page[14..], (ushort)upper);
        BinaryPrimitives.WriteUInt16LittleEndian(page[16..], Special);
        BinaryPrimitives.WriteUInt16LittleEndian(page[18..], PageSize | 4);
        BinaryPrimitives.WriteInt32LittleEndian(page[(Special + 8)..], level);
        BinaryPrimitives.WriteUInt16LittleEndian(page[(Special + 12)..], (ushort)((level == 0 ? Leaf : 0) | (isRoot ? Root : 0)));
        if (child is not { } block)
            return;
        BinaryPrimitives.WriteUInt32LittleEndian(page[HeaderSize..], (uint)upper | 1u << 15 | (uint)Tuple << 17); // lp_off, LP_NORMAL, lp_len
        // A key below all others has no attributes; its row pointer is the child.
        BinaryPrimitives.WriteUInt16LittleEndian(page[upper..], (ushort)(block >> 16));
        BinaryPrimitives.WriteUInt16LittleEndian(page[(upper + 2)..], (ushort)block);
        BinaryPrimitives.WriteUInt16LittleEndian(page[(upper + 6)..], Tuple | AltTid);
    }
}
