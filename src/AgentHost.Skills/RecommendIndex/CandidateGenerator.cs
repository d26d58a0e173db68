using System.Collections.Immutable;
using AgentHost.Sql.Queries;

namespace AgentHost.Skills.RecommendIndex;

/// <summary>
/// Thinks of the btree indexes that a workload could use: for each place where a table is read, the columns compared for equality first,
/// then the order asked for or the range; with the template's constant conditions as the predicate of a partial index.
/// </summary>
internal sealed class CandidateGenerator(IReadOnlyList<AnalysedQuery> queries)
{
    /// <summary>Wider indexes cost more to keep than the last column's selectivity brings.</summary>
    private const int MaxKeys = 4;

    private readonly SortedDictionary<string, IndexCandidate> found = new(StringComparer.Ordinal);

    /// <summary>All candidates: where two cost the same the first wins, so plain keys stand before operator classes and expressions; then in the order of their definitions.</summary>
    public ImmutableArray<IndexCandidate> Generate()
    {
        foreach (var query in queries)
        {
            foreach (var (use, table) in query.Uses)
            {
                if (table.IsIndexable)
                    ForUse(use, table);
            }
        }
        ShareEqualities();
        return [.. found.Values.Where(c => !IsServed(c)).OrderBy(c => c.Keys.Any(k => k.OperatorClass is not null)).ThenBy(c => c.Keys[0].Facts.IsExpression)];
    }

    private void ForUse(RelationUse use, TableFacts table)
    {
        var equalities = Keys(use, table, KeyRole.Equality, p => p.Kind == PredicateKind.Equality && p.Operand.Kind != OperandKind.Column);
        var members = Keys(use, table, KeyRole.Equality, p => p.Kind == PredicateKind.Membership).Except(equalities).ToList();
        var joins = Keys(use, table, KeyRole.Join, p => p is { Kind: PredicateKind.Equality, Operand.Kind: OperandKind.Column })
            .Where(j => !equalities.Exists(e => e.Column == j.Column)).ToList();
        var ranges = Keys(use, table, KeyRole.Range, p => p.Kind == PredicateKind.Range);
        equalities.AddRange(Expressions(use, KeyRole.Equality, e => e is { Kind: PredicateKind.Equality, Operand.Kind: not OperandKind.Column }));
        members.AddRange(Expressions(use, KeyRole.Equality, e => e.Kind == PredicateKind.Membership));
        joins.AddRange(Expressions(use, KeyRole.Join, e => e is { Kind: PredicateKind.Equality, Operand.Kind: OperandKind.Column }));
        ranges.AddRange(Expressions(use, KeyRole.Range, e => e.Kind == PredicateKind.Range));
        ranges.AddRange(Prefixes(use, table));
        var sort = Sort(use, table);
        var groups = use.GroupBy.Select(c => Key(table, c, KeyRole.Group)).OfType<CandidateKey>().Take(MaxKeys).ToList();
        var partial = PartialPredicate.Of(use, table);

        var starts = new List<List<CandidateKey>> { equalities, Plus(equalities, members) };
        foreach (var join in joins)
            starts.AddRange([[join], Plus(equalities, [join]), Plus(Plus(equalities, members), [join])]);
        if (joins.Count > 1)
            starts.Add(Plus(equalities, joins));

        foreach (var start in starts.Where(s => s.Count <= MaxKeys))
        {
            foreach (var tail in Tails(sort, groups, ranges))
                AddBoth(table, start, tail, partial);
        }
        foreach (var single in equalities.Concat(members))
            Add(table, [single], [], null);
        if (partial is not null && equalities.Count + members.Count + joins.Count + sort.Count + groups.Count + ranges.Count == 0)
            AddOnlyPartial(use, table, partial);
    }

