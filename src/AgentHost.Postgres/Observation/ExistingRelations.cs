using System.Collections.Immutable;
using AgentHost.Sql;
using Npgsql;

namespace AgentHost.Postgres.Observation;

/// <summary>The relations that existed before a migration, by oid.</summary>
internal sealed class ExistingRelations
{
    private readonly Dictionary<uint, string> names;

    private ExistingRelations(Dictionary<uint, string> names, ImmutableArray<string> tables)
    {
        this.names = names;
        Tables = tables;
    }

    /// <summary>The tables among them, quoted for SQL.</summary>
    public ImmutableArray<string> Tables { get; }

    public static async Task<ExistingRelations> ReadAsync(NpgsqlConnection connection, CancellationToken ct)
    {
        await using var command = new NpgsqlCommand(
            """
            select c.oid, n.nspname || '.' || c.relname, format('%I.%I', n.nspname, c.relname), c.relkind in ('r', 'p')
            from pg_catalog.pg_class c join pg_catalog.pg_namespace n on n.oid = c.relnamespace
            where n.nspname not in ('pg_catalog', 'information_schema', 'pg_toast') and n.nspname not like 'pg\_temp\_%' and n.nspname not like 'pg\_toast\_temp\_%'
            """, connection);
        await using var reader = await command.ExecuteReaderAsync(ct);
        var found = new Dictionary<uint, string>();
        var tables = ImmutableArray.CreateBuilder<string>();
        while (await reader.ReadAsync(ct))
        {
            found[reader.GetFieldValue<uint>(0)] = reader.GetString(1);
            if (reader.GetBoolean(3))
                tables.Add(reader.GetString(2));
        }

        return new ExistingRelations(found, tables.ToImmutable());
    }

    /// <summary>The strongest mode that a backend holds or waits for, on each relation.</summary>
    public static async Task<Dictionary<uint, LockMode>> LocksAsync(NpgsqlConnection watcher, int pid, CancellationToken ct)
    {
        await using var command = new NpgsqlCommand(
            """
            select relation, mode from pg_catalog.pg_locks
            where pid = $1 and locktype = 'relation' and relation is not null
              and database = (select oid from pg_catalog.pg_database where datname = current_database())
            """, watcher) { Parameters = { new() { Value = pid } } };
        await using var reader = await command.ExecuteReaderAsync(ct);
        var locks = new Dictionary<uint, LockMode>();
        while (await reader.ReadAsync(ct))
            Strengthen(locks, reader.GetFieldValue<uint>(0), LockModes.FromCatalog(reader.GetString(1)));
        return locks;
    }

    /// <summary>File number and count of scans of each relation, as the connection's own transaction sees them.</summary>
    public async Task<Dictionary<uint, FileState>> FilesAsync(NpgsqlConnection connection, CancellationToken ct)
    {
        await using var command = new NpgsqlCommand(
            """
            select oid, relfilenode, case when relkind in ('r', 'm') then pg_catalog.pg_stat_get_xact_numscans(oid) else 0 end
            from pg_catalog.pg_class where oid = any($1)
            """, connection) { Parameters = { new() { Value = names.Keys.ToArray(), NpgsqlDbType = NpgsqlTypes.NpgsqlDbType.Array | NpgsqlTypes.NpgsqlDbType.Oid } } };
        await using var reader = await command.ExecuteReaderAsync(ct);
        var files = new Dictionary<uint, FileState>();
        while (await reader.ReadAsync(ct))
            files[reader.GetFieldValue<uint>(0)] = new FileState(reader.GetFieldValue<uint>(1), reader.GetInt64(2));
        return files;
    }

    /// <summary>Records a mode where it is the strongest so far.</summary>
    public static void Strengthen(Dictionary<uint, LockMode> locks, uint relation, LockMode mode) =>
        locks[relation] = mode > locks.GetValueOrDefault(relation) ? mode : locks[relation];

    /// <summary>Only the relations that existed before, with their names, ordered.</summary>
    public ImmutableArray<ObservedLock> Named(Dictionary<uint, LockMode> locks) =>
        [.. locks.Where(found => names.ContainsKey(found.Key)).Select(found => new ObservedLock(names[found.Key], found.Value)).OrderBy(found => found.Relation, StringComparer.Ordinal)];

    /// <summary>The relations whose state changed so, by name, ordered.</summary>
    public ImmutableArray<string> Changed(Dictionary<uint, FileState> before, Dictionary<uint, FileState> after, Func<FileState, FileState, bool> changed) =>
        [.. after.Where(now => before.TryGetValue(now.Key, out var then) && changed(then, now.Value)).Select(now => names[now.Key]).Order(StringComparer.Ordinal)];

    /// <summary>A relation's file number, and how often it was scanned.</summary>
    internal readonly record struct FileState(uint File, long Scans);
}
