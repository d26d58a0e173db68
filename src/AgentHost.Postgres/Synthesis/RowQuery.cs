using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using AgentHost.Postgres.Rows;
using Npgsql;
using NpgsqlTypes;

namespace AgentHost.Postgres.Synthesis;

/// <summary>
/// A query that makes rows from their numbers. Expressions that others use are evaluated once a row, in nested subqueries by depth; arrays
/// of values are parameters. <see cref="TypeValues.Row"/> stands for the row's number, an <c>integer</c> from 1 on.
/// </summary>
internal sealed partial class RowQuery
{
    private const char Open = '\ue001', Close = '\ue002';

    private readonly List<(string Sql, int Depth)> steps = [];
    private readonly List<(string Source, string On, int Depth)> joins = [];
    private readonly Dictionary<string, string> known = new(StringComparer.Ordinal);

    /// <summary>The parameters of the query.</summary>
    public List<NpgsqlParameter> Parameters { get; } = [];

    /// <summary>Whether steps look at all rows in another order, so that the rows must be put in theirs again.</summary>
    public bool IsReordered { get; private set; }

    /// <summary>A name for the value of an expression.</summary>
    public string Let(string sql)
    {
        if (known.TryGetValue(sql, out var name))
            return name;
        var depth = Uses(sql).Select(step => steps[step].Depth).DefaultIfEmpty(0).Max() + 1;
        name = $"{Open}{steps.Count.ToString(CultureInfo.InvariantCulture)}{Close}";
        steps.Add((sql, depth));
        known.Add(sql, name);
        return name;
    }

    /// <summary>The place, from 0 on, that a row has when all are put in the order of an expression.</summary>
    public string Shuffled(string order)
    {
        IsReordered = true;
        return Let($"row_number() over (order by {order}) - 1");
    }

    /// <summary>How many rows before a row have the same values.</summary>
    public string Counted(string values)
    {
        IsReordered = true;
        return Let($"row_number() over (partition by {values} order by {TypeValues.Row}) - 1");
    }

    /// <summary>Places, 0 to 1, that lie as far apart as can be among the rows that have the same values: drawn by them, few or none take the same twice.</summary>
    public string Apart(string values, string name)
    {
        IsReordered = true;
        var before = Counted(values);
        var all = Let($"count(*) over (partition by {values})");
        var start = Let($"first_value({Place.Chance(this, name)}) over (partition by {values} order by {TypeValues.Row})");
        var place = Let($"{start} + {before} / {all}::float8");
        return Let($"least(0.9999999999, {place} - floor({place}))");
    }

    /// <summary>A column of the row of a table or query for which a condition holds; null where it holds for none.</summary>
    /// <param name="source">The table or query, of which at most one row fulfils the condition.</param>
    /// <param name="on">The condition, with <c>@</c> for the source.</param>
    /// <param name="column">The column.</param>
    public string Lookup(string source, string on, string column)
    {
        IsReordered = true;
        var join = joins.FindIndex(known => known.Source == source && known.On == on);
        if (join < 0)
        {
            join = joins.Count;
            joins.Add((source, on, Uses(on).Select(step => steps[step].Depth).DefaultIfEmpty(0).Max() + 1));
        }

        var sql = $"j{join.ToString(CultureInfo.InvariantCulture)}.{column}";
        if (known.TryGetValue(sql, out var name))
            return name;
        name = $"{Open}{steps.Count.ToString(CultureInfo.InvariantCulture)}{Close}";
        steps.Add((sql, joins[join].Depth));
        known.Add(sql, name);
        return name;
    }

    /// <summary>A parameter of numbers.</summary>
    public string Numbers(double[] values) => Add(new NpgsqlParameter { Value = values, NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Double });

    /// <inheritdoc cref="Numbers(double[])" />
    public string Numbers(long[] values) => Add(new NpgsqlParameter { Value = values, NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Bigint });

    /// <summary>A parameter of texts.</summary>
    public string Texts(IEnumerable<string?> values) => Add(new NpgsqlParameter { Value = values.ToArray(), NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Text });

    /// <summary>An array of values of a type, read from their texts once.</summary>
    public string Values(IEnumerable<string?> values, string type) => type == "text" ? Texts(values) : $"(select {Texts(values)}::text[]::{type}[])";

    /// <summary>An array that a query gives, evaluated once.</summary>
    public static string ArrayOf(string query) => $"(select array({query}))";

    /// <summary>The query for rows of numbers 1 to <paramref name="rows"/>.</summary>
    /// <param name="columns">An expression a column.</param>
    /// <param name="names">Their names.</param>
    /// <param name="rows">How many.</param>
    public string Sql(IReadOnlyList<string> columns, IReadOnlyList<string> names, long rows)
    {
        var text = $"select n_ from generate_series(1, {rows.ToString(CultureInfo.InvariantCulture)}) g(n_)";
        var deepest = steps.Count == 0 ? 0 : steps.Max(step => step.Depth);
        for (var depth = 1; depth <= deepest; depth++)
        {
            var later = Enumerable.Range(0, steps.Count).Where(step => steps[step].Depth > depth).SelectMany(step => Uses(steps[step].Sql))
                .Concat(joins.Where(join => join.Depth > depth).SelectMany(join => Uses(join.On))).Concat(columns.SelectMany(Uses)).ToHashSet();
            var list = new StringBuilder("n_");
            for (var step = 0; step < steps.Count; step++)
            {
                if (steps[step].Depth == depth && later.Contains(step))
                    list.Append(", ").Append(Plain(steps[step].Sql)).Append(" as x").Append(step);
                else if (steps[step].Depth < depth && later.Contains(step))
                    list.Append(", x").Append(step);
            }

            var joined = new StringBuilder();
            for (var join = 0; join < joins.Count; join++)
            {
                if (joins[join].Depth == depth)
                    joined.Append(CultureInfo.InvariantCulture, $" left join {joins[join].Source} j{join} on {Plain(joins[join].On.Replace("@", $"j{join.ToString(CultureInfo.InvariantCulture)}", StringComparison.Ordinal))}");
            }

            text = $"select {list} from ({text}) d{depth.ToString(CultureInfo.InvariantCulture)}{joined} offset 0";
        }

        var outer = string.Join(", ", columns.Select((column, i) => $"{Plain(column)} as {names[i]}"));
        return $"select {outer} from ({text}) rows{(IsReordered ? " order by n_" : "")}";
    }

    private string Add(NpgsqlParameter parameter)
    {
        Parameters.Add(parameter);
        return $"${Parameters.Count.ToString(CultureInfo.InvariantCulture)}";
    }

    private static string Plain(string sql) => sql.Replace(TypeValues.Row, "n_", StringComparison.Ordinal).Replace(Open, 'x').Replace(Close.ToString(), "", StringComparison.Ordinal);

    private static IEnumerable<int> Uses(string sql) => Token().Matches(sql).Select(match => int.Parse(match.Groups["step"].ValueSpan, CultureInfo.InvariantCulture));

    [GeneratedRegex("\ue001(?<step>[0-9]+)\ue002", RegexOptions.ExplicitCapture, 5000)]
    private static partial Regex Token();
}
