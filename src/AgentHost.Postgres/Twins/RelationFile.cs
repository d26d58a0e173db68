using System.Buffers.Binary;

namespace AgentHost.Postgres.Twins;

/// <summary>A relation of a twin as a file: what it is, and how large the original was.</summary>
/// <param name="Path">Its first segment.</param>
/// <param name="Method">An index's access method; null for a table.</param>
/// <param name="Pages">The original's pages.</param>
/// <param name="KeyWidth">Bytes of an index's key, on average.</param>
/// <param name="BacksConstraint">Whether it is the index of a key, which was there before the rows.</param>
/// <param name="TablePages">For an index: its table's pages.</param>
internal sealed record RelationFile(string Path, string? Method, long Pages, double KeyWidth, bool BacksConstraint, long TablePages)
{
    /// <summary>A file of more pages continues in another: 1 GB (manual, 65.1).</summary>
    private const long SegmentPages = 131_072;

    /// <summary>A BRIN index's map: entries a page, and where its metapage holds the last page of the map and the pages of a range (brin_page.h).</summary>
    private const int RevmapEntries = 1360, LastRevmapPage = 24 + 12, PagesPerRange = 24 + 8;

    /// <summary>Grows it to the original's size, sparse: it takes no more room on the disk. Nobody may have read an index of the server's yet.</summary>
    public void Grow()
    {
        using (var file = new FileStream(Path, FileMode.Open, FileAccess.ReadWrite, FileShare.ReadWrite))
        {
            var pages = Math.Min(Pages, SegmentPages);
            if (file.Length > pages * BtreePages.PageSize)
                return; // already larger: an index's own first pages
            if (Method is "btree" && Pages > 1)
                WriteTree(file);
            else if (Method is "brin" && file.Length >= BtreePages.PageSize)
                WriteRevmap(file);
            file.SetLength(Math.Max(file.Length, pages * BtreePages.PageSize));
        }

        for (var segment = 1; segment * SegmentPages < Pages; segment++)
        {
            using var file = new FileStream($"{Path}.{segment}", FileMode.OpenOrCreate, FileAccess.Write, FileShare.ReadWrite);
            file.SetLength(Math.Min(SegmentPages, Pages - segment * SegmentPages) * BtreePages.PageSize);
        }
    }

    /// <summary>Takes a table's pages away, until it is grown again.</summary>
    public void Shrink()
    {
        foreach (var segment in Enumerable.Range(0, int.MaxValue).Select(n => n == 0 ? Path : $"{Path}.{n}").TakeWhile(File.Exists))
        {
            using var file = new FileStream(segment, FileMode.Open, FileAccess.Write, FileShare.ReadWrite);
            file.SetLength(0);
        }
    }

    private void WriteTree(FileStream file)
    {
        var metapage = new byte[BtreePages.PageSize];
        file.ReadExactly(metapage);
        var pages = BtreePages.Write(metapage, Math.Min(BtreePages.Height(Pages, KeyWidth, BacksConstraint), (int)Math.Min(Pages - 2, 8)));
        file.Position = 0;
        file.Write(pages);
    }

    private void WriteRevmap(FileStream file)
    {
        Span<byte> four = stackalloc byte[4];
        file.Position = PagesPerRange;
        file.ReadExactly(four);
        var ranges = (double)TablePages / Math.Max(1, BinaryPrimitives.ReadUInt32LittleEndian(four));
        BinaryPrimitives.WriteUInt32LittleEndian(four, (uint)Math.Max(1, Math.Ceiling(ranges / RevmapEntries)));
        file.Position = LastRevmapPage;
        file.Write(four);
    }
}
