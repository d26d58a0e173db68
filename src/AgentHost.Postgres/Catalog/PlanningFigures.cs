using System.Collections.Immutable;
using Npgsql;

namespace AgentHost.Postgres.Catalog;

/// <summary>What the planner of a database goes by besides its schema: statistics, sizes of the moment, how text is ordered; and what it was asked to plan.</summary>
internal sealed record PlanningFigures(
    ILookup<(string Schema, string Relation), ColumnStatistics> Columns, ImmutableArray<ExtendedStatistics> Extended, Dictionary<(string Schema, string Relation), long> Pages,
    DatabaseLocale Locale, ImmutableArray<StatementFigures> Statements, ImmutableArray<string> Notes)
{
    /// <summary>The size of a relation is looked at under a lock of its own, which is left alone where somebody holds the strongest one.</summary>
    private const string CurrentPages =
        """
        select n.nspname::text, c.relname::text, pg_catalog.pg_relation_size(c.oid) / current_setting('block_size')::bigint
        from pg_catalog.pg_class c join pg_catalog.pg_namespace n on n.oid = c.relnamespace
        where c.relkind in ('r', 'm', 'i') and c.relpersistence <> 't' and n.nspname !~ '^pg_' and n.nspname <> 'information_schema'
          and not exists (select from pg_catalog.pg_locks l where l.relation = c.oid and l.mode = 'AccessExclusiveLock' and l.database = (select oid from pg_catalog.pg_database where datname = current_database()))
        """;

    public static async Task<PlanningFigures> ReadAsync(NpgsqlConnection connection, int version, CancellationToken ct)
    {
        var (statements, statementNote) = await CatalogStatements.ReadAsync(connection, ct);
        await using var batch = new NpgsqlBatch(connection);
        string[] queries = [CatalogStatistics.Columns(version), CatalogStatistics.Extended(version), CatalogStatistics.Hidden, CatalogStatistics.HiddenObjects, Locales(version), CurrentPages, .. version >= 14_00_00 ? (string[])[CatalogStatistics.Expressions(version)] : []];
        foreach (var sql in queries)
            batch.BatchCommands.Add(new NpgsqlBatchCommand(sql));
        await using var reader = await batch.ExecuteReaderAsync(ct);
        var columns = await RowsAsync(reader, row => (Key: (row.GetString(0), row.GetString(1)), Statistics: CatalogStatistics.Read(row)), ct);
        var extended = await RowsAsync(reader, CatalogStatistics.ReadExtended, ct);
        var hidden = await RowsAsync(reader, row => (row.GetString(0), row.GetInt32(1)), ct);
        var objects = await RowsAsync(reader, row => (row.GetString(0), row.GetBoolean(1)), ct);
        var locale = await RowsAsync(reader, row => new DatabaseLocale(row.GetString(0)[0], row.GetString(1)), ct);
        var pages = await RowsAsync(reader, row => (Key: (row.GetString(0), row.GetString(1)), Pages: row.GetInt64(2)), ct);
        var expressions = await RowsAsync(reader, row => (Key: (row.GetString(0), row.GetString(1)), Statistics: CatalogStatistics.Read(row)), ct);
        string?[] notes = [.. CatalogStatistics.Notes(hidden, objects), CatalogStatistics.RangeNote(columns.Select(c => c.Statistics), version), statementNote];
        return new PlanningFigures(
            columns.ToLookup(c => c.Key, c => c.Statistics),
            [.. extended.Select(x => x with { Expressions = [.. expressions.Where(e => e.Key == (x.Schema, x.Name) && e.Statistics.Inherited == x.Inherited).Select(e => e.Statistics)] })],
            pages.DistinctBy(p => p.Key).ToDictionary(p => p.Key, p => p.Pages), locale[0], statements, [.. notes.OfType<string>()]);
    }

    /// <summary>The snapshot with all of it.</summary>
    public CatalogSnapshot AddTo(CatalogSnapshot snapshot) => snapshot with
    {
        Relations =
        [
            .. snapshot.Relations.Select(relation => relation with
            {
                Statistics = [.. Columns[(relation.Schema, relation.Name)]],
                CurrentPages = Page(relation.Schema, relation.Name),
                Indexes = [.. relation.Indexes.Select(index => index with { Statistics = [.. Columns[(relation.Schema, index.Name)]], CurrentPages = Page(relation.Schema, index.Name) })],
            }),
        ],
        ExtendedStatistics = Extended,
        Locale = Locale,
        Statements = Statements,
        Notes = [.. snapshot.Notes, .. Notes],
    };

    private long? Page(string schema, string relation) => Pages.TryGetValue((schema, relation), out var pages) ? pages : null;

    private static string Locales(int version)
    {
        var name = version switch
        {
            >= 17_00_00 => "coalesce(d.datlocale, d.datcollate)",
            >= 15_00_00 => "coalesce(d.daticulocale, d.datcollate)",
            _ => "d.datcollate",
        };
        return $"select {(version >= 15_00_00 ? "d.datlocprovider::text" : "'c'")}, {name}::text from pg_catalog.pg_database d where d.datname = current_database()";
    }

    private static async Task<List<T>> RowsAsync<T>(NpgsqlDataReader reader, Func<NpgsqlDataReader, T> read, CancellationToken ct)
    {
        var rows = new List<T>();
        while (await reader.ReadAsync(ct))
            rows.Add(read(reader));
        await reader.NextResultAsync(ct);
        return rows;
    }
}
