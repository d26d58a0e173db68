using System.Collections.Immutable;
using AgentHost.Sql;
using AgentHost.Sql.Queries;

namespace AgentHost.Skills.RecommendIndex;

/// <summary>Finds the conditions of a query that belong to its template and keep few rows: what a partial index may be cut to.</summary>
internal static class PartialPredicate
{
    /// <summary>A predicate that keeps more of the table saves too little to tie the index to it.</summary>
    public const double MaxFraction = 0.2;

    /// <summary>A column with more values than a status list has holds data: a constant for it is a value of the moment, not of the template.</summary>
    private const int MaxStatuses = 32;

    /// <summary>The predicate, or null where the query has none that is constant, known to the statistics and selective.</summary>
    public static CandidatePredicate? Of(RelationUse use, TableFacts table)
    {
        var parts = use.Predicates
            .Select(p => table.Columns.GetValueOrDefault(p.Column) is { } column ? Part(p, column) : null).OfType<CandidatePredicate>()
            .DistinctBy(p => p.Sql).OrderBy(p => p.Fraction).ThenBy(p => p.Sql, StringComparer.Ordinal).ToList();
        var fraction = parts.Aggregate(1.0, (product, part) => product * part.Fraction);
        return parts.Count == 0 || fraction > MaxFraction
            ? null
            : new CandidatePredicate(string.Join(" AND ", parts.Select(p => p.Sql)), [.. parts.SelectMany(p => p.Columns).Distinct()], fraction);
    }

    private static CandidatePredicate? Part(ColumnPredicate predicate, ColumnFacts column)
    {
        if (!column.HasStatistics)
            return null;
        var name = SqlIdentifier.Quote(column.Name);
        return predicate.Kind switch
        {
            PredicateKind.IsNull => Selective($"{name} IS NULL", column, column.NullFraction),
            PredicateKind.IsNotNull => Selective($"{name} IS NOT NULL", column, 1 - column.NullFraction),
            PredicateKind.IsTrue => Selective(name, column, column.Fraction("t")),
            PredicateKind.IsFalse => Selective($"NOT {name}", column, column.Fraction("f")),
            PredicateKind.Equality or PredicateKind.Membership when IsStatus(column) && !predicate.Operand.Literals.IsDefaultOrEmpty =>
                Selective(Comparison(name, predicate.Operand.Literals), column, predicate.Operand.Literals.Select(l => l.Value).Distinct().Sum(column.Fraction)),
            _ => null,
        };
    }

    private static string Comparison(string name, ImmutableArray<Literal> literals) =>
        literals.Length == 1 ? $"{name} = {literals[0].Sql}" : $"{name} IN ({string.Join(", ", literals.Select(l => l.Sql).Distinct().Order(StringComparer.Ordinal))})";

    private static bool IsStatus(ColumnFacts column) => !column.IsInForeignKey && column.RawDistinct is > 0 and <= MaxStatuses;

    // A condition that nearly every row meets is a filter, not a reason to cut the index.
    private static CandidatePredicate? Selective(string sql, ColumnFacts column, double? fraction) =>
        fraction is { } kept and <= 0.5 ? new CandidatePredicate(sql, [column.Name], Math.Max(kept, 1e-6)) : null;
}
