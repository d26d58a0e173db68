using System.Collections.Immutable;
using System.Globalization;
using System.Text;
using Npgsql;

namespace AgentHost.Postgres.Catalog;

/// <summary>
/// Reads a database's catalogs: nothing else, as an ordinary role, in one read-only transaction, with a query for all objects of a kind. The only locks are
/// ACCESS SHARE on what views and functions read, taken by the last queries and given back at once.
/// </summary>
public static class CatalogReader
{
    /// <summary>The oldest and newest major version whose catalogs are known.</summary>
    public const int OldestVersion = 12, NewestVersion = 18;

    private const string DefaultSearchPath = "\"$user\", public";

    /// <summary>Reads a target.</summary>
    /// <param name="target">The database.</param>
    /// <param name="statistics">Whether to read what a planner needs as well: statistics of columns, sizes of the moment, statements that ran.</param>
    /// <param name="ct">Ends it.</param>
    /// <exception cref="TargetRefusedException">Its version is too old, or its catalogs cannot be read as they are.</exception>
    /// <exception cref="PostgresUnavailableException">It went away, took too long, or has a lock in the way.</exception>
    public static async Task<CatalogSnapshot> ReadAsync(ReadOnlyTarget target, bool statistics = false, CancellationToken ct = default)
    {
        var version = target.ServerVersionNum;
        if (version / 10000 < OldestVersion)
            throw new TargetRefusedException($"'{target.Name}' is a PostgreSQL {version / 10000}. Catalogs are read from version {OldestVersion} on; give its schema as a file: pg_dump --schema-only.");
        try
        {
            return await target.InTransactionAsync(connection => ReadAsync(connection, version, statistics, ct), ct);
        }
        catch (PostgresException e)
        {
            throw new TargetRefusedException($"The catalogs of '{target.Name}' cannot be read: {e.MessageText} ({e.SqlState}). If its schema was changing just now, try again.");
        }
    }

    private static async Task<CatalogSnapshot> ReadAsync(NpgsqlConnection connection, int version, bool statistics, CancellationToken ct)
    {
        await using var look = new NpgsqlCommand("select current_setting('search_path')", connection);
        var searchPath = (string)(await look.ExecuteScalarAsync(ct))!;
        var planning = statistics ? await PlanningFigures.ReadAsync(connection, version, ct) : null;
        await using var batch = new NpgsqlBatch(connection);
        void Add(string sql) => batch.BatchCommands.Add(new NpgsqlBatchCommand(sql));
        Add("set local search_path = ''");
        Add("set local quote_all_identifiers = off");
        batch.BatchCommands.Add(new NpgsqlBatchCommand(CatalogFigures.Moment) { Parameters = { new NpgsqlParameter<string[]> { TypedValue = CatalogFigures.ExtraSettings } } });
        Add(CatalogFigures.Relations);
        Add(CatalogFigures.Indexes);
        Add(CatalogFigures.Transactions);
        Add(CatalogSql.Omitted(version));
        Add(CatalogSql.Owners(version));
        Add(CatalogSql.Dependencies);
        foreach (var sql in CatalogSql.Items(version))
            Add(sql);
        await using var reader = await batch.ExecuteReaderAsync(ct);

        await reader.ReadAsync(ct);
        var snapshot = new CatalogSnapshot(version, "", [])
        {
            TakenAt = reader.GetFieldValue<DateTimeOffset>(0),
            Database = reader.GetString(1),
            CountersSince = reader.IsDBNull(2) ? null : reader.GetFieldValue<DateTimeOffset>(2),
            HiddenSessions = reader.GetInt32(3),
            Settings = reader.GetFieldValue<string[]>(4).Zip(reader.GetFieldValue<string[]>(5)).ToImmutableSortedDictionary(s => s.First, s => s.Second, StringComparer.Ordinal),
        };
        await reader.NextResultAsync(ct);
        snapshot = snapshot with { Relations = await CatalogFigures.ReadAsync(reader, version, ct) };
        await reader.NextResultAsync(ct);
        var open = await RowsAsync(reader, row => new OpenTransaction(row.GetInt32(0), row.GetString(1), row.GetString(2), [.. row.GetFieldValue<string[]>(3)]), ct);
        var omitted = await RowsAsync(reader, row => Note(row.GetString(0), row.GetInt32(1)), ct);
        var owners = new Dictionary<CatalogId, CatalogId>();
        foreach (var (one, other) in await RowsAsync(reader, row => (Id(row, 0), Id(row, 2)), ct))
            owners.TryAdd(one, other);
        var dependencies = await RowsAsync(reader, row => new Dependency(Id(row, 0), Id(row, 2), row.GetString(4)[0]), ct);
        var items = new List<DdlItem>();
        do
        {
            while (await reader.ReadAsync(ct))
            {
                if (!reader.IsDBNull(4))
                    items.Add(new DdlItem(Id(reader, 0), (DdlStage)reader.GetInt32(2), reader.GetString(3), reader.GetString(4), reader.GetFieldValue<uint[]>(5)));
            }
        }
        while (await reader.NextResultAsync(ct));

        snapshot = snapshot with { OpenTransactions = [.. open], Notes = [.. omitted], Ddl = Write(new DdlOrder(items, owners, dependencies), searchPath) };
        return planning?.AddTo(snapshot) ?? snapshot;
    }

    private static CatalogId Id(NpgsqlDataReader row, int column) => new(row.GetFieldValue<uint>(column), row.GetFieldValue<uint>(column + 1));

    private static async Task<List<T>> RowsAsync<T>(NpgsqlDataReader reader, Func<NpgsqlDataReader, T> read, CancellationToken ct)
    {
        var rows = new List<T>();
        while (await reader.ReadAsync(ct))
            rows.Add(read(reader));
        await reader.NextResultAsync(ct);
        return rows;
    }

    private static string Note(string what, int count) => what == "virtual generated column"
        ? $"{count.ToString(CultureInfo.InvariantCulture)} {what}{(count == 1 ? " is" : "s are")} read as STORED, which version 17 knows as well."
        : $"{count.ToString(CultureInfo.InvariantCulture)} {what}{(count == 1 ? " is" : what.EndsWith('s') ? "es are" : "s are")} not part of the schema as it was read.";

    private static string Write(DdlOrder order, string searchPath)
    {
        var text = new StringBuilder("SET check_function_bodies = false;\nSET search_path = '';\n\n");
        var views = new Dictionary<uint, int>();
        var refreshes = new List<DdlItem>();
        foreach (var item in order.Sorted())
        {
            if (item.Stage == DdlStage.Refresh)
            {
                refreshes.Add(item);
                continue;
            }

            if (item.Stage == DdlStage.View)
                views[item.Id.Oid] = views.Count;
            text.Append(item.Sql).Append(";\n");
        }

        // A view is filled from others that must be filled before.
        foreach (var refresh in refreshes.OrderBy(item => views.GetValueOrDefault(item.Id.Oid)))
            text.Append(refresh.Sql).Append(";\n");
        if (searchPath != DefaultSearchPath && searchPath.Length > 0)
            text.Append("SET search_path = ").Append(searchPath).Append(";\n");
        return text.ToString();
    }
}
