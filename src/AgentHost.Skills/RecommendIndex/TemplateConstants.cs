using System.Collections.Immutable;
using System.Globalization;
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

    /// <summary>The predicates to cut an index to: all conditions of the template, and those alone that no other call can ask otherwise; none where nothing is constant, known to the statistics and selective.</summary>
    public ImmutableArray<CandidatePredicate> Predicates(RelationUse use, TableFacts table)
    {
        var parts = use.Predicates.Select(p => table.Columns.GetValueOrDefault(p.Column) is { } column ? Part(p, column, table) : null)
            .Concat(use.Exclusions.Select(e => table.Columns.GetValueOrDefault(e.Column) is { IsStatus: true } column ? Excluding(e, column) : null))
            .OfType<Condition>().DistinctBy(p => p.Predicate.Sql).OrderBy(p => p.Predicate.Fraction).ThenBy(p => p.Predicate.Sql, StringComparer.Ordinal).ToList();
        return [.. ((List<Condition>[])[parts, parts.FindAll(p => !p.IsOneValue)]).Select(Together).OfType<CandidatePredicate>().DistinctBy(p => p.Sql)];
    }

    /// <summary>What the query asks of flags and nulls, though most rows meet it: an index that is cut to it need not hold these columns. Null where it asks nothing of the kind.</summary>
    public static CandidatePredicate? Flags(RelationUse use, TableFacts table)
    {
        var parts = use.Predicates.Select(p => table.Columns.GetValueOrDefault(p.Column) is { HasStatistics: true } column && Flag(p.Kind, column) is ({ } sql, { } kept)
            ? new CandidatePredicate(sql, [column.Name], kept) : null).OfType<CandidatePredicate>().DistinctBy(p => p.Sql).OrderBy(p => p.Sql, StringComparer.Ordinal).ToList();
        return parts.Count == 0 ? null : new CandidatePredicate(string.Join(" AND ", parts.Select(p => p.Sql)), [.. parts.SelectMany(p => p.Columns).Distinct()], parts.Aggregate(1.0, (product, p) => product * p.Fraction));
    }

    private static (string? Sql, double? Fraction) Flag(PredicateKind kind, ColumnFacts column)
    {
        var name = SqlIdentifier.Quote(column.Name);
        return kind switch
        {
            PredicateKind.IsNull => ($"{name} IS NULL", column.NullFraction),
            PredicateKind.IsNotNull => ($"{name} IS NOT NULL", 1 - column.NullFraction),
            PredicateKind.IsTrue => (name, column.Fraction("t")),
            PredicateKind.IsFalse => ($"NOT {name}", column.Fraction("f")),
            _ => default,
        };
    }

    private static CandidatePredicate? Together(List<Condition> parts)
    {
        var fraction = parts.Aggregate(1.0, (product, part) => product * part.Predicate.Fraction);
        return parts.Count == 0 || fraction > (parts.Exists(p => p.IsStatus) ? MaxStatusFraction : MaxFraction)
            ? null
            : new CandidatePredicate(string.Join(" AND ", parts.Select(p => p.Predicate.Sql)), [.. parts.SelectMany(p => p.Predicate.Columns).Distinct()], fraction);
    }

    /// <summary>A condition of the template.</summary>
    /// <param name="Predicate">The condition.</param>
    /// <param name="IsStatus">Whether it chooses among a column's few values.</param>
    /// <param name="IsOneValue">Whether it compares with one of them, which another call may replace.</param>
    private sealed record Condition(CandidatePredicate Predicate, bool IsStatus = false, bool IsOneValue = false);

    private Condition? Part(ColumnPredicate predicate, ColumnFacts column, TableFacts table)
    {
        if (!column.HasStatistics)
            return null;
        var name = SqlIdentifier.Quote(column.Name);
        return predicate.Kind switch
        {
            _ when Flag(predicate.Kind, column) is ({ } flag, var kept) => Selective(flag, column, kept),
            PredicateKind.Equality or PredicateKind.Membership when !predicate.Operand.Literals.IsDefaultOrEmpty && column.IsStatus && IsOfTheTemplate(predicate, table) =>
                Selective(Comparison(name, predicate.Operand.Literals), column, predicate.Operand.Literals.Select(l => l.Value).Distinct().Sum(column.Fraction), isStatus: true, isOneValue: predicate.Kind == PredicateKind.Equality),
            PredicateKind.Range when predicate is { Operator: { } op, Operand.Literals: [var bound] } && column.IsStatus && IsOfTheTemplate(predicate, table) =>
                Selective($"{name} {op} {bound.Sql}", column, Beyond(column, op, bound.Value), isStatus: true, isOneValue: true),
            _ => null,
        };
    }

    /// <summary>The condition that all rows but few are left out, as <c>status &lt;&gt; 'done'</c>.</summary>
    private static Condition? Excluding(ColumnExclusion exclusion, ColumnFacts column)
    {
        var (name, literals) = (SqlIdentifier.Quote(column.Name), exclusion.Operand.Literals);
        var sql = literals is [var only] ? $"{name} <> {only.Sql}" : $"{name} NOT IN ({Listed(literals)})";
        return Selective(sql, column, 1 - column.NullFraction - literals.Select(l => l.Value).Distinct().Sum(column.Fraction), isStatus: true);
    }

    private static string Comparison(string name, ImmutableArray<Literal> literals) => literals is [var only] ? $"{name} = {only.Sql}" : $"{name} IN ({Listed(literals)})";

    private static string Listed(ImmutableArray<Literal> literals) => string.Join(", ", literals.Select(l => l.Sql).Distinct().Order(StringComparer.Ordinal));

    // The share of the rows on that side of a number; of texts the collation decides.
    private static double? Beyond(ColumnFacts column, string op, string bound)
    {
        if (Number(bound) is not { } limit || column.Common.Any(c => Number(c.Value) is null))
            return null;
        return column.Common.Where(c => Number(c.Value) is { } value && (op switch { "<" => value < limit, "<=" => value <= limit, ">" => value > limit, _ => value >= limit })).Sum(c => c.Frequency);
    }

    private static double? Number(string value) => double.TryParse(value, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) ? number : null;

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
    private static Condition? Selective(string sql, ColumnFacts column, double? fraction, bool isStatus = false, bool isOneValue = false) =>
        fraction is { } kept and <= 0.5 ? new Condition(new CandidatePredicate(sql, [column.Name], Math.Max(kept, 1e-6)), isStatus, isOneValue) : null;
}
