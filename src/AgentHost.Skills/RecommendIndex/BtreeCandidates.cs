using System.Collections.Immutable;
using AgentHost.Sql.Queries;

namespace AgentHost.Skills.RecommendIndex;

/// <summary>
/// Btrees: the columns compared for equality first, then the order asked for or the range; with the template's constant conditions as the predicate of a
/// partial index, and with what the query reads besides as payload.
/// </summary>
internal sealed class BtreeCandidates(IReadOnlyList<AnalysedQuery> queries, CandidateSet found, IReadOnlyList<AnalysedWrite> writes)
{
    private const int MaxKeys = CandidateSet.MaxKeys;

    public void Add(RelationUse use, TableFacts table, ImmutableArray<CandidatePredicate> partials)
    {
        var equalities = UseKeys.Equalities(use, table);
        var members = UseKeys.Members(use, table).Where(m => !equalities.Exists(e => e.Column == m.Column)).ToList();
        var joins = UseKeys.Joins(use, table).Where(j => !equalities.Exists(e => e.Column == j.Column)).ToList();
        var ranges = UseKeys.Ranges(use, table);
        var sort = UseKeys.Sort(use, table);
        var groups = use.GroupBy.Select(c => CandidateKey.Of(table, c, KeyRole.Group)).OfType<CandidateKey>().Take(MaxKeys).ToList();

        var starts = new List<List<CandidateKey>> { equalities, Plus(equalities, members) };
        foreach (var join in joins)
            starts.AddRange([[join], Plus(equalities, [join]), Plus(Plus(equalities, members), [join])]);
        if (joins.Count > 1)
            starts.Add(Plus(equalities, joins));

        foreach (var start in starts.Where(s => s.Count <= MaxKeys))
        {
            foreach (var tail in Tails(sort, groups, ranges, members))
                AddForms(use, table, start, tail, partials);
        }
        foreach (var single in equalities.Concat(members))
            Add(table, [single], [], null);
        foreach (var partial in equalities.Count + members.Count + joins.Count + sort.Count + groups.Count + ranges.Count == 0 ? partials : [])
            AddOnlyPartial(use, table, partial);
    }

    private static IEnumerable<List<CandidateKey>> Tails(List<CandidateKey> sort, List<CandidateKey> groups, List<CandidateKey> ranges, List<CandidateKey> members)
    {
        yield return [];
        if (sort.Count > 0)
            yield return sort;
        if (groups.Count > 0)
            yield return groups;
        foreach (var range in ranges)
        {
            yield return [range];
            // The filter on the range is checked in the index before the row is fetched.
            if (sort.Count > 0 && sort.Count < MaxKeys)
                yield return Plus(sort, [range]);
        }
        // So is a list: in front it would break the order.
        if (sort.Count > 0 && sort.Count < MaxKeys && members.Count > 0)
            yield return Plus(sort, [members[0]]);
    }

    private void AddForms(RelationUse use, TableFacts table, List<CandidateKey> start, List<CandidateKey> tail, ImmutableArray<CandidatePredicate> partials)
    {
        Cover(use, Add(table, start, tail, null));
        foreach (var partial in partials)
            AddPartial(use, table, start, tail, partial);
    }

    private void AddPartial(RelationUse use, TableFacts table, List<CandidateKey> start, List<CandidateKey> tail, CandidatePredicate partial)
    {
        // What the predicate fixes to one value needs no key.
        var (keys, rest) = (start.Where(k => !partial.Columns.Contains(k.Column)).ToList(), tail.Where(k => !partial.Columns.Contains(k.Column)).ToList());
        if (keys.Count + rest.Count > 0)
            Cover(use, Add(table, keys, rest, partial));
        else if (start.Count > 0)
            Add(table, start, [], partial);
    }

