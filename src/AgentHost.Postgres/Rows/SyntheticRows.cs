using System.Collections.Immutable;
using System.Diagnostics;
using System.Globalization;
using AgentHost.Sql;
using Npgsql;

namespace AgentHost.Postgres.Rows;

/// <summary>
/// Fills the tables of a scratch database with rows made from their types and constraints. Nullable columns are filled, too, and values
/// repeat only where a type has no more: what then fails on the rows fails on most. A table that refuses every row stays as it is.
/// </summary>
public static class SyntheticRows
{
    /// <summary>Fills the tables that the options name. Triggers, rules and row security are off for it, and sequences follow.</summary>
    /// <param name="db">The database, with its schema.</param>
    /// <param name="options">Which tables, and how.</param>
    /// <param name="ct">Ends it.</param>
    /// <returns>An entry for each table that was to get rows; partitions by themselves.</returns>
    public static Task<ImmutableArray<FilledTable>> FillAsync(ScratchDatabase db, RowOptions options, CancellationToken ct = default)
    {
        ArgumentNullException.ThrowIfNull(db);
        ArgumentNullException.ThrowIfNull(options);
        return db.WithoutTriggersAsync(connection => FillAsync(connection, options, ct), ct);
    }

    private static async Task<ImmutableArray<FilledTable>> FillAsync(NpgsqlConnection connection, RowOptions options, CancellationToken ct)
    {
        var catalog = await RowCatalog.ReadAsync(connection, options, ct);
        var left = catalog.Tables.Where(table => table.Partitions > 0).ToDictionary(table => table.Oid);
        var filled = ImmutableArray.CreateBuilder<FilledTable>(left.Count);
        var clock = Stopwatch.StartNew();
        // What conditions, defaults and indexes call may run for ever.
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(ct);
        limit.CancelAfter(2 * options.Budget);
        try
        {
            await using (var timeout = new NpgsqlCommand($"set statement_timeout = {((long)options.Budget.TotalMilliseconds).ToString(CultureInfo.InvariantCulture)}", connection))
                await timeout.ExecuteNonQueryAsync(limit.Token);
            foreach (var table in await RowPlan.MakeAsync(connection, catalog, options, limit.Token))
            {
                if (clock.Elapsed > options.Budget)
                    break;
                filled.Add(await TableFilling.RunAsync(connection, table, options.Rows, limit.Token));
                left.Remove(table.Table.Oid);
            }

            if (left.Count > 0 || filled.Any(table => table.Rows < options.Rows))
                await RemoveOrphansAsync(connection, catalog, limit.Token);
            await RefreshAsync(connection, options, limit.Token);
        }
        catch (OperationCanceledException) when (!ct.IsCancellationRequested)
        {
            return [.. filled, .. Unfilled(left.Values)];
        }
        catch (PostgresException e) when (e.SqlState == PostgresErrorCodes.QueryCanceled)
        {
            return [.. filled, .. Unfilled(left.Values)];
        }

        return [.. filled, .. Unfilled(left.Values)];
    }

    private static IEnumerable<FilledTable> Unfilled(IEnumerable<RowTable> tables) => tables.Select(table => new FilledTable(table.Name, 0, "there was no time for it"));

    /// <summary>Where a table got fewer rows than others, some of those lead nowhere.</summary>
    private static async Task RemoveOrphansAsync(NpgsqlConnection connection, RowCatalog catalog, CancellationToken ct)
    {
        const int Rounds = 4;
        var tables = catalog.Tables.ToDictionary(table => table.Oid);
        var deletes = catalog.References.Where(reference => tables.ContainsKey(reference.Table) && tables.ContainsKey(reference.Parent))
            .Select(reference => Orphans(tables[reference.Table], tables[reference.Parent], reference)).Distinct(StringComparer.Ordinal).ToList();
        for (var (round, removed) = (0, true); removed && round < Rounds; round++)
        {
            removed = false;
            foreach (var delete in deletes)
            {
                await using var command = new NpgsqlCommand(delete, connection);
                removed |= await command.ExecuteNonQueryAsync(ct) > 0;
            }
        }
    }

    /// <summary>The statement that removes rows whose reference leads nowhere.</summary>
    internal static string Orphans(RowTable child, RowTable parent, RowReference reference)
    {
        string Name(RowTable table, short number) => SqlIdentifier.Quote(table.Columns.First(column => column.Number == number).Name);
        var given = reference.Columns.Select(number => $"c.{Name(child, number)} is not null");
        var same = reference.Columns.Zip(reference.ParentColumns, (own, other) => $"c.{Name(child, own)} = p.{Name(parent, other)}");
        return $"delete from {child.Sql} c where {string.Join(" and ", given)} and not exists (select from {parent.Sql} p where {string.Join(" and ", same)})";
    }

    /// <summary>Materialized views that are named are brought up to date.</summary>
    private static async Task RefreshAsync(NpgsqlConnection connection, RowOptions options, CancellationToken ct)
    {
        await using var find = new NpgsqlCommand("select oid::regclass::text from pg_catalog.pg_class where relkind = 'm' and relispopulated and lower(relname) = any($1)", connection)
        {
            Parameters = { new() { Value = (options.Mentioned ?? []).Select(word => word.ToLowerInvariant()).ToArray() } },
        };
        var views = new List<string>();
        await using (var reader = await find.ExecuteReaderAsync(ct))
        {
            while (await reader.ReadAsync(ct))
                views.Add(reader.GetString(0));
        }

        foreach (var view in views)
        {
            try
            {
                await using var refresh = new NpgsqlCommand($"refresh materialized view {view}", connection);
                await refresh.ExecuteNonQueryAsync(ct);
            }
            catch (PostgresException)
            {
                continue; // its query does not like the rows; it stays as it was
            }
        }
    }
}
