using System.Collections.Immutable;
using AgentHost.Postgres.Catalog;
using Npgsql;

namespace AgentHost.Postgres.Tests.Synthesis;

/// <summary>Databases to make up again, and what is known of them.</summary>
internal static class Originals
{
    private const string Columns =
        """
        select schemaname::text, tablename::text, attname::text, inherited, null_frac, avg_width, n_distinct, coalesce(most_common_vals::text::text[], '{}'), coalesce(most_common_freqs, '{}'),
          coalesce(histogram_bounds::text::text[], '{}'), correlation, coalesce(most_common_elems::text::text[], '{}'), coalesce(most_common_elem_freqs, '{}'), coalesce(elem_count_histogram, '{}'),
          coalesce(range_length_histogram::text::float8[], '{}'), range_empty_frac, coalesce(range_bounds_histogram::text::text[], '{}')
        from pg_stats where schemaname not in ('pg_catalog', 'information_schema')
        """;

    private const string Extended =
        """
        select s.schemaname::text, s.statistics_name::text, s.n_distinct::text, s.dependencies::text, x.stxkeys::int2[], array(select attname::text from pg_attribute a where a.attrelid = x.stxrelid and a.attnum = any(x.stxkeys) order by attnum)
        from pg_stats_ext s join pg_statistic_ext x on x.stxname = s.statistics_name
        """;

    public static async Task<ScratchDatabase> MakeAsync(string sql)
    {
        var server = await PrivateServer.ConnectAsync();
        var db = await server.CreateScratchAsync();
        await db.ExecuteAsync(sql);
        await using var connection = await db.OpenAsync();
        await using var analyze = new NpgsqlCommand("vacuum (analyze)", connection);
        await analyze.ExecuteNonQueryAsync();
        return db;
    }

    public static async Task<CatalogSnapshot> SnapshotAsync(ScratchDatabase db)
    {
        await using var target = await ReadOnlyTarget.ConnectAsync("original", db.ConnectionString);
        var snapshot = await CatalogReader.ReadAsync(target);
        if (snapshot.Relations.Any(relation => !relation.Statistics.IsEmpty))
            return snapshot;
        var columns = await ColumnsAsync(db);
        return snapshot with
        {
            Relations = [.. snapshot.Relations.Select(relation => relation with { Statistics = [.. columns[(relation.Schema, relation.Name)]] })],
            ExtendedStatistics = await ExtendedAsync(db),
        };
    }

    public static async Task<ILookup<(string Schema, string Table), ColumnStatistics>> ColumnsAsync(ScratchDatabase db)
    {
        await using var connection = await db.OpenAsync();
        await using var command = new NpgsqlCommand(Columns, connection);
        await using var row = await command.ExecuteReaderAsync();
        var found = new List<((string, string) Table, ColumnStatistics Statistics)>();
        while (await row.ReadAsync())
        {
            found.Add(((row.GetString(0), row.GetString(1)), new ColumnStatistics(row.GetString(2))
            {
                Inherited = row.GetBoolean(3), NullFraction = row.GetFloat(4), Width = row.GetInt32(5), Distinct = row.GetFloat(6),
                CommonValues = Text(row, 7), CommonFrequencies = [.. row.GetFieldValue<float[]>(8)], Histogram = Text(row, 9), Correlation = row.IsDBNull(10) ? null : row.GetFloat(10),
                CommonElements = Text(row, 11), CommonElementFrequencies = [.. row.GetFieldValue<float[]>(12)], ElementCounts = [.. row.GetFieldValue<float[]>(13)],
                RangeLengths = [.. row.GetFieldValue<double[]>(14)], EmptyRangeFraction = row.IsDBNull(15) ? null : row.GetFloat(15), RangeBounds = Text(row, 16),
            }));
        }

        return found.ToLookup(entry => entry.Table, entry => entry.Statistics);
    }

    public static async Task<object?> ScalarAsync(ScratchDatabase db, string sql)
    {
        await using var connection = await db.OpenAsync();
        await using var command = new NpgsqlCommand(sql, connection) { CommandTimeout = 0 };
        return await command.ExecuteScalarAsync();
    }

    private static ImmutableArray<string> Text(NpgsqlDataReader row, int column) => [.. row.GetFieldValue<string[]>(column)];

    private static async Task<ImmutableArray<ExtendedStatistics>> ExtendedAsync(ScratchDatabase db)
    {
        await using var connection = await db.OpenAsync();
        await using var command = new NpgsqlCommand(Extended, connection);
        await using var row = await command.ExecuteReaderAsync();
        var found = ImmutableArray.CreateBuilder<ExtendedStatistics>();
        while (await row.ReadAsync())
        {
            var names = row.GetFieldValue<short[]>(4).Order().Zip(row.GetFieldValue<string[]>(5)).ToImmutableSortedDictionary(pair => (int)pair.First, pair => pair.Second);
            found.Add(new ExtendedStatistics(row.GetString(0), row.GetString(1), names) { Distinct = row.IsDBNull(2) ? null : row.GetString(2), Dependencies = row.IsDBNull(3) ? null : row.GetString(3) });
        }

        return found.ToImmutable();
    }
}
