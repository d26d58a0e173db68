using AgentHost.Sql.Queries;

namespace AgentHost.Skills.RecommendIndex;

/// <summary>The keys that a use of a table asks of a btree, by what they do.</summary>
internal static class UseKeys
{
    public static List<CandidateKey> Equalities(RelationUse use, TableFacts table) =>
    [
        .. Columns(use, table, KeyRole.Equality, p => p.Kind == PredicateKind.Equality && p.Operand.Kind != OperandKind.Column),
        .. Expressions(use, KeyRole.Equality, e => e is { Kind: PredicateKind.Equality, Operand.Kind: not OperandKind.Column }),
    ];

    public static List<CandidateKey> Members(RelationUse use, TableFacts table) =>
        [.. Columns(use, table, KeyRole.Equality, p => p.Kind == PredicateKind.Membership), .. Expressions(use, KeyRole.Equality, e => e.Kind == PredicateKind.Membership)];

    public static List<CandidateKey> Joins(RelationUse use, TableFacts table) =>
    [
        .. Columns(use, table, KeyRole.Join, p => p is { Kind: PredicateKind.Equality, Operand.Kind: OperandKind.Column }),
        .. Expressions(use, KeyRole.Join, e => e is { Kind: PredicateKind.Equality, Operand.Kind: OperandKind.Column }),
    ];

    public static List<CandidateKey> Ranges(RelationUse use, TableFacts table) =>
    [
        .. Columns(use, table, KeyRole.Range, p => p.Kind == PredicateKind.Range),
        .. Expressions(use, KeyRole.Range, e => e.Kind == PredicateKind.Range),
        .. Prefixes(use, table),
    ];

    public static List<CandidateKey> Sort(RelationUse use, TableFacts table)
    {
        // A column that equals one value is in order already.
        var fixedKeys = use.Predicates.Where(p => p.Kind == PredicateKind.Equality && p.Operand.Kind != OperandKind.Column).Select(p => p.Column)
            .Concat(use.Expressions.Where(e => e is { Kind: PredicateKind.Equality, Operand.Kind: not OperandKind.Column }).Select(e => e.Expression)).ToHashSet();
        var asked = use.OrderBy.Where(k => !fixedKeys.Contains(k.Column)).ToList();
        // A btree is read backwards as well: what is wholly descending needs no descending keys.
        var reversed = asked.TrueForAll(k => k.Descending && k.NullsFirst);
        var keys = asked.Select(k => (k.IsExpression ? CandidateKey.Of(k.Column, k.ExpressionColumns, KeyRole.Sort) : CandidateKey.Of(table, k.Column, KeyRole.Sort)) is { } key
            ? key with { Descending = !reversed && k.Descending, NullsFirst = !reversed && k.NullsFirst }
            : null).ToList();
        return keys.Count <= CandidateSet.MaxKeys && keys.TrueForAll(k => k is not null) ? [.. keys.Select(k => k!)] : [];
    }

    // Under a linguistic collation only the operator class serves a prefix.
    private static IEnumerable<CandidateKey> Prefixes(RelationUse use, TableFacts table)
    {
        foreach (var plain in Columns(use, table, KeyRole.Prefix, p => p.Kind == PredicateKind.Prefix))
            yield return plain.Facts.SortsByBytes ? plain : plain with { OperatorClass = plain.Facts.PatternClass };
        foreach (var expression in Expressions(use, KeyRole.Prefix, e => e.Kind == PredicateKind.Prefix))
        {
            yield return expression;
            yield return expression with { OperatorClass = "text_pattern_ops" };
        }
    }

    private static IEnumerable<CandidateKey> Columns(RelationUse use, TableFacts table, KeyRole role, Func<ColumnPredicate, bool> which) =>
        use.Predicates.Where(which).Select(p => p.Column).Distinct().Select(c => CandidateKey.Of(table, c, role)).OfType<CandidateKey>();

    private static IEnumerable<CandidateKey> Expressions(RelationUse use, KeyRole role, Func<ExpressionPredicate, bool> which) =>
        use.Expressions.Where(which).DistinctBy(e => e.Expression).Select(e => CandidateKey.Of(e.Expression, e.Columns, role));
}
