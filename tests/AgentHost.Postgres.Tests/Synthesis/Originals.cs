using AgentHost.Postgres.Catalog;
using Npgsql;

namespace AgentHost.Postgres.Tests.Synthesis;

/// <summary>Databases to make up again, and what is known of them.</summary>
internal static class Originals
{
    /// <summary>Checks all foreign keys, which are not checked as rows are made.</summary>
    public const string CheckReferences = """
        do $$ declare k record; begin
          for k in select conrelid::regclass r, conname, pg_get_constraintdef(oid) d from pg_constraint where contype = 'f' and conparentid = 0 loop
            execute format('alter table %s drop constraint %I, add constraint %I %s', k.r, k.conname, k.conname, k.d);
          end loop;
        end $$
        """;

    public static async Task<ScratchDatabase> MakeAsync(string sql)
    {
        var server = await PrivateServer.ConnectAsync();
        var db = await server.CreateScratchAsync();
        await db.ExecuteAsync(sql);
        await using var connection = await db.OpenAsync();
        // VACUUM finds rows visible to all only once their commits are on disk.
        await using var flush = new NpgsqlCommand("set synchronous_commit = on; create temp table flushed (); drop table flushed", connection);
        await flush.ExecuteNonQueryAsync();
        await using var analyze = new NpgsqlCommand("vacuum (analyze)", connection);
        await analyze.ExecuteNonQueryAsync();
        return db;
    }

    public static async Task<CatalogSnapshot> SnapshotAsync(ScratchDatabase db)
    {
        await using var target = await ReadOnlyTarget.ConnectAsync("original", db.ConnectionString);
        return await CatalogReader.ReadAsync(target, statistics: true);
    }

    public static async Task<ILookup<(string Schema, string Table), ColumnStatistics>> ColumnsAsync(ScratchDatabase db) =>
        (await SnapshotAsync(db)).Relations.SelectMany(relation => relation.Statistics.Select(column => (Key: (relation.Schema, relation.Name), column))).ToLookup(entry => entry.Key, entry => entry.column);

    public static async Task<object?> ScalarAsync(ScratchDatabase db, string sql)
    {
        await using var connection = await db.OpenAsync();
        await using var command = new NpgsqlCommand(sql, connection) { CommandTimeout = 0 };
        return await command.ExecuteScalarAsync();
    }
}
