using System.Collections.Immutable;
using AgentHost.Skills.DesignSchema.Model;

namespace AgentHost.Skills.DesignSchema.Physical;

/// <summary>An access pattern as one table's columns.</summary>
/// <param name="Pattern">The pattern.</param>
/// <param name="Filter">Every column that its query compares with =.</param>
/// <param name="Equality">Those of them that an index can look up.</param>
/// <param name="Range">The column compared by range, or null.</param>
/// <param name="Tail">The sort, then the range; a direction is null where either will do (a bare range).</param>
/// <param name="OnlyLive">Whether soft-deleted rows are left out.</param>
internal sealed record PatternNeed(AccessPattern Pattern, ImmutableArray<string> Filter, ImmutableArray<string> Equality, string? Range, ImmutableArray<(string Column, bool? Descending)> Tail, bool OnlyLive);

/// <summary>An index while it is being planned.</summary>
internal sealed class IndexDraft(ImmutableArray<IndexColumn> columns)
{
    public ImmutableArray<IndexColumn> Columns { get; } = columns;
    public string? Name { get; set; }
    public bool IsUnique { get; init; }
    public bool IsConstraint { get; init; }
    public bool OnlyLive { get; set; }
    public bool NullsNotDistinct { get; init; }
    public ImmutableArray<string> WhereNull { get; init; } = [];
    public ImmutableArray<string> WherePresent { get; init; } = [];

    /// <summary>Whether it guards some of the rows only: then it serves nothing else and stands in for no other index.</summary>
    public bool IsGuard => !WhereNull.IsEmpty || !WherePresent.IsEmpty;
    public List<string> Purposes { get; } = [];

    private IEnumerable<string> Names => Columns.Select(c => c.Name);

    /// <summary>Whether the first columns are these, in any order.</summary>
    public bool LeadsWith(IReadOnlyCollection<string> columns) =>
        !IsGuard && Columns.Length >= columns.Count && Names.Take(columns.Count).ToHashSet(StringComparer.Ordinal).SetEquals(columns);

    /// <summary>Whether at most one row can have given values in these columns, whichever order.</summary>
    public bool IsKeyWithin(IReadOnlyCollection<string> columns) => IsUnique && !IsGuard && Names.All(columns.Contains);

    /// <summary>Whether a scan of this index answers the pattern without a sort.</summary>
    public bool Serves(PatternNeed need)
    {
        if (OnlyLive && !need.OnlyLive)
            return false;
        if (need.Tail.IsEmpty && IsKeyWithin(need.Equality))
            return true;
        var rest = Columns.AsSpan().Slice(Math.Min(need.Equality.Length, Columns.Length));
        if (!LeadsWith(need.Equality) || rest.Length < need.Tail.Length)
            return false;
        bool? flipped = null;
        for (var i = 0; i < need.Tail.Length; i++)
        {
            if (rest[i].Name != need.Tail[i].Column)
                return false;
            if (need.Tail[i].Descending is not { } descending)
                continue;
            var flip = rest[i].Descending != descending;
            if ((flipped ??= flip) != flip)
                return false;
        }
        return true;
    }

    /// <summary>Whether whatever <paramref name="other"/> does, this one does too.</summary>
    public bool MakesRedundant(IndexDraft other) =>
        !other.IsUnique && !IsGuard && (!OnlyLive || other.OnlyLive) && Columns.Length >= other.Columns.Length && Columns.Take(other.Columns.Length).SequenceEqual(other.Columns);
}

/// <summary>Chooses one table's indexes: those of its constraints, one for each access pattern and foreign key, none that another makes needless.</summary>
internal static class IndexPlanner
{
    /// <param name="constraints">The indexes that constraints bring.</param>
    /// <param name="foreignKeys">Referencing columns of each foreign key.</param>
    /// <param name="needs">The table's access patterns.</param>
    /// <returns>Indexes to create, and the index that serves each pattern.</returns>
    public static (List<IndexDraft> Created, Dictionary<PatternNeed, IndexDraft> Serving) Plan(
        IReadOnlyList<IndexDraft> constraints, IEnumerable<ForeignKey> foreignKeys, IReadOnlyList<PatternNeed> needs)
    {
        var all = new List<IndexDraft>(constraints);
        foreach (var need in needs.OrderByDescending(n => n.Equality.Length + n.Tail.Length))
        {
            if (!all.Exists(i => i.Serves(need)))
                all.Add(new IndexDraft([.. need.Equality.Select(c => new IndexColumn(c, false)), .. need.Tail.Select(t => new IndexColumn(t.Column, t.Descending ?? false))]) { OnlyLive = need.OnlyLive });
        }
        foreach (var key in foreignKeys.OrderByDescending(k => k.Columns.Length))
            Cover(key, all);
        all.RemoveAll(i => !i.IsConstraint && all.Exists(o => !ReferenceEquals(o, i) && o.MakesRedundant(i) && (!i.MakesRedundant(o) || o.IsConstraint || all.IndexOf(o) < all.IndexOf(i))));
        var serving = needs.ToDictionary(n => n, n => all.Where(i => i.Serves(n)).OrderBy(i => i.Columns.Length).First());
        foreach (var (need, index) in serving)
            index.Purposes.Add($"access pattern '{need.Pattern.Name}'{(need.Pattern.Frequency is { } often ? $" ({often})" : "")}");
        return ([.. all.Where(i => !i.IsConstraint)], serving);
    }

    private static void Cover(ForeignKey key, List<IndexDraft> all)
    {
        if (all.Exists(i => !i.OnlyLive && (i.LeadsWith(key.Columns) || i.IsKeyWithin(key.Columns))))
            return;
        if (all.Find(i => i.OnlyLive && !i.IsUnique && i.LeadsWith(key.Columns)) is { } partial)
        {
            partial.OnlyLive = false;
            partial.Purposes.Add($"foreign key to {key.References}");
            return;
        }
        var index = new IndexDraft([.. key.Columns.Select(c => new IndexColumn(c, false))]);
        index.Purposes.Add($"foreign key to {key.References}");
        all.Add(index);
    }
}
