using AgentHost.Skills.RecommendIndex.Workloads;
using AgentHost.Sql;
using AgentHost.Sql.Statements;

namespace AgentHost.Skills.RecommendIndex.Drops;

using IndexFigures = AgentHost.Postgres.Catalog.IndexFigures;

/// <summary>Judges the indexes of one table. Of those that could replace each other one always stays.</summary>
internal sealed class TableDrops(RelationFacts table, IndexDuty duty, IReadOnlyList<CreateIndex> recommended, TimeSpan? age, WorkloadWitness? witness)
{
    /// <summary>Values that each take at least this share of the rows are found as fast without an index.</summary>
    private const double CommonShare = 0.1;

    private readonly HashSet<IndexModel> gone = new(ReferenceEqualityComparer.Instance);
    private readonly HashSet<IndexModel> standIns = new(ReferenceEqualityComparer.Instance);

    /// <summary>How many indexes were never read while the counters are too young to say so.</summary>
    public int TooEarly { get; private set; }

    public IEnumerable<IndexDrop> All()
    {
        // Narrow before wide, the less read before the more, the later made before the earlier: of two duplicates the one stays that was there first.
        var free = table.Model.Indexes.Where(i => !duty.Holds(table, i)).OrderBy(i => i.Keys.Length).ThenBy(Scans).ThenByDescending(Place).ThenByDescending(i => i.Name, StringComparer.Ordinal).ToList();
        foreach (var index in free)
        {
            if ((Invalid(index) ?? Redundant(index) ?? Replaced(index) ?? Superseded(index) ?? Unused(index)) is { } drop)
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

    private long Scans(IndexModel index) => Figures(index)?.Scans ?? 0;

    // A snapshot has them in the order in which they were made.
    private int Place(IndexModel index) => table.Figures.Indexes.Select(f => f.Name).ToList().IndexOf(index.Name);

    private bool IsPartitioned => table.Figures.Kind == 'p';

    private bool Stays(IndexModel index) => !gone.Contains(index) && Figures(index)?.IsValid != false;

    private IndexDrop? Invalid(IndexModel index) => IsPartitioned || Figures(index)?.IsValid != false ? null
        : Drop(index, DropCause.Invalid, "A concurrent build left it behind that failed: every write keeps it up, and no query may read it. Unless a build is running at this moment"
            + (index.IsUnique ? "; build it again if its rule is wanted" : ""));

    private IndexDrop? Redundant(IndexModel index)
    {
        // A foreign key that rests on its uniqueness keeps it; where nobody looked, one of its columns might.
        var isReferenced = Figures(index)?.IsReferenced;
        var keeper = index.IsUnique && isReferenced == true ? null
            : table.Model.Indexes.Where(other => !ReferenceEquals(other, index) && Stays(other) && IndexCover.Replaces(other, index) && (!index.IsUnique || duty.HoldsSameRule(table, other, index)))
                .OrderByDescending(o => duty.Holds(table, o) || o.IsUnique).ThenBy(o => o.Keys.Length).ThenByDescending(Scans).ThenBy(Place).ThenBy(o => o.Name, StringComparer.Ordinal).FirstOrDefault();
        if (keeper is null)
            return null;
        standIns.Add(keeper);
        var isDuplicate = keeper.Keys.Length == index.Keys.Length;
        var isAsked = index.IsUnique && isReferenced is null && duty.IsReferenced(table, index);
        return Drop(index, isDuplicate ? DropCause.Duplicate : DropCause.Covered, isDuplicate
            ? $"Same keys as {keeper.Name}, which serves all that it serves"
            : $"Its keys ({IndexCover.Keys(index)}) are the first of {keeper.Name} ({IndexCover.Keys(keeper)}), which serves the same look-ups") with { Certainty = isAsked ? DropCertainty.Ask : DropCertainty.Certain };
    }

    private IndexDrop? Replaced(IndexModel index)
    {
        if (index.IsUnique)
            return null;
        var coming = recommended.FirstOrDefault(r => IndexCover.Replaces(new IndexModel(r.Name ?? "", table.Name, r.IsUnique, r.Method, r.Keys, r.Include, r.Predicate), index));
        return coming is null ? null
            : Drop(index, DropCause.Replaced, $"Its keys ({IndexCover.Keys(index)}) are the first of the recommended {coming.Name}: drop it once that one is built");
    }

    // A partial index beside it, with the same keys in front, answers all that the workload asks.
    private IndexDrop? Superseded(IndexModel index)
    {
        if (index.IsUnique || index.Predicate is not null || standIns.Contains(index) || !IsUnread(index) || witness?.IsNeedless(table, index) != true)
            return null;
        var partial = table.Model.Indexes.Where(other => other.Predicate is not null && Stays(other) && IndexCover.Replaces(other with { Predicate = null }, index) && witness.Uses(other.Name))
            .OrderBy(o => o.Name, StringComparer.Ordinal).FirstOrDefault();
        if (partial is null)
            return null;
        var parents = duty.ForeignKeys(table, index, Stays);
        if (!parents.TrueForAll(IndexDuty.LosesNoRows) || parents.Exists(witness.Deletes))
            return null;
        standIns.Add(partial);
        return Drop(index, DropCause.Superseded, $"{Seen}; what they ask, {partial.Name} answers, which is partial"
            + (parents.Count == 0 ? "" : $". A delete from {parents[0]!.Name.Name} would read {table.Name.Name} whole without it, but nothing was deleted there")) with { Certainty = DropCertainty.Verify };
    }

    // The counters of a partitioned index are those of its partitions, and what one of these is read for all serve.
    private IndexDrop? Unused(IndexModel index)
    {
        if (index.IsUnique || standIns.Contains(index) || !IsUnread(index) || witness?.Uses(index.Name) == true || duty.ForeignKeys(table, index, Stays).Count > 0)
            return null;
        var isOld = age is { TotalDays: >= IndexDrops.LeastDays };
        if (!isOld && witness?.IsNeedless(table, index) != true)
        {
            TooEarly++;
            return null;
        }
        return Drop(index, DropCause.Unused, isOld ? $"Nothing has read it for {IndexDrops.Days(age!.Value)}, since the counters began" : Seen) with { Certainty = DropCertainty.Verify };
    }

    // Where the table was never read either, the counters have seen nothing.
    private bool IsUnread(IndexModel index) =>
        !IsPartitioned && table.Model.PartitionOf is null && Figures(index) is { IsValid: true, Scans: 0 } && (age is { TotalDays: >= IndexDrops.LeastDays } || table.Figures.Counters is { SequentialScans: > 0 } or { IndexScans: > 0 });

    private string Seen => $"0 scans{(age is { } young ? $" in at most {IndexDrops.Days(young)} of counters" : "")}, and none of the workload's {witness!.Statements} statements would read it{(recommended.Count > 0 ? " once the new indexes are built" : "")}";

    private IndexDrop? LowValue(IndexModel index)
    {
        if (index is not { IsUnique: false, Method: "btree", Predicate: null, Keys: [{ Column: { } column }], Include: [] } || standIns.Contains(index) || witness?.Uses(index.Name) == true || !table.IsLarge || duty.ForeignKeys(table, index, Stays).Count > 0
            || table.Statistics(column) is not { CommonFrequencies: { Length: > 0 } shares } || shares.Length > 1 / CommonShare || shares.Any(s => s < CommonShare)
            || shares.Sum(s => (double)s) + table.Statistics(column)!.NullFraction < 0.99)
        {
            return null;
        }
        return Drop(index, DropCause.LowValue,
            $"{column} has {shares.Length} {(shares.Length == 1 ? "value" : "values")}, each in {shares.Min() * 100:0} % of the rows or more, which a sequential scan finds as fast. Does a query need it for its order alone") with { Certainty = DropCertainty.Ask };
    }

    private IndexDrop Drop(IndexModel index, DropCause cause, string why)
    {
        var size = IndexDrops.Size(Figures(index));
        var freed = size >= 1 << 20 ? $"{size / 1048576.0:N0} MB" : $"{Math.Max(1, size / 1024):N0} kB";
        var sql = $"DROP INDEX {(IsPartitioned ? "" : "CONCURRENTLY ")}{SqlIdentifier.Quote(index.FullName)};";
        return new IndexDrop(index.FullName.ToString(), table.Name.ToString(), cause, $"{why}{(cause == DropCause.LowValue ? "?" : ";")} {(cause == DropCause.LowValue ? "Dropping" : "dropping")} it frees {freed}.", size, sql);
    }
}
