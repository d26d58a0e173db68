using System.Collections.Immutable;
using System.Globalization;
using AgentHost.Postgres.Catalog;
using AgentHost.Postgres.Rows;
using AgentHost.Sql;
using Npgsql;
using NpgsqlTypes;

namespace AgentHost.Postgres.Synthesis;

/// <summary>The query that makes a table's rows: an expression each column that gets a value.</summary>
internal sealed partial class TableQuery
{
    private readonly NpgsqlConnection connection;
    private readonly FillPlan plan;
    private readonly RowTable table;
    private readonly long rows;
    private readonly int attempt;
    private readonly ImmutableHashSet<string> simple;
    private readonly bool isForKeys;
    private readonly Dictionary<string, Drawn> drawn = new(StringComparer.Ordinal);

    private TableQuery(NpgsqlConnection connection, FillPlan plan, RowTable table, long rows, int attempt, ImmutableHashSet<string> simple, bool isForKeys) =>
        (this.connection, this.plan, this.table, this.rows, this.attempt, this.simple, this.isForKeys) = (connection, plan, table, rows, attempt, simple, isForKeys);

    /// <summary>The query's steps and parameters.</summary>
    public RowQuery Query { get; } = new();

    /// <summary>The columns that it gives, with their expressions.</summary>
    public List<(RowColumn Column, string Sql)> Columns { get; } = [];

    /// <summary>Makes the query.</summary>
    /// <param name="connection">Where the rows of other tables are.</param>
    /// <param name="plan">What is known.</param>
    /// <param name="table">The table.</param>
    /// <param name="rows">How many rows.</param>
    /// <param name="attempt">From 0 on; another one gives other values wherever these are not unique.</param>
    /// <param name="simple">Columns that are not to follow their statistics, because that failed.</param>
    /// <param name="ct">Ends it.</param>
    /// <param name="isForKeys">Whether only keys are wanted of it, before there are rows that they might lead to.</param>
    public static async Task<TableQuery> MakeAsync(NpgsqlConnection connection, FillPlan plan, RowTable table, long rows, int attempt, ImmutableHashSet<string> simple, CancellationToken ct, bool isForKeys = false)
    {
        var query = new TableQuery(connection, plan, table, rows, attempt, simple, isForKeys);
        await query.DrawAsync(ct);
        return query;
    }

    private async Task DrawAsync(CancellationToken ct)
    {
        var references = plan.Catalog.References.Where(reference => reference.Table == table.Oid).ToList();
        var decided = JointColumns.Of(plan.Joint[table.Oid], name => Figures(name) is { } figures ? figures.Distinct : 0);
        await FindLinksAsync(decided, ct);
        foreach (var joint in plan.Joint[table.Oid])
            await CombineAsync(joint, references, ct);
        var counted = attempt == 0 ? Counted(references) : null;
        ChooseApart(counted, decided);
        await DrawMissingAsync(ct);
        await DrawLinksAsync(decided, ct);
        // A column that another decides comes after it, and one that tells rows apart after those in which they are alike.
        foreach (var column in table.Columns.OrderBy(column => apart.ContainsKey(column.Name)).ThenBy(column => Depth(column.Name)).ThenBy(column => column.Number))
        {
            if (drawn.ContainsKey(column.Name) || column == counted || await DrawAsync(column, decided, ct) is not { } value)
                continue;
            drawn[column.Name] = value;
        }

        await RaiseAsync(ct);
        if (counted is not null)
            drawn[counted.Name] = Count(counted);
        foreach (var column in table.Columns.Where(column => drawn.ContainsKey(column.Name)))
            Columns.Add((column, WithNulls(column, drawn[column.Name])));

        int Depth(string name)
        {
            var depth = 0;
            for (var at = name; decided.TryGetValue(at, out var next); at = next.By)
                depth++;
            return depth;
        }
    }

    private async Task<Drawn?> DrawAsync(RowColumn column, IReadOnlyDictionary<string, Dependence> decided, CancellationToken ct)
    {
        var (type, modifier) = plan.Values.Base(column.Type, column.Modifier);
        var template = plan.Fallbacks.GetValueOrDefault(table.Oid)?.Columns.FirstOrDefault(planned => planned.Column.Number == column.Number)?.Template;
        if (type is null)
            return null;
        var storage = plan.Values.StorageSql(column.Type, column.Modifier);
        var figures = Figures(column.Name);
        if (figures is null || simple.Contains(column.Name))
            return template is null ? null : new Drawn($"({template})::{storage}", null);
        var draw = new ColumnToDraw(Query, Named(column), figures, type, modifier, storage)
        {
            IsUnique = plan.IsUnique(table, column) || (attempt == 0 && figures.IsDistinct && figures.Statistics is { Histogram.Length: > 1, CommonElements.IsEmpty: true }), Wanted = plan.Wanted(table, column), Template = template, IsDealt = IsInKey(column),
        };
        draw = draw with { SharedPlace = Shared(column, decided) ?? (draw.IsUnique ? null : Apart(column)) };
        return await ByTypeAsync(draw, ct) ?? (template is null ? null : Numbered(draw));
    }

