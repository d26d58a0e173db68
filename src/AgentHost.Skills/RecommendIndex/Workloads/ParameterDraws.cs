using System.Collections.Immutable;
using AgentHost.Postgres.Catalog;
using AgentHost.Sql;
using AgentHost.Sql.Queries;
using AgentHost.Sql.Syntax;

namespace AgentHost.Skills.RecommendIndex.Workloads;

/// <summary>A query with values in place of its parameters.</summary>
/// <param name="Sql">Its text.</param>
/// <param name="How">Where the values come from, for people.</param>
public sealed record BoundQuery(string Sql, string How);

/// <summary>
/// Gives the parameters of a query values: those of runs that were seen, else values that the statistics know, a common, a middling and a rare one. The generic
/// plan assumes an average that no run may have. Literals of the query stay as they are.
/// </summary>
public static class ParameterDraws
{
    private static readonly string[] How = ["the most common values", "values between", "rare values"];

    /// <summary>At most three texts, the same for the same input; none where the query has no parameters, or one whose values nobody knows: then the generic plan must do.</summary>
    public static ImmutableArray<BoundQuery> Of(WeightedQuery query, CatalogSnapshot snapshot) => Of(query, SchemaFacts.Of(snapshot));

    internal static ImmutableArray<BoundQuery> Of(WeightedQuery query, SchemaFacts schema)
    {
        if (Read(query.Sql) is not { } syntax)
            return [];
        var nodes = syntax.Levels().SelectMany(l => l.Expressions()).SelectMany(e => e.All()).Where(n => n.Kind == NodeKind.Parameter).DistinctBy(n => n.Range).ToList();
        if (nodes.Count == 0)
            return [];
        if (!query.Samples.IsEmpty)
            return [.. Spread(query.Samples).Select(s => new BoundQuery(s, "values of a run that was seen"))];
        var uses = ParameterUses.Of(syntax, schema).ToLookup(u => u.Number);
        if (nodes.Exists(n => !uses.Contains(n.Number)))
            return [];
        var bound = new List<BoundQuery>();
        for (var draw = 0; draw < ColumnDraw.Draws; draw++)
        {
            var values = Draw(uses, schema, draw);
            if (nodes.Exists(n => !values.ContainsKey(n.Number)))
                return [];
            bound.Add(new BoundQuery(syntax.Replaced(nodes.Select(n => (n.Range, values[n.Number]))), How[draw]));
        }
        return [.. bound.DistinctBy(b => b.Sql)];
    }

    private static Dictionary<int, string> Draw(ILookup<int, ParameterUse> uses, SchemaFacts schema, int draw)
    {
        var all = uses.SelectMany(u => u).ToList();
        var values = Together(all, schema, draw);
        foreach (var parameter in uses.Where(u => !values.ContainsKey(u.Key)))
        {
            foreach (var use in parameter)
            {
                if (Value(use, all, draw) is not { } value)
                    continue;
                values[parameter.Key] = value;
                break;
            }
        }
        return values;
    }

    private static string? Value(ParameterUse use, List<ParameterUse> all, int draw)
    {
        if (use.Role is ParameterRole.Limit or ParameterRole.Offset)
            return use.Role == ParameterRole.Limit ? "20" : draw switch { 0 => "0", 1 => "100", _ => "1000" };
        if (use.Column is not { } column || column.Relation.Statistics(column.Column) is not { } statistics)
            return null;
        bool Has(ParameterRole role) => all.Exists(u => u.Role == role && ReferenceEquals(u.Column?.Item, column.Item) && u.Column?.Column == column.Column);
        return ColumnDraw.Value(statistics, use.Role, draw, Has(ParameterRole.Lower), Has(ParameterRole.Upper)) is { } value && Wrapped(value, use.Wrapper) is { } shown ? Literal(shown, column, use) : null;
    }

    /// <summary>Values that occur together, where extended statistics know the combinations of several columns that are compared for equality.</summary>
    private static Dictionary<int, string> Together(List<ParameterUse> uses, SchemaFacts schema, int draw)
    {
        var values = new Dictionary<int, string>();
        foreach (var table in uses.Where(u => u is { Role: ParameterRole.Equal, Wrapper: "", Column: not null }).GroupBy(u => u.Column!.Item, (IEqualityComparer<FromSyntax>)ReferenceEqualityComparer.Instance))
        {
            var equal = table.GroupBy(u => u.Column!.Column, StringComparer.Ordinal).Where(g => g.Count() == 1).ToDictionary(g => g.Key, g => g.Single(), StringComparer.Ordinal);
            var known = schema.ExtendedOf(table.First().Column!.Relation).Where(s => !s.Common.IsEmpty).Select(s => (s.Common, Columns: s.Columns.Values.ToList()))
                .OrderByDescending(s => s.Columns.Count(equal.ContainsKey)).FirstOrDefault();
            if (known.Columns is null || known.Columns.Count(equal.ContainsKey) < 2)
                continue;
            var combination = known.Common[draw switch { 0 => 0, 1 => known.Common.Length / 2, _ => known.Common.Length - 1 }];
            foreach (var (column, value) in known.Columns.Zip(combination.Values))
            {
                if (value is not null && equal.TryGetValue(column, out var use))
                    values[use.Number] = Literal(value, use.Column!, use);
            }
        }
        return values;
    }

    // What a function of the column gives for a value that the column has.
    private static string? Wrapped(string value, string function) => function switch
    {
        "" or "text" or "varchar" or "int4" or "int8" or "numeric" or "to_tsvector" => value,
        "lower" => value.ToLowerInvariant(),
        "upper" => value.ToUpperInvariant(),
        "date" when value.Length >= 10 => value[..10],
        _ => null,
    };

    private static string Literal(string value, NamedColumn column, ParameterUse use)
    {
        var text = "'" + value.Replace("'", "''", StringComparison.Ordinal) + "'";
        // Backslashes mean themselves, whatever standard_conforming_strings says.
        var quoted = value.Contains('\\', StringComparison.Ordinal) ? "E" + text.Replace("\\", "\\\\", StringComparison.Ordinal) : text;
        var isPlain = use.Role is ParameterRole.Equal or ParameterRole.Lower or ParameterRole.Upper && use.Wrapper.Length == 0;
        return isPlain && column.Type is "smallint" or "integer" or "bigint" or "numeric" or "real" or "double precision" or "date" or "uuid" or "boolean" or "timestamp with time zone" or "timestamp without time zone"
            ? $"{quoted}::{column.Type}"
            : quoted;
    }

    private static ImmutableArray<string> Spread(ImmutableArray<string> samples) =>
        samples.Length <= ColumnDraw.Draws ? samples : [samples[0], samples[samples.Length / 2], samples[^1]];

    private static QuerySyntax? Read(string sql)
    {
        try
        {
            return QuerySyntax.Read(sql);
        }
        catch (SqlInputException)
        {
            return null;
        }
    }
}