    private static IEnumerable<List<CandidateKey>> Tails(List<CandidateKey> sort, List<CandidateKey> groups, List<CandidateKey> ranges)
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
    }

    private void AddBoth(TableFacts table, List<CandidateKey> start, List<CandidateKey> tail, CandidatePredicate? partial)
    {
        Add(table, start, tail, null);
        if (partial is null)
            return;
        // What the predicate fixes to one value needs no key.
        var (keys, rest) = (start.Where(k => !partial.Columns.Contains(k.Column)).ToList(), tail.Where(k => !partial.Columns.Contains(k.Column)).ToList());
        if (keys.Count + rest.Count > 0)
            Add(table, keys, rest, partial);
        else if (start.Count > 0)
            Add(table, start, [], partial);
    }

    // Nothing else is compared: any small key does, and the predicate is the index.
    private void AddOnlyPartial(RelationUse use, TableFacts table, CandidatePredicate partial)
    {
        var unique = table.Indexes.FirstOrDefault(i => i is { IsUnique: true, Predicate: null, Keys.Length: 1 });
        var column = table.Columns.Values.FirstOrDefault(c => c.Number == unique?.Keys[0].Column && c.IsBtreeKey)?.Name ?? use.Predicates[0].Column;
        if (Key(table, column, KeyRole.Equality) is { } key)
            Add(table, [key], [], partial);
    }

    private void Add(TableFacts table, List<CandidateKey> equalities, List<CandidateKey> tail, CandidatePredicate? predicate)
    {
        var keys = Plus(ByUsage(table, equalities), tail).Take(MaxKeys).ToImmutableArray();
        if (keys.IsEmpty || IsUniqueLookup(table, equalities))
            return;
        var candidate = new IndexCandidate(table, keys, predicate) { EqualityKeys = Math.Min(equalities.Count, MaxKeys) };
        found.TryAdd(candidate.Definition, candidate);
    }

    // All of a unique index's columns are given: no other index finds the row faster.
    private static bool IsUniqueLookup(TableFacts table, List<CandidateKey> equalities) =>
        table.Indexes.Any(i => i is { IsUnique: true, IsValid: true, Predicate: null }
            && i.Keys.All(k => equalities.Exists(e => e.Role == KeyRole.Equality && e.Facts.Number == k.Column)));

    /// <summary>Columns that more of the workload compares for equality come first, so that one index serves more queries.</summary>
    private List<CandidateKey> ByUsage(TableFacts table, List<CandidateKey> keys) =>
        [.. keys.OrderByDescending(k => Usage(table, k.Column)).ThenBy(k => k.Facts.Number)];

    private double Usage(TableFacts table, string column) => queries.Sum(query =>
        query.Uses.Any(u => u.Table.Oid == table.Oid && u.Use.Predicates.Any(p => p.Column == column && p.Kind is PredicateKind.Equality or PredicateKind.Membership))
            ? query.Query.Weight
            : 0);

    /// <summary>Where one candidate's equality columns are among another's, the other is also tried with those in front: one index for both.</summary>
    private void ShareEqualities()
    {
        foreach (var group in found.Values.ToList().GroupBy(c => c.Table.Oid))
        {
            var sets = group.Where(c => c.EqualityKeys > 0).Select(c => c.Keys.Take(c.EqualityKeys).ToList()).DistinctBy(s => string.Join(',', s.Select(k => k.Sql))).ToList();
            foreach (var wide in group.Where(c => c.EqualityKeys > 1))
            {
                var equalities = wide.Keys.Take(wide.EqualityKeys).ToList();
                foreach (var set in sets.Where(s => s.Count < equalities.Count && s.TrueForAll(k => equalities.Exists(e => e.Sql == k.Sql))))
                {
                    var keys = set.Concat(equalities.Where(e => !set.Exists(k => k.Sql == e.Sql))).Concat(wide.Keys.Skip(wide.EqualityKeys)).ToImmutableArray();
                    var candidate = new IndexCandidate(wide.Table, keys, wide.Predicate) { EqualityKeys = wide.EqualityKeys };
                    found.TryAdd(candidate.Definition, candidate);
                }
            }
        }
    }

    private static bool IsServed(IndexCandidate candidate) => candidate.Predicate is null && candidate.Table.Indexes.Any(index =>
        index is { Method: "btree", IsValid: true, Predicate: null } && index.Keys.Length >= candidate.Keys.Length
        && candidate.Keys.Zip(index.Keys).All(pair => pair.First.IsSame(pair.Second)));

    private static List<CandidateKey> Keys(RelationUse use, TableFacts table, KeyRole role, Func<ColumnPredicate, bool> which) =>
        [.. use.Predicates.Where(which).Select(p => p.Column).Distinct().Select(c => Key(table, c, role)).OfType<CandidateKey>()];

    private static IEnumerable<CandidateKey> Expressions(RelationUse use, KeyRole role, Func<ExpressionPredicate, bool> which) =>
        use.Expressions.Where(which).DistinctBy(e => e.Expression).Select(e => Key(e, role));

    // The planner tells whether the column's collation lets a plain key serve; the operator class serves under any.
    private static IEnumerable<CandidateKey> Prefixes(RelationUse use, TableFacts table)
    {
        foreach (var plain in Keys(use, table, KeyRole.Prefix, p => p.Kind == PredicateKind.Prefix))
        {
            yield return plain;
            if (plain.Facts.PatternClass is { } pattern)
                yield return plain with { OperatorClass = pattern };
        }
        foreach (var expression in Expressions(use, KeyRole.Prefix, e => e.Kind == PredicateKind.Prefix))
        {
            yield return expression;
            yield return expression with { OperatorClass = "text_pattern_ops" };
        }
    }

    // Its values are known only after the index is built: taken as all different, of the width of a short text.
    private static CandidateKey Key(ExpressionPredicate predicate, KeyRole role)
    {
        const int Width = 16;
        const short NoColumn = -1;
        return new CandidateKey(
            new ColumnFacts(predicate.Expression, NoColumn, "") { IsBtreeKey = true, Width = Width, RawDistinct = -1, ExpressionColumns = predicate.Columns }, role, Descending: false, NullsFirst: false);
    }

    private static CandidateKey? Key(TableFacts table, string column, KeyRole role) =>
        table.Columns.GetValueOrDefault(column) is { IsBtreeKey: true } facts ? new CandidateKey(facts, role, Descending: false, NullsFirst: false) : null;

    private static List<CandidateKey> Sort(RelationUse use, TableFacts table)
    {
        // A column that equals one value is in order already.
        var fixedColumns = use.Predicates.Where(p => p.Kind == PredicateKind.Equality && p.Operand.Kind != OperandKind.Column).Select(p => p.Column).ToHashSet();
        var asked = use.OrderBy.Where(k => !fixedColumns.Contains(k.Column)).ToList();
        // A btree is read backwards as well: what is wholly descending needs no descending keys.
        var reversed = asked.TrueForAll(k => k.Descending && k.NullsFirst);
        var keys = asked.Select(k => table.Columns.GetValueOrDefault(k.Column) is { IsBtreeKey: true } facts
            ? new CandidateKey(facts, KeyRole.Sort, !reversed && k.Descending, !reversed && k.NullsFirst)
            : null).ToList();
        return keys.Count <= MaxKeys && keys.TrueForAll(k => k is not null) ? [.. keys.Select(k => k!)] : [];
    }

    private static List<CandidateKey> Plus(List<CandidateKey> first, List<CandidateKey> then) =>
        [.. first, .. then.Where(t => !first.Exists(f => f.Column == t.Column))];
}