    private async Task<Drawn?> ByTypeAsync(ColumnToDraw draw, CancellationToken ct)
    {
        var statistics = draw.Figures.Statistics;
        if (NumberLine.Of(draw.Type, draw.Modifier, statistics.Histogram.Concat(statistics.CommonValues)) is { } line)
        {
            return NumberDraw.Draw(draw, line, await line.ReadAsync(connection, statistics.CommonValues, ct), await line.ReadAsync(connection, statistics.Histogram, ct),
                await line.ReadAsync(connection, draw.Wanted, ct));
        }

        if (draw.Type.Kind == 'r' && plan.Catalog.Types.GetValueOrDefault(draw.Type.Inner) is { } bound && NumberLine.Of(bound, -1, []) is { } bounds)
            return RangeDraw.Draw(draw, bounds, await bounds.ReadAsync(connection, [.. statistics.RangeBounds.Select(RangeDraw.Lower).OfType<string>()], ct));
        if (draw.Type.IsArray)
            return (plan.Catalog.Types.GetValueOrDefault(draw.Type.Inner) is { } element ? ElementDraw.Draw(draw, element) : null) ?? PointDraw.Draw(draw);
        return draw.Type.Name switch
        {
            _ when Candidates.IsText(draw.Type) => TextDraw.Draw(draw),
            "uuid" => UuidDraw.Draw(draw),
            "json" or "jsonb" => JsonDraw.Draw(draw),
            "tsvector" => ElementDraw.Draw(draw, element: null) ?? PointDraw.Draw(draw),
            "vector" or "halfvec" => VectorDraw.Draw(draw),
            _ => PointDraw.Draw(draw),
        };
    }

    /// <summary>Values of a template, as many different ones as the statistics say.</summary>
    private Drawn Numbered(ColumnToDraw draw)
    {
        var values = draw.IsUnique || draw.Figures.IsDistinct ? rows : Math.Max(1, Math.Round(draw.Figures.RestValues(isExact: false)));
        ImmutableArray<Share> shares = [new Share(1, values)];
        var found = Found.In(Query, shares, draw.Place(shares).Sql);
        var number = Query.Let($"(1 + {found.Value}::int8 % 1000000000)::int");
        return new Drawn($"({TypeValues.At(draw.Template!, number)})::{draw.Storage}", found.Place);
    }

    private string? Shared(RowColumn column, IReadOnlyDictionary<string, Dependence> decided)
    {
        if (!decided.TryGetValue(column.Name, out var dependence) || !drawn.TryGetValue(dependence.By, out var by) || by.Place is null)
            return null;
        var place = Query.Let(by.Place);
        return dependence.Degree > 0.995 ? place
            : Query.Let($"case when {Place.Chance(Query, Named(column) + " follows")} < {dependence.Degree.ToString("R", CultureInfo.InvariantCulture)} then {place} else {Place.Chance(Query, Named(column))} end");
    }

    /// <summary>The last column of a key over several, where it counts the rows of the others: an order's lines.</summary>
    private RowColumn? Counted(List<RowReference> references)
    {
        const int Most = 1000;
        foreach (var key in plan.Keys[table.Oid].Where(key => key.Columns.Length > 1))
        {
            var column = table.Columns.FirstOrDefault(column => column.Number == key.Columns[^1]);
            if (column is null || references.Exists(reference => reference.Columns.Contains(column.Number)) || Figures(column.Name) is not { } figures || drawn.ContainsKey(column.Name)
                || plan.Values.Base(column.Type, column.Modifier).Type is not { Name: "int2" or "int4" or "int8" } || figures.Distinct > Math.Min(Most, rows / 4.0))
            {
                continue;
            }

            var values = figures.Statistics.CommonValues.Concat(figures.Statistics.Histogram).Select(value => long.TryParse(value, CultureInfo.InvariantCulture, out var number) ? number : -1).ToList();
            if (values.Count > 0 && values.Min() is 0 or 1 && values.Max() < 4 * figures.Distinct)
                return column;
        }

        return null;
    }

    private Drawn Count(RowColumn column)
    {
        var key = plan.Keys[table.Oid].First(key => key.Columns.Length > 1 && key.Columns[^1] == column.Number);
        var others = table.Columns.Where(other => other != column && key.Columns.Contains(other.Number) && drawn.ContainsKey(other.Name)).Select(other => Query.Let(WithNulls(other, drawn[other.Name])));
        var first = Figures(column.Name)!.Statistics is var statistics && statistics.CommonValues.Concat(statistics.Histogram).Contains("0") ? 0 : 1;
        return new Drawn($"({Query.Counted(string.Join(", ", others))} + {first})::{plan.Values.StorageSql(column.Type, column.Modifier)}", null);
    }

    private string WithNulls(RowColumn column, Drawn value)
    {
        var sql = value.Sql;
        var nulls = value.HasNulls || column.IsNotNull || Figures(column.Name) is not { } figures ? 0 : figures.Statistics.NullFraction;
        if (nulls >= 1)
            return $"null::{plan.Values.StorageSql(column.Type, column.Modifier)}";
        return nulls <= 0 ? sql : $"case when {Place.Chance(Query, Named(column) + " null")} >= {((double)nulls).ToString("R", CultureInfo.InvariantCulture)} then {sql} end";
    }

    private Figures? Figures(string column) => plan.Statistics.TryGetValue(table.Oid, out var known) && known.TryGetValue(column, out var statistics) ? new Figures(statistics, rows) : null;

    private string Named(RowColumn column) => $"{SqlIdentifier.Quote(table.Name)}.{column.Name}{(plan.IsUnique(table, column) || attempt == 0 ? "" : $" {attempt.ToString(CultureInfo.InvariantCulture)}")}";
}
