using System.Collections.Immutable;
using System.Globalization;
using AgentHost.Postgres.Rows;
using Npgsql;

namespace AgentHost.Postgres.Synthesis;

/// <content>Combinations of a key's columns that no row has yet.</content>
internal sealed partial class TableQuery
{
    /// <summary>Where there are more combinations, most are free, and to look for those takes longer than to try.</summary>
    private const double MostCombinations = 4e6;

    /// <summary>Where rows are missing because others have their key, those that are still to come take keys that are free.</summary>
    private async Task DrawMissingAsync(CancellationToken ct)
    {
        if (attempt == 0 || apart.Count == 0)
            return;
        var (name, others) = apart.OrderBy(entry => entry.Key, StringComparer.Ordinal).First();
        var last = table.Column(name)!;
        var link = links.Find(entry => entry.Link.Hard.Any(column => column.Own == last));
        // What else a row takes from the parents of its key goes with it.
        var kept = links.Where(entry => entry.Link.All.Any(column => others.Contains(column.Own))).SelectMany(entry => entry.Link.All.Select(column => column.Own)).Concat(others).Distinct().ToList();
        ImmutableArray<RowColumn> own = link.Link is null ? [last] : [last, .. link.Link.All.Select(column => column.Own).Where(column => column != last && !kept.Contains(column))];
        kept.RemoveAll(own.Contains);
        if (kept.Concat(own).Any(column => drawn.ContainsKey(column.Name)))
            return; // they are promised
        var same = link.Link is null ? [] : link.Link.All.Where(column => kept.Contains(column.Own)).Select(column => $"v.{column.Own.Sql} = o.{column.Own.Sql}").ToList();
        var values = link.Link is null ? $"select distinct {last.Sql} from {table.Sql} where {last.Sql} is not null"
            : $"select distinct {string.Join(", ", link.Link.All.Select(column => $"{Parents.Column(column)} as {column.Own.Sql}"))} from ({Parents.Rows(link.Link, link.Source, [])}) p";
        var rowsOf = $"select distinct on ({List(others)}) {List(kept)} from {table.Sql} where {string.Join(" and ", others.Select(column => $"{column.Sql} is not null"))}";
        var from = $"from ({rowsOf}) o join ({values}) v on {(same.Count == 0 ? "true" : string.Join(" and ", same))}";
        await using var command = new NpgsqlCommand($"select (select count(*) from ({rowsOf}) o)::float8 * (select count(*) from ({values}) v)", connection) { CommandTimeout = 0 };
        if ((double)(await command.ExecuteScalarAsync(ct))! > MostCombinations)
            return;

        var free = $"missing_{table.Oid.ToString(CultureInfo.InvariantCulture)}";
        var taken = string.Join(" and ", others.Select(column => $"t.{column.Sql} = o.{column.Sql}").Append($"t.{last.Sql} = v.{last.Sql}"));
        command.CommandText = $"drop table if exists {free}; create temp table {free} as select row_number() over () as r, s.* from (select {string.Join(", ", kept.Select(column => $"o.{column.Sql}").Concat(own.Select(column => $"v.{column.Sql}")))} {from} "
            + $"where not exists (select from {table.Sql} t where {taken}) order by hashtextextended(row({string.Join(", ", others.Select(column => $"o.{column.Sql}"))}, v.{last.Sql})::text, {attempt.ToString(CultureInfo.InvariantCulture)}) limit {rows.ToString(CultureInfo.InvariantCulture)}) s; analyze {free}";
        await command.ExecuteNonQueryAsync(ct);
        command.CommandText = $"select exists (select from {free})";
        if (!(bool)(await command.ExecuteScalarAsync(ct))!)
            return; // what is there has all that it can have: other values have to come
        var number = await NumberAsync(ct);
        foreach (var column in kept.Concat(own).Where(column => !drawn.ContainsKey(column.Name)))
        {
            drawn[column.Name] = new Drawn(Query.Lookup(free, $"@.r = {number}", column.Sql), null) { HasNulls = true };
            if (column == last || others.Contains(column))
                needed.Add(column);
        }

        string List(IEnumerable<RowColumn> columns) => string.Join(", ", columns.Select(column => column.Sql));
    }

    /// <summary>The number of a row among those that are missing: where each has a key of its own, rows whose key is there have none.</summary>
    private async Task<string> NumberAsync(CancellationToken ct)
    {
        var numbers = $"missing_{table.Oid.ToString(CultureInfo.InvariantCulture)}_n";
        if (table.Columns.FirstOrDefault(column => plan.IsUnique(table, column)) is not { } key)
            return TypeValues.Row;
        if (!drawn.TryGetValue(key.Name, out var value))
        {
            if (await DrawAsync(key, ImmutableDictionary<string, Dependence>.Empty, ct) is not { } made)
                return TypeValues.Row;
            drawn[key.Name] = value = made;
        }

        var sql = Query.Sql([TypeValues.Row, value.Sql], ["n", "k"], rows);
        await using var command = new NpgsqlCommand($"drop table if exists {numbers}", connection) { CommandTimeout = 0 };
        await command.ExecuteNonQueryAsync(ct);
        command.CommandText = $"create temp table {numbers} as select n, row_number() over (order by n) as r from ({sql}) s where not exists (select from {table.Sql} t where t.{key.Sql} = s.k)";
        command.Parameters.AddRange(Query.Parameters.Select(parameter => parameter.Clone()).ToArray());
        await command.ExecuteNonQueryAsync(ct);
        return Query.Lookup(numbers, $"@.n = {TypeValues.Row}", "r");
    }
}
