using System.Collections.Immutable;
using System.Globalization;
using AgentHost.Postgres.Rows;
using Npgsql;

namespace AgentHost.Postgres.Synthesis;

/// <content>Columns that rows take from their parents.</content>
internal sealed partial class TableQuery
{
    /// <summary>From this correlation on the order of rows tells more of which parents they have than what they share with other links.</summary>
    private const float Ordered = 0.5f;

    private readonly HashSet<RowColumn> needed = [];

    /// <summary>What the columns of references must have so that a row can be.</summary>
    public IEnumerable<string> Conditions => needed.Select(column => $"{column.Sql} is not null");

    /// <summary>The links that rows take, each with what stands for its parent.</summary>
    private readonly List<(Link Link, string Source)> links = [];

    /// <summary>Finds the links, and takes the keys that were promised to other tables, or to this one.</summary>
    private async Task FindLinksAsync(IReadOnlyDictionary<string, Dependence> decided, CancellationToken ct)
    {
        foreach (var link in Link.Of(plan, table, decided.Keys.ToHashSet(StringComparer.Ordinal)))
        {
            if (await SourceAsync(link.Parent, [.. link.All.Select(column => column.Other)], ct) is { } source)
                links.Add((link, source));
        }

        foreach (var (name, columns) in isForKeys ? [] : plan.Promised[table.Oid])
        {
            foreach (var column in columns.Where(column => !drawn.ContainsKey(column.Name)))
            {
                drawn[column.Name] = new Drawn(Query.Lookup(name, $"@.number_ = {TypeValues.Row}", column.Sql), null) { HasNulls = true };
                if (column.IsNotNull)
                    needed.Add(column);
            }
        }
    }

    /// <summary>Draws what leads to parents: first what goes with the order of rows, then what several links share, then the rest so that it fits.</summary>
    private async Task DrawLinksAsync(IReadOnlyDictionary<string, Dependence> decided, CancellationToken ct)
    {
        var left = new List<(Link Link, string Source)>(links);
        foreach (var leading in links.Where(entry => IsLeading(entry.Link)).OrderByDescending(entry => entry.Link.IsNeeded).ThenByDescending(entry => Distinct(Key(entry.Link).Own)))
        {
            if (leading.Link.All.Any(column => drawn.ContainsKey(column.Own.Name)))
                continue;
            await FollowAsync(leading, decided, ct);
            left.Remove(leading);
        }

        foreach (var shared in links.SelectMany(entry => entry.Link.All.Select(column => (column.Own, IsSoft: entry.Link.Soft.Contains(column)))).GroupBy(entry => entry.Own).Where(group => group.Count() > 1 || group.First().IsSoft).Select(group => group.Key).OrderBy(column => column.Number))
        {
            if (!drawn.ContainsKey(shared.Name) && !links.Exists(entry => entry.Link.Hard.Length + entry.Link.Soft.Length > 1 && Key(entry.Link).Own == shared))
                await DrawSharedAsync(shared, decided, ct);
        }

        foreach (var entry in left.OrderByDescending(entry => entry.Link.IsNeeded).ThenByDescending(entry => entry.Link.Hard.Length))
            await FollowAsync(entry, decided, ct);
    }

    /// <summary>Whether the order of rows goes with that of a key which is alone the parent's.</summary>
    private bool IsLeading(Link link)
    {
        var key = Key(link);
        return link.Parent.Oid != table.Oid && Math.Abs(Figures(key.Own.Name)?.Statistics.Correlation ?? 0) >= Ordered && plan.IsUnique(link.Parent, key.Other) && (link.Hard.Length > 1 || !link.Soft.IsEmpty);
    }

    /// <summary>The column of a link that tells most.</summary>
    private LinkColumn Key(Link link) => link.Hard.OrderByDescending(column => plan.IsUnique(link.Parent, column.Other)).ThenByDescending(column => Distinct(column.Own)).ThenBy(column => column.Own.Number).First();

    /// <summary>How many values a column has in all of the table, as far as that is known.</summary>
    private double Distinct(RowColumn column) => Figures(column.Name) is { } figures ? (figures with { Rows = All }).Distinct : All;

    /// <summary>The rows that the table is to have.</summary>
    private long All => plan.Tables.First(entry => entry.Table.Oid == table.Oid).Rows;

    /// <summary>Draws a column that several links share by its own statistics, among what they all have.</summary>
    private async Task DrawSharedAsync(RowColumn column, IReadOnlyDictionary<string, Dependence> decided, CancellationToken ct)
    {
        var holders = links.Where(entry => entry.Link.Hard.Any(own => own.Own == column)).OrderBy(entry => entry.Link.Hard.Length).ToList();
        if (holders.Count == 0)
        {
            if (await DrawAsync(column, decided, ct) is { } plain)
                drawn[column.Name] = plain;
            return;
        }

        var others = links.Where(entry => entry != holders[0] && entry.Link.IsNeeded && entry.Link.Parent.Oid != table.Oid);
        await DrawKeyAsync(holders[0].Link.All.First(own => own.Own == column), Parents.Rows(holders[0].Link, holders[0].Source, others), decided, ct);
    }

