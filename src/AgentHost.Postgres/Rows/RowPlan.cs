using System.Collections.Immutable;
using Npgsql;

namespace AgentHost.Postgres.Rows;

/// <summary>How a column of a table is filled.</summary>
/// <param name="Column">The column.</param>
/// <param name="Template">An expression over the row's number; null where no value is known.</param>
/// <param name="Cast">The type that it is cast to.</param>
/// <param name="Values">How many values it gives; 0 where a new one for each row.</param>
/// <param name="IsReference">Whether the value must be one of another table's.</param>
internal sealed record PlannedColumn(RowColumn Column, string? Template, string Cast, int Values, bool IsReference)
{
    /// <summary>As <see cref="Template"/>, but with values before those of later columns where that gives ones behind them; null where it is no different.</summary>
    public string? Mirrored { get; init; }
}

/// <summary>A table with a way to fill each of its columns.</summary>
internal sealed record PlannedTable(RowTable Table, ImmutableArray<PlannedColumn> Columns, ImmutableArray<CheckFacts> Checks);

/// <summary>Finds for each column values that its conditions accept: candidates are made up here and judged by PostgreSQL.</summary>
internal sealed class RowPlan
{
    /// <summary>How many columns a table may have (manual, appendix K).</summary>
    private const int MaxColumns = 1600;

    private readonly RowCatalog catalog;
    private readonly RowOptions options;
    private readonly TypeValues values;
    private readonly ColumnGroups groups;
    private readonly Dictionary<uint, ImmutableArray<CheckFacts>> checks;

    private RowPlan(RowCatalog catalog, RowOptions options)
    {
        this.catalog = catalog;
        this.options = options;
        values = new TypeValues(catalog.Types);
        groups = ColumnGroups.Of(catalog, options.Rows);
        checks = catalog.Tables.ToDictionary(table => table.Oid, ChecksOf);
    }

    /// <summary>Plans every table that gets rows, parents first.</summary>
    public static async Task<ImmutableArray<PlannedTable>> MakeAsync(NpgsqlConnection connection, RowCatalog catalog, RowOptions options, CancellationToken ct)
    {
        var plan = new RowPlan(catalog, options with { Checks = await FittingAsync(connection, catalog, options.Checks, ct) });
        var wanted = plan.groups.Groups.Select(entry => plan.Candidates(entry.Key, entry.Value)).ToDictionary(question => question.Group);
        await CandidateTrial.RunAsync(connection, [.. wanted.Values.Where(question => question.Tests.Length > 0)], ct);
        return [.. catalog.Tables.Where(table => table.Partitions > 0).Take(options.MaxTables).Select(table => plan.Of(table, wanted))];
    }

    /// <summary>The expected conditions whose columns are there.</summary>
    private static async Task<ImmutableArray<ExpectedCheck>> FittingAsync(NpgsqlConnection connection, RowCatalog catalog, ImmutableArray<ExpectedCheck> checks, CancellationToken ct)
    {
        var fitting = ImmutableArray.CreateBuilder<ExpectedCheck>();
        foreach (var check in checks)
        {
            foreach (var table in catalog.Tables.Where(table => RowCatalog.Fits(check.Table, table.Name)))
            {
                try
                {
                    await using var command = new NpgsqlCommand($"select from {table.Sql} where ({check.Condition}) limit 0", connection);
                    await command.ExecuteNonQueryAsync(ct);
                    fitting.Add(check with { Table = table.Name });
                }
                catch (PostgresException)
                {
                    continue; // it is about columns that are still to come
                }
            }
        }

        return fitting.DrainToImmutable();
    }

    private PlannedTable Of(RowTable table, Dictionary<ColumnGroup, CandidateQuestion> answers) => new(table,
    [
        .. table.Columns.Select(column =>
        {
            var cast = values.StorageSql(column.Type, column.Modifier);
            if (groups.Derived.TryGetValue((table.Oid, column.Number), out var derived) && answers[groups.Of(derived.Source)].Best is { Template: { } source } from)
            {
                var other = TypeValues.At(source, derived.Row);
                var whole = !derived.Row.EndsWith("/ 2)", StringComparison.Ordinal) ? other
                    : derived.MayBeNull ? $"(case when {derived.Row} > 0 then {other} end)"
                    : TypeValues.At(source, $"greatest({derived.Row}, 1)");
                return new PlannedColumn(column, whole, cast, from.Values, IsReference: true);
            }

            var group = groups.Of((table.Oid, column.Number));
            var best = answers[group].Best;
            if (best.Template is null && column.IsNotNull)
                best = (answers[group].Templates.FirstOrDefault(), 0); // where only what is expected refuses them, the rows are still worth having
            return new PlannedColumn(column, best.Template, cast, best.Values, group.Members.Count > 1)
            {
                Mirrored = !group.IsKey && best.Template == values.For(column.Type, column.Modifier, false, column.Number) ? values.For(column.Type, column.Modifier, false, MaxColumns - column.Number) : null,
            };
        }),
    ], checks[table.Oid]);

