using System.Collections.Immutable;
using AgentHost.Sql;
using AgentHost.Sql.Queries;

namespace AgentHost.Skills.RecommendIndex;

/// <summary>Finds the conditions that belong to a query's template and keep few rows: what a partial index may be cut to. Never a parameter.</summary>
internal sealed class TemplateConstants(IReadOnlyList<AnalysedQuery> queries)
{
    /// <summary>A predicate that keeps more of the table saves too little to tie the index to it …</summary>
    public const double MaxFraction = 0.2;

    /// <summary>… but for a list of statuses, which is the template's own choice of what it works on.</summary>
    private const double MaxStatusFraction = 0.3;

    /// <summary>A column with more values than a status list has holds data: a constant for it is a value of the moment, not of the template.</summary>
    private const int MaxStatuses = 32;

    /// <summary>The predicate, or null where the query has none that is constant, known to the statistics and selective.</summary>
    public CandidatePredicate? Predicate(RelationUse use, TableFacts table)
    {
        var parts = use.Predicates
            .Select(p => table.Columns.GetValueOrDefault(p.Column) is { } column ? Part(p, column, table) : null).OfType<(CandidatePredicate Predicate, bool IsStatus)>()
            .DistinctBy(p => p.Predicate.Sql).OrderBy(p => p.Predicate.Fraction).ThenBy(p => p.Predicate.Sql, StringComparer.Ordinal).ToList();
        var fraction = parts.Aggregate(1.0, (product, part) => product * part.Predicate.Fraction);
        return parts.Count == 0 || fraction > (parts.Exists(p => p.IsStatus) ? MaxStatusFraction : MaxFraction)
            ? null
            : new CandidatePredicate(string.Join(" AND ", parts.Select(p => p.Predicate.Sql)), [.. parts.SelectMany(p => p.Predicate.Columns).Distinct()], fraction);
    }

    private (CandidatePredicate, bool)? Part(ColumnPredicate predicate, ColumnFacts column, TableFacts table)
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
            PredicateKind.Equality or PredicateKind.Membership when !predicate.Operand.Literals.IsDefaultOrEmpty && IsStatus(column) && IsOfTheTemplate(predicate, table) =>
                Selective(Comparison(name, predicate.Operand.Literals), column, predicate.Operand.Literals.Select(l => l.Value).Distinct().Sum(column.Fraction), isStatus: true),
            _ => null,
        };
    }

    private static string Comparison(string name, ImmutableArray<Literal> literals) =>
        literals.Length == 1 ? $"{name} = {literals[0].Sql}" : $"{name} IN ({string.Join(", ", literals.Select(l => l.Sql).Distinct().Order(StringComparer.Ordinal))})";

    private static bool IsStatus(ColumnFacts column) => !column.IsInForeignKey && column.RawDistinct is > 0 and <= MaxStatuses;

    // Where the same text comes with other constants, or with a parameter, the constant is data: tomorrow it is another.
    private bool IsOfTheTemplate(ColumnPredicate predicate, TableFacts table)
    {
        var wanted = Shape(predicate);
        foreach (var query in queries)
        {
            var own = query.Uses.Where(u => u.Table.Oid == table.Oid).ToList();
            if (!own.Exists(u => u.Use.Predicates.Any(p => p.Column == predicate.Column && p.Kind == predicate.Kind && Shape(p) != wanted)))
                continue;
            if (queries.Any(other => other != query && other.Template == query.Template && other.Uses.Any(u => u.Table.Oid == table.Oid && u.Use.Predicates.Any(p => p.Column == predicate.Column && Shape(p) == wanted))))
                return false;
        }
        return true;
    }

    private static string Shape(ColumnPredicate predicate) =>
        $"{predicate.Operand.Kind} {string.Join('\n', predicate.Operand.Literals.Select(l => l.Value).Order(StringComparer.Ordinal))}";

    // A condition that nearly every row meets is a filter, not a reason to cut the index.
    private static (CandidatePredicate, bool)? Selective(string sql, ColumnFacts column, double? fraction, bool isStatus = false) =>
        fraction is { } kept and <= 0.5 ? (new CandidatePredicate(sql, [column.Name], Math.Max(kept, 1e-6)), isStatus) : null;
}
