using AgentHost.Skills.RecommendIndex.Workloads;
using AgentHost.Sql;
using AgentHost.Sql.Statements;

namespace AgentHost.Skills.RecommendIndex.Drops;

using IndexFigures = AgentHost.Postgres.Catalog.IndexFigures;

/// <summary>Judges the indexes of one table. Of those that could replace each other one always stays.</summary>
internal sealed class TableDrops(RelationFacts table, IndexDuty duty, IReadOnlyList<CreateIndex> recommended, TimeSpan? age)
{
    /// <summary>Values that each take at least this share of the rows are found as fast without an index.</summary>
    private const double CommonShare = 0.1;

    private readonly HashSet<IndexModel> gone = new(ReferenceEqualityComparer.Instance);
    private readonly HashSet<IndexModel> standIns = new(ReferenceEqualityComparer.Instance);

    /// <summary>How many indexes were never read while the counters are too young to say so.</summary>
    public int TooEarly { get; private set; }

    public IEnumerable<IndexDrop> All()
    {
        // Narrow before wide, the later name before the earlier: of two duplicates the first by name stays.
        var free = table.Model.Indexes.Where(i => !duty.Holds(table, i)).OrderBy(i => i.Keys.Length).ThenByDescending(i => i.Name, StringComparer.Ordinal).ToList();
        foreach (var index in free)
        {
            if ((Invalid(index) ?? Redundant(index) ?? Replaced(index) ?? Unused(index)) is { } drop)
            {
                gone.Add(index);
                yield return drop;
            }
            else if (LowValue(index) is { } question)
            {
                yield return question;
            }
        }
    }

    private IndexFigures? Figures(IndexModel index) => table.Figures.Indexes.FirstOrDefault(f => f.Name == index.Name);

    private bool IsPartitioned => table.Figures.Kind == 'p';

    private bool Stays(IndexModel index) => !gone.Contains(index) && Figures(index)?.IsValid != false;

    private IndexDrop? Invalid(IndexModel index) => IsPartitioned || Figures(index)?.IsValid != false ? null
        : Drop(index, DropCause.Invalid, "A concurrent build left it behind that failed: every write keeps it up, and no query may read it. Unless a build is running at this moment"
            + (index.IsUnique ? "; build it again if its rule is wanted" : ""));

    private IndexDrop? Redundant(IndexModel index)
    {
        var keeper = table.Model.Indexes.Where(other => !ReferenceEquals(other, index) && Stays(other) && IndexCover.Replaces(other, index) && (!index.IsUnique || HoldsSameRule(other, index)))
            .OrderByDescending(o => duty.Holds(table, o) || o.IsUnique).ThenBy(o => o.Keys.Length).ThenBy(o => o.Name, StringComparer.Ordinal).FirstOrDefault();
        if (keeper is null)
            return null;
        standIns.Add(keeper);
        var isDuplicate = keeper.Keys.Length == index.Keys.Length;
        return Drop(index, isDuplicate ? DropCause.Duplicate : DropCause.Covered, isDuplicate
            ? $"Same keys as {keeper.Name}, which serves every query that this one serves"
            : $"Its keys ({IndexCover.Keys(index)}) are the first of {keeper.Name} ({IndexCover.Keys(keeper)}), which serves the same look-ups") with { IsQuestion = index.IsUnique && duty.IsReferenced(table, index) };
    }

    // A rule of uniqueness is kept by the same one alone, and over all rows.
    private static bool HoldsSameRule(IndexModel other, IndexModel index) => other.IsUnique && other.Keys.Length == index.Keys.Length && other.Constraint is not null;

    private IndexDrop? Replaced(IndexModel index)
    {
        if (index.IsUnique)
            return null;
        var coming = recommended.FirstOrDefault(r => IndexCover.Replaces(new IndexModel(r.Name ?? "", table.Name, r.IsUnique, r.Method, r.Keys, r.Include, r.Predicate), index));
        return coming is null ? null
            : Drop(index, DropCause.Replaced, $"Its keys ({IndexCover.Keys(index)}) are the first of the recommended {coming.Name}: drop it once that one is built");
    }

    // The counters of a partitioned index are those of its partitions, and what one of these is read for all serve.
    private IndexDrop? Unused(IndexModel index)
    {
        if (index.IsUnique || standIns.Contains(index) || IsPartitioned || table.Model.PartitionOf is not null || Figures(index) is not { IsValid: true, Scans: 0 } figures || IndexDuty.ServesForeignKey(table, index, Stays))
            return null;
        if (age is not { TotalDays: >= IndexDrops.LeastDays } old)
        {
            TooEarly++;
            return null;
        }
        return Drop(index, DropCause.Unused, $"Nothing has read it for {IndexDrops.Days(old)}, since the counters began. Replicas count for themselves, and what runs once a quarter may not have run", figures);
    }

    private IndexDrop? LowValue(IndexModel index)
    {
        if (index is not { IsUnique: false, Method: "btree", Predicate: null, Keys: [{ Column: { } column }], Include: [] } || standIns.Contains(index) || !table.IsLarge || IndexDuty.ServesForeignKey(table, index, Stays)
            || table.Statistics(column) is not { CommonFrequencies: { Length: > 0 } shares } || shares.Length > 1 / CommonShare || shares.Any(s => s < CommonShare)
            || shares.Sum(s => (double)s) + table.Statistics(column)!.NullFraction < 0.99)
        {
            return null;
        }
        return Drop(index, DropCause.LowValue,
            $"{column} has {shares.Length} {(shares.Length == 1 ? "value" : "values")}, each in {shares.Min() * 100:0} % of the rows or more, which a sequential scan finds as fast. Does a query need it for its order alone") with { IsQuestion = true };
    }

    private IndexDrop Drop(IndexModel index, DropCause cause, string why, IndexFigures? figures = null)
    {
        var size = IndexDrops.Size(figures ?? Figures(index));
        var freed = size >= 1 << 20 ? $"{size / 1048576.0:N0} MB" : $"{Math.Max(1, size / 1024):N0} kB";
        var sql = $"DROP INDEX {(IsPartitioned ? "" : "CONCURRENTLY ")}{SqlIdentifier.Quote(index.FullName)};";
        return new IndexDrop(index.FullName.ToString(), table.Name.ToString(), cause, $"{why}{(cause == DropCause.LowValue ? "?" : ";")} {(cause == DropCause.LowValue ? "Dropping" : "dropping")} it frees {freed} and one entry a write.", size, sql);
    }
}