    private CandidateQuestion Candidates((uint Table, short Column) root, ColumnGroup group)
    {
        var (narrowTable, narrow) = group.Members.MinBy(member => values.Capacity(member.Column.Type, member.Column.Modifier));
        var type = values.Base(narrow.Type, narrow.Modifier).Type;
        var templates = new List<string>();
        var literals = new List<string>();
        var tests = ImmutableArray.CreateBuilder<CandidateTest>();
        foreach (var (table, column) in group.Members)
        {
            var about = checks[table.Oid].Where(check => check.Columns.Contains(column.Name)).ToList();
            literals.AddRange(about.SelectMany(check => check.Literals));
            ImmutableArray<string> alone = [.. about.SelectMany(check => check.Alone.Where(part => part.Column == column.Name).Select(part => part.Condition)).Distinct(StringComparer.Ordinal)];
            if (alone.Length > 0 && table.Partitions > 0)
                tests.Add(new CandidateTest(table, column, values.StorageSql(column.Type, column.Modifier), alone));
        }

        if (type is not null)
        {
            if (Cast(narrowTable, narrow, type) is { } castable)
                templates.Add(castable);
            var made = tests.Count == 0 ? [] : Rows.Candidates.Of(type, [.. literals.Distinct(StringComparer.Ordinal)], narrowTable.IsDefaultPartition);
            var plain = values.For(narrow.Type, narrow.Modifier, group.IsKey, group.IsKey ? 0 : narrow.Number);
            templates.AddRange(narrowTable.IsDefaultPartition ? made.Append(plain).OfType<string>() : made.Prepend(plain).OfType<string>());
        }

        var finite = type switch { { Kind: 'e' } => type.Labels.Length, { Name: "bool" } => 2, _ => 0 };
        return new CandidateQuestion(group, [.. templates.Distinct(StringComparer.Ordinal).Take(CandidateQuestion.MaxTemplates)], tests.ToImmutable(), values.StorageSql(narrow.Type, narrow.Modifier), finite);
    }

    /// <summary>A text that a cast which is about to come accepts.</summary>
    private string? Cast(RowTable table, RowColumn column, RowType type)
    {
        if (options.Casts.FirstOrDefault(cast => RowCatalog.Fits(cast.Table, table.Name) && cast.Column == column.Name) is not { } expected || !Rows.Candidates.IsText(type))
            return null;
        var name = expected.Type.Split('(')[0].Trim().ToLowerInvariant();
        var length = expected.Type.Contains('(', StringComparison.Ordinal) && int.TryParse(expected.Type.Split('(', ')', ',')[1], out var given) ? given : 0;
        return name switch
        {
            "smallint" or "integer" or "bigint" or "numeric" or "real" or "double precision" => $"{TypeValues.Row}::text",
            "boolean" => $"({TypeValues.Row} % 2 = 0)::text",
            "character varying" or "varchar" or "character" or "char" or "bpchar" when length > 0 => TypeValues.Characters(length),
            "json" or "jsonb" => $"jsonb_build_object('n', {TypeValues.Row})::text",
            "uuid" => $"md5({TypeValues.Row}::text)::uuid::text",
            "date" => $"(date '2018-01-01' + {TypeValues.Row})::text",
            "inet" => $"host(inet '10.0.0.0' + {TypeValues.Row})",
            _ when name.StartsWith("timestamp", StringComparison.Ordinal) => $"(timestamp '2024-01-01' + {TypeValues.Row} * interval '1 minute')::text",
            _ => null,
        };
    }

    private ImmutableArray<CheckFacts> ChecksOf(RowTable table) =>
    [
        .. table.Checks.Concat(table.Bound is null ? [] : [table.Bound]).Select(condition => CheckFacts.Read(condition, table)),
        .. options.Checks.Where(check => RowCatalog.Fits(check.Table, table.Name)).Select(check => CheckFacts.Read(check.Condition, table) with { IsExpected = true }),
        .. table.Columns.SelectMany(column => values.DomainChecks(column.Type).Select(condition => CheckFacts.ReadDomain(condition, column))),
    ];
}