    private void Cover(RelationUse use, IndexCandidate? candidate)
    {
        if (candidate is null || CoveringPayload.Of(use, candidate, writes) is not { IsEmpty: false } payload)
            return;
        found.Add(new IndexCandidate(candidate.Table, candidate.Keys, candidate.Predicate) { EqualityKeys = candidate.EqualityKeys, Include = payload });
        // A flag that is only asked for is cheaper as the predicate, where it takes no room.
        if (candidate.Predicate is null && TemplateConstants.Flags(use, candidate.Table) is { } flags && payload.Any(c => flags.Columns.Contains(c.Name) && use.OnlyCompared.Contains(c.Name)))
        {
            var cut = new IndexCandidate(candidate.Table, candidate.Keys, flags) { EqualityKeys = candidate.EqualityKeys };
            found.Add(new IndexCandidate(cut.Table, cut.Keys, cut.Predicate) { EqualityKeys = cut.EqualityKeys, Include = CoveringPayload.Of(use, cut, writes) });
        }
    }

    // Nothing else is compared: any small key does, and the predicate is the index.
    private void AddOnlyPartial(RelationUse use, TableFacts table, CandidatePredicate partial)
    {
        var unique = table.Indexes.FirstOrDefault(i => i is { IsUnique: true, Predicate: null, Keys.Length: 1 });
        var column = table.Columns.Values.FirstOrDefault(c => c.Number == unique?.Keys[0].Column && c.IsBtreeKey)?.Name ?? use.Predicates[0].Column;
        if (CandidateKey.Of(table, column, KeyRole.Equality) is { } key)
            Add(table, [key], [], partial);
    }

    private IndexCandidate? Add(TableFacts table, List<CandidateKey> equalities, List<CandidateKey> tail, CandidatePredicate? predicate)
    {
        var keys = Plus(ByUsage(table, equalities), tail).Take(MaxKeys).ToImmutableArray();
        return keys.IsEmpty || IsUniqueLookup(table, equalities)
            ? null
            : found.Add(new IndexCandidate(table, keys, predicate) { EqualityKeys = Math.Min(equalities.Count, MaxKeys) });
    }

    // All of a unique index's columns are given: no other index finds the row faster.
    private static bool IsUniqueLookup(TableFacts table, List<CandidateKey> equalities) =>
        table.Indexes.Any(i => i is { IsUnique: true, IsValid: true, Predicate: null }
            && i.Keys.All(k => equalities.Exists(e => e.Facts.Number == k.Column)));

    /// <summary>Columns that more of the workload compares for equality come first, so that one index serves more queries.</summary>
    private List<CandidateKey> ByUsage(TableFacts table, List<CandidateKey> keys) =>
        [.. keys.OrderByDescending(k => Usage(table, k.Column)).ThenBy(k => k.Facts.Number).ThenBy(k => k.Column, StringComparer.Ordinal)];

    private double Usage(TableFacts table, string column) => queries.Sum(query =>
        query.Uses.Any(u => u.Table.Oid == table.Oid && u.Use.Predicates.Any(p => p.Column == column && p.Kind is PredicateKind.Equality or PredicateKind.Membership))
            ? query.Query.Weight
            : 0);

    /// <summary>Where one candidate's equality columns are among another's, the other is also tried with those in front: one index for both.</summary>
    public void ShareEqualities()
    {
        foreach (var group in found.All.Where(c => c.IsBtree).ToList().GroupBy(c => c.Table.Oid))
        {
            var sets = group.Where(c => c.EqualityKeys > 0).Select(c => c.Keys.Take(c.EqualityKeys).ToList()).DistinctBy(s => string.Join(',', s.Select(k => k.Sql))).ToList();
            foreach (var wide in group.Where(c => c.EqualityKeys > 1 && c.Include.IsEmpty))
            {
                var equalities = wide.Keys.Take(wide.EqualityKeys).ToList();
                foreach (var set in sets.Where(s => s.Count < equalities.Count && s.TrueForAll(k => equalities.Exists(e => e.Sql == k.Sql))))
                {
                    var keys = set.Concat(equalities.Where(e => !set.Exists(k => k.Sql == e.Sql))).Concat(wide.Keys.Skip(wide.EqualityKeys)).ToImmutableArray();
                    found.Add(new IndexCandidate(wide.Table, keys, wide.Predicate) { EqualityKeys = wide.EqualityKeys });
                }
            }
        }
    }

    internal static List<CandidateKey> Plus(List<CandidateKey> first, List<CandidateKey> then) =>
        [.. first, .. then.Where(t => !first.Exists(f => f.Column == t.Column))];
}