    /// <summary>Draws what is left of a link's columns so that they fit those that are there.</summary>
    private async Task FollowAsync((Link Link, string Source) entry, IReadOnlyDictionary<string, Dependence> decided, CancellationToken ct)
    {
        var link = entry.Link;
        var others = link.All.Where(column => !drawn.ContainsKey(column.Own.Name)).ToList();
        if (!link.Hard.Any(others.Contains))
            return;
        var needs = links.Where(other => other != entry && other.Link.IsNeeded && other.Link.Parent.Oid != table.Oid).ToList();
        var parents = Parents.Rows(link, entry.Source, needs);
        if (others.Count == link.All.Count())
        {
            var key = Key(link);
            await DrawKeyAsync(key, parents, decided, ct);
            others.Remove(key);
            if (others.Count == 0 || !drawn.ContainsKey(key.Own.Name))
                return;
        }

        var known = link.All.Where(column => drawn.ContainsKey(column.Own.Name)).ToList();
        var (weight, parameters) = Weight(link, others);
        var name = $"link_{table.Oid.ToString(CultureInfo.InvariantCulture)}_{string.Join('_', link.Hard.Select(column => column.Own.Number.ToString(CultureInfo.InvariantCulture)))}";
        var rowsOf = await Parents.MakeAsync(connection, name, parents, known, others, weight, parameters, ct);
        var named = Named(Key(link).Own);
        var place = others.Select(column => Apart(column.Own)).FirstOrDefault(apart => apart is not null) ?? Place.Of(Query, named + " of its parent", rows, Figures(Key(link).Own.Name)?.Statistics.Correlation ?? 0);
        foreach (var (column, value) in others.Zip(Parents.Take(Query, rowsOf, [.. known.Select(column => (column, drawn[column.Own.Name].Sql))], others, place)))
        {
            if (known.TrueForAll(each => link.Soft.Contains(each)) && link.Hard.Contains(column) && await OwnAsync(column, entry.Source, decided, ct) is { } own)
                drawn[column.Own.Name] = new Drawn($"coalesce({value}, {own.Sql})", null);
            else if (link.Soft.Contains(column) && column.Own.IsNotNull && !column.Other.IsNotNull && await DrawAsync(column.Own, decided, ct) is { } otherwise)
                drawn[column.Own.Name] = new Drawn($"coalesce({value}, {otherwise.Sql})", null);
            else
                drawn[column.Own.Name] = new Drawn(value, null);
            if (column.Own.IsNotNull)
                needed.Add(column.Own);
        }
    }

    /// <summary>A key drawn by its own statistics alone.</summary>
    private async Task<Drawn?> OwnAsync(LinkColumn column, string source, IReadOnlyDictionary<string, Dependence> decided, CancellationToken ct)
    {
        await DrawKeyAsync(column, $"select {column.Other.Sql} as {Parents.Column(column)} from {source} where {column.Other.Sql} is not null", decided, ct);
        return drawn.Remove(column.Own.Name, out var own) ? own : null;
    }

    private async Task DrawKeyAsync(LinkColumn column, string parents, IReadOnlyDictionary<string, Dependence> decided, CancellationToken ct)
    {
        var (own, name) = (column.Own, Parents.Column(column));
        var (type, modifier) = plan.Values.Base(own.Type, own.Modifier);
        if (type is null)
            return;
        var keys = $"select {(plan.IsUnique(ParentOf(column), column.Other) ? "" : "distinct ")}{name} from ({parents}) k order by {name}";
        await using var command = new NpgsqlCommand($"select count(*) from ({keys}) k", connection) { CommandTimeout = 0 };
        var count = (long)(await command.ExecuteScalarAsync(ct))!;
        var figures = Figures(own.Name) ?? new Figures(new Catalog.ColumnStatistics(own.Name) { Distinct = Math.Min(count, rows) }, rows);
        var isUnique = plan.IsUnique(table, own) || (attempt == 0 && figures.IsDistinct && count >= rows);
        var key = new ColumnToDraw(Query, Named(own), figures, type, modifier, plan.Values.StorageSql(own.Type, own.Modifier)) { IsUnique = isUnique, IsDealt = IsInKey(own), SharedPlace = Shared(own, decided) ?? (isUnique ? null : Apart(own)) };
        if (await KeyDraw.DrawAsync(connection, key, new KeyValues(keys, count), ct) is { } value)
            drawn[own.Name] = value;
    }

