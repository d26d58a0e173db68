using System.Collections.Immutable;
using AgentHost.Sql;
using Npgsql;

namespace AgentHost.Postgres.Rows;

/// <summary>Fills one table: with all that is wanted, else with what its conditions let through of many tries, else with little.</summary>
internal static class TableFilling
{
    /// <summary>How many more row numbers are tried where conditions on several columns refuse most.</summary>
    private const int MoreTries = 20;

    /// <summary>Rows of the last attempt.</summary>
    private const int FewRows = 200;

    public static async Task<FilledTable> RunAsync(NpgsqlConnection connection, PlannedTable plan, int rows, CancellationToken ct)
    {
        if (plan.Columns.FirstOrDefault(column => column is { Template: null, Column: { IsNotNull: true, HasDefault: false } }) is { } unknown)
            return new FilledTable(plan.Table.Name, 0, $"no value is known for its column {unknown.Column.Sql} ({unknown.Cast})");
        var given = plan.Columns.Where(column => column.Template is not null).ToImmutableArray();
        var wanted = Math.Max(1, rows / plan.Table.Partitions);
        string? refusal = null;
        long count = 0;
        foreach (var sql in Attempts(plan, given, rows, wanted).Distinct(StringComparer.Ordinal))
        {
            try
            {
                await using var insert = new NpgsqlCommand(sql, connection);
                count += await insert.ExecuteNonQueryAsync(ct);
                if (count >= wanted / 10)
                    break;
            }
            catch (PostgresException refused)
            {
                refusal ??= refused.MessageText;
            }
        }

        if (count > 0)
        {
            await MoveSequencesAsync(connection, plan, ct);
            return new FilledTable(plan.Table.Name, count, null);
        }

        return new FilledTable(plan.Table.Name, 0, refusal ?? "none of the rows that were made up fits its constraints");
    }

    private static IEnumerable<string> Attempts(PlannedTable plan, ImmutableArray<PlannedColumn> given, int rows, int wanted)
    {
        var numbers = plan.Table.Bound is null ? wanted : rows;
        yield return Insert(plan, given, rows, numbers, wanted, withNulls: false, plan.Checks);
        if (!plan.Checks.IsEmpty)
        {
            yield return Insert(plan, [.. given.Select(column => column with { Template = column.Mirrored ?? column.Template })], rows, numbers, wanted, withNulls: false, plan.Checks);
            yield return Insert(plan, given, rows, rows * MoreTries, wanted, withNulls: false, plan.Checks);
            yield return Insert(plan, given, rows, rows * MoreTries, wanted, withNulls: true, plan.Checks);
        }

        if (plan.Checks.Any(check => check.IsExpected))
            yield return Insert(plan, given, rows, numbers, wanted, withNulls: false, plan.Checks.RemoveAll(check => check.IsExpected));
        ImmutableArray<PlannedColumn> needed = [.. given.Where(column => column.Column is { IsNotNull: true, HasDefault: false })];
        yield return Insert(plan, needed, rows, FewRows, FewRows, withNulls: false, []);
        yield return Insert(plan, needed, rows, 1, 1, withNulls: false, []);
    }

    private static string Insert(PlannedTable plan, ImmutableArray<PlannedColumn> columns, int rows, int numbers, int wanted, bool withNulls, ImmutableArray<CheckFacts> checks)
    {
        if (columns.IsEmpty)
            return $"insert into {plan.Table.Sql} default values on conflict do nothing";
        var joint = checks.Where(check => check.Columns.Length > 1).SelectMany(check => check.Columns).ToHashSet(StringComparer.Ordinal);
        var made = new List<string>();
        var (stride, optional) = (1, 0);
        foreach (var column in columns)
        {
            // Columns with few values take turns at different speeds, so that all combinations come.
            var row = column.IsReference ? numbers > rows ? $"((n_ - 1) % {rows} + 1)" : "n_" : column.Values > 0 && stride > 1 ? $"(n_ / {stride})" : "n_";
            if (column is { IsReference: false, Values: > 0 })
                stride = stride * column.Values > rows / 4 ? 1 : stride * column.Values;
            var value = $"({TypeValues.At(column.Template!, row)})::{column.Cast}";
            made.Add(withNulls && !column.Column.IsNotNull && joint.Contains(column.Column.Name)
                ? $"case when (n_ >> {optional++ % 8}) % 2 = 0 then {value} end as {column.Column.Sql}"
                : $"{value} as {column.Column.Sql}");
        }

        // Conditions on columns that are not given hold of their defaults, or do not.
        var names = columns.Select(column => column.Column.Name).ToHashSet(StringComparer.Ordinal);
        var conditions = checks.Where(check => check.Columns.All(names.Contains)).Select(check => $"({check.Condition}) is not false").Distinct(StringComparer.Ordinal).ToList();
        var list = string.Join(", ", columns.Select(column => column.Column.Sql));
        return $"insert into {plan.Table.Sql} ({list}) overriding system value select {list} from (select {string.Join(", ", made)} from generate_series(1, {numbers}) g(n_)) as {SqlIdentifier.Quote(plan.Table.Name.Name)}"
            + (conditions.Count == 0 ? "" : $" where {string.Join(" and ", conditions)}") + $" limit {wanted} on conflict do nothing";
    }

    private static async Task MoveSequencesAsync(NpgsqlConnection connection, PlannedTable plan, CancellationToken ct)
    {
        foreach (var column in plan.Columns.Where(column => column is { Column.Sequence: not null, Cast: "smallint" or "integer" or "bigint" or "numeric" }))
        {
            try
            {
                await using var move = new NpgsqlCommand($"select setval($1::regclass, greatest(1, (select max({column.Column.Sql}) from {plan.Table.Sql}))::bigint)", connection)
                {
                    Parameters = { new() { Value = column.Column.Sequence! } },
                };
                await move.ExecuteNonQueryAsync(ct);
            }
            catch (PostgresException e) when (e.SqlState == PostgresErrorCodes.NumericValueOutOfRange || e.SqlState.StartsWith("22", StringComparison.Ordinal))
            {
                continue; // the sequence has bounds of its own
            }
        }
    }
}
