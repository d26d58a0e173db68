using System.Collections.Immutable;
using System.Globalization;
using AgentHost.Postgres.Rows;
using Npgsql;

namespace AgentHost.Postgres.Synthesis;

/// <summary>A temporary table of the rows of a parent that a link may take, in the order of what is known of them already.</summary>
/// <param name="Name">Its name; its columns are <c>r</c> (1 and on), a <c>c</c> with the column's own number each, and <c>lo</c>, the sum of the weights before.</param>
/// <param name="Groups">The name of the table of their groups: the known columns, <c>first</c> and <c>last</c> as <c>r</c>, <c>lo</c> and <c>hi</c>.</param>
internal sealed record ParentRows(string Name, string Groups);

/// <summary>Writes queries over the rows of a parent.</summary>
internal static class Parents
{
    /// <summary>The name of a link's column in temporary tables.</summary>
    public static string Column(LinkColumn column) => $"c{column.Own.Number.ToString(CultureInfo.InvariantCulture)}";

    /// <summary>The rows of a parent with the link's columns, where other links find theirs, too.</summary>
    /// <param name="link">The link.</param>
    /// <param name="source">The parent, or what stands for it.</param>
    /// <param name="needed">Other links that rows must have, with what stands for their parents.</param>
    public static string Rows(Link link, string source, IEnumerable<(Link Link, string Source)> needed)
    {
        var conditions = link.Hard.Select(column => $"p.{column.Other.Sql} is not null").ToList();
        foreach (var (other, otherSource) in needed)
        {
            var shared = link.All.Join(other.Hard, one => one.Own, two => two.Own, (one, two) => $"q.{two.Other.Sql} = p.{one.Other.Sql}").ToList();
            if (shared.Count > 0)
                conditions.Add($"exists (select from {otherSource} q where {string.Join(" and ", shared)})");
        }

        return $"select {string.Join(", ", link.All.Select(column => $"p.{column.Other.Sql} as {Column(column)}"))} from {source} p where {string.Join(" and ", conditions)}";
    }

    /// <summary>Makes the temporary tables of a link.</summary>
    /// <param name="connection">Where.</param>
    /// <param name="name">Names them; unique.</param>
    /// <param name="rows">As <see cref="Rows"/> gives it.</param>
    /// <param name="known">Columns of which the child's values are known.</param>
    /// <param name="others">The others.</param>
    /// <param name="weight">What a parent's share of the children goes by, over <c>c…</c>.</param>
    /// <param name="parameters">The parameters of the weight.</param>
    /// <param name="ct">Ends it.</param>
    public static async Task<ParentRows> MakeAsync(
        NpgsqlConnection connection, string name, string rows, IReadOnlyList<LinkColumn> known, IReadOnlyList<LinkColumn> others, string weight, IReadOnlyList<NpgsqlParameter> parameters, CancellationToken ct)
    {
        var groups = string.Join(", ", known.Select(Column));
        var order = string.Join(", ", known.Concat(others).Select(Column));
        await ExecuteAsync(connection, $"drop table if exists {name}, {name}_g", [], ct);
        await ExecuteAsync(
            connection,
            $"create temp table {name} as select row_number() over (order by {order}) as r, {order}, (sum(w) over (order by {order} rows unbounded preceding) - w)::float8 as lo, w from (select w.*, ({weight})::float8 as w from ({rows}) w) s order by {order}",
            parameters, ct);
        await ExecuteAsync(connection, $"create temp table {name}_g as select {groups}, min(r) as first, max(r) as last, min(lo) as lo, max(lo + w) as hi from {name} group by {groups}; analyze {name}; analyze {name}_g", [], ct);
        return new ParentRows(name, $"{name}_g");
    }

    /// <summary>The columns that a row takes from a parent that has what is known of it.</summary>
    /// <param name="query">Where to.</param>
    /// <param name="parents">The parents.</param>
    /// <param name="known">The columns that are known, with their values.</param>
    /// <param name="others">The others.</param>
    /// <param name="place">Which of those that fit: 0 to 1.</param>
    /// <returns>A value for each of the others; null where no parent fits.</returns>
    public static IEnumerable<string> Take(RowQuery query, ParentRows parents, IReadOnlyList<(LinkColumn Column, string Value)> known, IReadOnlyList<LinkColumn> others, string place)
    {
        var on = string.Join(" and ", known.Select(entry => $"@.{Column(entry.Column)} = {query.Let(entry.Value)}"));
        string Of(string column) => query.Lookup(parents.Groups, on, column);
        var weights = RowQuery.ArrayOf($"select lo from {parents.Name} order by r");
        var row = query.Let($"greatest({Of("first")}, least({Of("last")}, width_bucket({Of("lo")} + {place} * ({Of("hi")} - {Of("lo")}), {weights})))");
        return others.Select(column => query.Lookup(parents.Name, $"@.r = {row}", Column(column)));
    }

    private static async Task ExecuteAsync(NpgsqlConnection connection, string sql, IReadOnlyList<NpgsqlParameter> parameters, CancellationToken ct)
    {
        await using var command = new NpgsqlCommand(sql, connection) { CommandTimeout = 0 };
        command.Parameters.AddRange(parameters.ToArray());
        await command.ExecuteNonQueryAsync(ct);
    }
}
