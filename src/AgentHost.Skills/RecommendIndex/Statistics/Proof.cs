using System.Collections.Immutable;
using AgentHost.Postgres.Catalog;
using AgentHost.Skills.RecommendIndex.Workloads;
using AgentHost.Sql;
using AgentHost.Sql.Syntax;

namespace AgentHost.Skills.RecommendIndex.Statistics;

/// <summary>A wrong estimate whose cause is that columns of one table depend on each other.</summary>
/// <param name="Table">The table.</param>
/// <param name="Columns">The columns, in the table's order.</param>
/// <param name="IsOfGroups">Whether numbers of groups are wrong, not those of rows.</param>
internal sealed record Proof(RelationFacts Table, ImmutableArray<string> Columns, bool IsOfGroups)
{
    /// <summary>From this share of the rarest condition's rows on the others seem to follow from it.</summary>
    private const double DecidedShare = 0.6;

    /// <summary>A combination of a smaller share of the rows is hardly among the hundred that statistics keep by default.</summary>
    private const double CommonShare = 0.005;

    /// <summary>How near the product of the columns' own shares must come to what the planner expected.</summary>
    private const double SameFactor = 4;

    /// <summary>By how much the rows may exceed those of the rarest condition alone; more, and that column's statistics are wrong: ANALYZE, then.</summary>
    private const double StaleFactor = 3;

    /// <summary>
    /// What the statistics are to hold. Dependencies, where one column decides the others: the list of common combinations would be asked before them, and takes what it
    /// does not hold for independent (clausesel.c, statext_clauselist_selectivity), so that both together are worse than either.
    /// </summary>
    public string Kind { get; private init; } = "ndistinct";

    /// <summary>How many combinations are to be kept; null for the default.</summary>
    public int? Target { get; private init; }

    /// <summary>The proof; null where something else may be the cause, or is not known.</summary>
    public static Proof? Of(SchemaFacts schema, RowEstimate estimate)
    {
        if (Named(schema, estimate) is not { Figures.Kind: 'r', Model.PartitionOf: null } table)
            return null;
        var read = estimate.GroupKeys.IsEmpty ? Conditions(schema, table, estimate) : Groups(schema, table, estimate);
        if (read is null)
            return null;
        ImmutableArray<string> columns = [.. table.Model.Columns.Select(c => c.Name).Where(read.ContainsKey)];
        if (columns.Length is < 2 or > 8 || schema.ExtendedOf(table).Any(s => columns.All(s.Columns.Values.Contains)) || !table.Model.ColumnsAreKnown)
            return null;
        if (estimate.GroupKeys.IsEmpty && !IsOfIndependence(estimate, table.Rows, [.. columns.Select(c => read[c])]))
            return null;
        if (!estimate.GroupKeys.IsEmpty)
            return new Proof(table, columns, IsOfGroups: true);
        var isDecided = estimate.Actual >= DecidedShare * table.Rows * columns.Min(c => read[c]);
        return new Proof(table, columns, IsOfGroups: false) { Kind = isDecided ? "dependencies" : "mcv", Target = isDecided || estimate.Actual >= CommonShare * table.Rows ? null : 1000 };
    }

    private static bool IsOfIndependence(RowEstimate estimate, double rows, List<double> shares)
    {
        var expected = Math.Max(1, shares.Aggregate(rows, (product, share) => product * share));
        return Math.Max(expected, estimate.Expected) <= SameFactor * Math.Max(1, Math.Min(expected, estimate.Expected)) && estimate.Actual <= StaleFactor * shares.Min() * rows;
    }

    // Plans name tables without their schema unless they are VERBOSE.
    private static RelationFacts? Named(SchemaFacts schema, RowEstimate estimate) =>
        estimate.Schema is { } known ? schema.Relation(new QualifiedName(known, estimate.Relation))
            : schema.Relations.Where(r => r.Name.Name == estimate.Relation).ToList() is [var only] ? only : null;

    private static Dictionary<string, double>? Groups(SchemaFacts schema, RelationFacts table, RowEstimate estimate)
    {
        var found = new Dictionary<string, double>(StringComparer.Ordinal);
        foreach (var key in estimate.GroupKeys)
        {
            if (Scope(schema, table, estimate, $"{key} IS NULL") is not var (scope, condition) || scope.Column(condition.Parts[0]) is not { Column: var column } || table.Statistics(column) is null)
                return null;
            found[column] = 0;
        }
        return found;
    }

    /// <summary>Each column with the share of rows that its condition keeps; null where a condition is none of equality with a value.</summary>
    private static Dictionary<string, double>? Conditions(SchemaFacts schema, RelationFacts table, RowEstimate estimate)
    {
        var found = new Dictionary<string, double>(StringComparer.Ordinal);
        foreach (var text in estimate.Conditions)
        {
            if (Scope(schema, table, estimate, text) is not var (scope, condition))
                return null;
            foreach (var conjunct in condition.Conjuncts())
            {
                if (Share(conjunct, table, scope) is not var (column, share) || !found.TryAdd(column, share))
                    return null;
            }
        }
        return found;
    }

    private static (LevelScope Scope, SyntaxNode Condition)? Scope(SchemaFacts schema, RelationFacts table, RowEstimate estimate, string condition)
    {
        try
        {
            var query = QuerySyntax.Read($"SELECT 1 FROM {SqlIdentifier.Quote(table.Name)} AS {SqlIdentifier.Quote(estimate.Alias ?? table.Name.Name)} WHERE {condition}");
            return query?.Top.Where is { } where ? (new LevelScope(query.Top, null, schema), where) : null;
        }
        catch (SqlInputException)
        {
            return null; // EXPLAIN writes subplans and rows in ways that are no SQL
        }
    }

    private static (string Column, double Share)? Share(SyntaxNode condition, RelationFacts table, LevelScope scope)
    {
        var (side, values) = condition switch
        {
            { Kind: NodeKind.Operator, Name: "=", Parts: [var left, var right] } when right.Bare().Kind is NodeKind.Constant or NodeKind.Parameter => (left, Values(right.Bare(), isList: false)),
            { Kind: NodeKind.AnyOf, Name: "=", Parts: [var left, var right] } when right.Bare().Kind is NodeKind.Constant => (left, Values(right.Bare(), isList: true)),
            { Kind: NodeKind.Column } => (condition, ["t"]),
            { Kind: NodeKind.Not, Parts: [{ Kind: NodeKind.Column } column] } => (column, ["f"]),
            _ => (null, (string?[])[]),
        };
        if (side is null || scope.Column(side.Bare()) is not { Column: var name } || table.Statistics(name) is not { } statistics)
            return null;
        return (name, Math.Min(1, values.Sum(v => Share(v, statistics, table.Rows))));
    }

    private static string?[] Values(SyntaxNode node, bool isList) =>
        node.Kind == NodeKind.Parameter ? [null]
            : !isList ? [node.Constant == ConstantKind.Boolean ? node.Value[..1] : node.Value]
            : [.. node.Value.Trim('{', '}').Split(',').Select(v => v.Trim('"'))];

    private static double Share(string? value, ColumnStatistics statistics, double rows)
    {
        var distinct = Math.Max(1, statistics.Distinct < 0 ? -statistics.Distinct * rows : statistics.Distinct);
        if (value is null)
            return (1 - statistics.NullFraction) / distinct;
        var place = statistics.CommonValues.IndexOf(value);
        return place >= 0 ? statistics.CommonFrequencies[place]
            : Math.Max(0, 1 - statistics.NullFraction - statistics.CommonFrequencies.Sum()) / Math.Max(1, distinct - statistics.CommonValues.Length);
    }
}