    private RowTable ParentOf(LinkColumn column) => plan.Catalog.Tables.First(candidate => candidate.Oid == column.Other.Table);

    /// <summary>How many of a group's children each parent has, by the statistics of the key, or else of all columns that are left: common values their share, the others by how dense the histogram is.</summary>
    private (string Weight, List<NpgsqlParameter> Parameters) Weight(Link link, List<LinkColumn> others)
    {
        var key = Key(link);
        var writer = new RowQuery();
        var isOne = others.Contains(key) && plan.IsUnique(link.Parent, key.Other);
        var weights = (isOne ? [key] : others.Where(link.Hard.Contains)).Select(column => Weight(link, column, writer)).OfType<string>().ToList();
        return weights.Count == 0 ? ("1", []) : (string.Join(" * ", weights), writer.Parameters);
    }

    private string? Weight(Link link, LinkColumn of, RowQuery writer)
    {
        if (Figures(of.Own.Name) is not { } figures || plan.Values.Base(of.Own.Type, of.Own.Modifier).Type is null)
            return null;
        var storage = plan.Values.StorageSql(of.Own.Type, of.Own.Modifier);
        var column = Parents.Column(of);
        var bounds = figures.Statistics.Histogram;
        var rest = figures.RestMass.ToString("R", CultureInfo.InvariantCulture);
        var part = bounds.Length < 2 ? "0" : $"least({bounds.Length - 1}, greatest(1, width_bucket({column}, {writer.Values(bounds, storage)})))";
        var weight = $"greatest(1e-9, {rest} / {Math.Max(1, bounds.Length - 1)} / count(*) over (partition by {part}))";
        if (!figures.Common.IsEmpty)
        {
            var share = $"({writer.Numbers([.. figures.Common.Select(common => common.Mass)])})[array_position({writer.Values(figures.Common.Select(common => common.Value), storage)}, {column}::{storage})]";
            var parents = plan.IsUnique(link.Parent, of.Other) ? "" : $" / count(*) over (partition by {column})";
            weight = $"coalesce({share}{parents}, {weight})";
        }

        return $"({weight})";
    }

    /// <summary>What stands for a parent: itself, or where it has no rows yet (it is this table, or in a circle), its keys as it will have them.</summary>
    private async Task<string?> SourceAsync(RowTable parent, ImmutableArray<RowColumn> columns, CancellationToken ct)
    {
        if (plan.HoldersOf(parent) is var holders && holders.All(plan.Filled.ContainsKey))
            return holders.Any(holder => plan.Filled[holder] > 0) ? parent.Sql : null;
        var coming = plan.Tables.FirstOrDefault(entry => entry.Table.Oid == parent.Oid);
        if (coming.Table is null || coming.Rows == 0 || isForKeys)
            return null;
        var name = $"keys_{parent.Oid}_{string.Join('_', columns.Select(column => column.Number))}";
        await using var command = new NpgsqlCommand("select to_regclass($1) is null", connection) { CommandTimeout = 0, Parameters = { new() { Value = $"pg_temp.{name}" } } };
        if (!(bool)(await command.ExecuteScalarAsync(ct))!)
            return name;
        var other = await MakeAsync(connection, plan, coming.Table, coming.Rows, 0, parent.Oid == table.Oid ? simple : [], ct, isForKeys: true);
        // What a row takes from other parents goes with its keys: of the same tenant, in the same order.
        var linked = other.links.SelectMany(entry => entry.Link.All.Select(column => column.Own)).Concat(columns).ToHashSet();
        var given = other.Columns.Where(entry => linked.Contains(entry.Column)).ToList();
        if (given.Count(entry => columns.Contains(entry.Column)) < columns.Length)
            return null;
        var conditions = other.needed.Intersect(linked).Select(column => $"{column.Sql} is not null").ToList();
        var rowsOf = other.Query.Sql([TypeValues.Row, .. given.ConvertAll(entry => entry.Sql)], ["number_", .. given.ConvertAll(entry => entry.Column.Sql)], coming.Rows);
        command.CommandText = $"create temp table {name} as select * from ({rowsOf}) k{(conditions.Count == 0 ? "" : $" where {string.Join(" and ", conditions)}")}";
        command.Parameters.Clear();
        command.Parameters.AddRange(other.Query.Parameters.ToArray());
        await command.ExecuteNonQueryAsync(ct);
        command.Parameters.Clear();
        command.CommandText = $"analyze {name}";
        await command.ExecuteNonQueryAsync(ct);
        plan.Promise(parent.Oid, name, [.. given.Select(entry => entry.Column)]);
        return name;
    }
}
