using System.Collections.Immutable;
using AgentHost.Postgres.Rows;
using Npgsql;

namespace AgentHost.Postgres.Synthesis;

/// <summary>Fills one table: all rows at once, and again for what its constraints refused.</summary>
internal static class TableFill
{
    private const int Attempts = 6;

    /// <summary>The share of rows that may be missing.</summary>
    private const double Enough = 0.995;

    /// <summary>Fills a table.</summary>
    /// <returns>How many rows were made, and why not more.</returns>
    public static async Task<(long Rows, string? Refusal)> RunAsync(NpgsqlConnection connection, FillPlan plan, RowTable table, long rows, DateTimeOffset end, CancellationToken ct)
    {
        var (simple, refusal) = await TryAsync(connection, plan, table, rows, ct);
        var conditions = plan.Fallbacks.GetValueOrDefault(table.Oid)?.Checks ?? [];
        var isRepeatable = plan.Keys[table.Oid].Any(key => key is { IsPartial: false, Columns.Length: 1 });
        // Values of which each comes once do not collide, and to look for collisions takes as long as to insert.
        var isCareful = plan.Keys[table.Oid].Any(key => key.IsPartial || key.Columns.Length > 1);
        // What a partition's bounds or a check refuse is made again of all rows, so that the values are the same ones.
        var isSifted = !isRepeatable && !isCareful && !conditions.IsEmpty;
        long made = 0;
        for (var attempt = 0; attempt < Attempts && made < rows * Enough && (attempt == 0 || DateTimeOffset.UtcNow < end); attempt++)
        {
            // Where a column has each value once, its rows that are there refuse to come again; else only as many are made as are missing.
            var wanted = isRepeatable || isSifted || plan.Promised[table.Oid].Any() ? rows : rows - made;
            var before = made;
            try
            {
                var query = await TableQuery.MakeAsync(connection, plan, table, wanted, attempt, simple, ct);
                await using var insert = new NpgsqlCommand(Insert(table, query, conditions, wanted, rows - made, isSifted, isCareful), connection) { CommandTimeout = 0 };
                insert.Parameters.AddRange(query.Query.Parameters.ToArray());
                made += await insert.ExecuteNonQueryAsync(ct);
            }
            catch (PostgresException refused) when (refused.SqlState is PostgresErrorCodes.UniqueViolation or PostgresErrorCodes.ExclusionViolation && !isCareful)
            {
                refusal = refused.MessageText;
            }
            catch (PostgresException refused) when (refused.SqlState != PostgresErrorCodes.QueryCanceled)
            {
                // Some value that the sample did not have: which column's, the message may not tell.
                refusal = refused.MessageText;
                simple = [.. table.Columns.Select(column => column.Name)];
            }

            isCareful = true;
            // Values between those of the statistics that a column's own condition does not accept: made up from the condition instead.
            if (made < rows / 2)
                simple = simple.Union(conditions.SelectMany(condition => condition.Alone).Select(part => part.Column));
            if (made - before < (rows - before) / 1000 && attempt > 1)
                break;
        }

        if (made == 0 && plan.Fallbacks.GetValueOrDefault(table.Oid) is { } fallback)
        {
            var filled = await TableFilling.RunAsync(connection, fallback, (int)Math.Min(rows, 20_000), ct);
            return (filled.Rows, filled.Refusal ?? (filled.Rows < rows ? $"no row that follows its statistics fits its constraints{(refusal is null ? "" : $": {refusal}")}" : null));
        }

        return (made, made < rows * Enough ? refusal ?? "its constraints refuse most rows that follow its statistics" : null);
    }

    /// <summary>Makes a few rows without keeping them, to know the columns whose statistics lead to no value of their type.</summary>
    private static async Task<(ImmutableHashSet<string> Simple, string? Refusal)> TryAsync(NpgsqlConnection connection, FillPlan plan, RowTable table, long rows, CancellationToken ct)
    {
        const int Sample = 64;
        var simple = ImmutableHashSet<string>.Empty;
        TableQuery query;
        try
        {
            query = await TableQuery.MakeAsync(connection, plan, table, rows, 0, simple, ct);
            if (await SelectAsync(query, query.Columns.ConvertAll(entry => entry.Sql)) is null)
                return (simple, null);
        }
        catch (PostgresException e) when (e.SqlState != PostgresErrorCodes.QueryCanceled)
        {
            // A literal of the statistics that its type does not read: which column it belongs to is not told.
            return ([.. table.Columns.Select(column => column.Name)], e.MessageText);
        }

        string? refusal = null;
        foreach (var (column, sql) in query.Columns)
        {
            if (await SelectAsync(query, [sql]) is not { } reason)
                continue;
            refusal ??= $"{column.Name}: {reason}";
            simple = simple.Add(column.Name);
        }

        return (simple, refusal);

        async Task<string?> SelectAsync(TableQuery of, List<string> columns)
        {
            if (columns.Count == 0)
                return null;
            try
            {
                var names = columns.Select((_, i) => $"c{i}").ToList();
                await using var command = new NpgsqlCommand(of.Query.Sql(columns, names, Math.Min(rows, Sample)), connection) { AllResultTypesAreUnknown = true };
                command.Parameters.AddRange(of.Query.Parameters.Select(parameter => parameter.Clone()).ToArray());
                await command.ExecuteNonQueryAsync(ct);
                return null;
            }
            catch (PostgresException e) when (e.SqlState != PostgresErrorCodes.QueryCanceled)
            {
                return e.MessageText;
            }
        }
    }

    private static string Insert(RowTable table, TableQuery query, ImmutableArray<CheckFacts> checks, long numbers, long most, bool isSifted, bool isCareful)
    {
        if (query.Columns.Count == 0)
            return $"insert into {table.Sql} select from generate_series(1, {most}) on conflict do nothing";
        var names = query.Columns.ConvertAll(entry => entry.Column.Sql);
        var list = string.Join(", ", names);
        var given = query.Columns.Select(entry => entry.Column.Name).ToHashSet(StringComparer.Ordinal);
        var conditions = checks.Where(check => check.Columns.All(given.Contains)).Select(check => $"({check.Condition}) is not false").Concat(query.Conditions).Distinct(StringComparer.Ordinal).ToList();
        var source = query.Query.Sql(query.Columns.ConvertAll(entry => entry.Sql), names, numbers);
        return $"insert into {table.Sql} ({list}) overriding system value "
            + (conditions.Count == 0 ? source : $"select {list} from ({source}) as {Sql.SqlIdentifier.Quote(table.Name.Name)} where {string.Join(" and ", conditions)}")
            + (isSifted ? $" limit {most}" : "") + (isCareful ? " on conflict do nothing" : "");
    }
}
