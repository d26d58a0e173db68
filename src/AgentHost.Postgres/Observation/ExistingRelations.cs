using System.Collections.Immutable;
using AgentHost.Sql;
using Npgsql;

namespace AgentHost.Postgres.Observation;

/// <summary>The relations that existed before a migration. They are known by oid, for a migration may rename, move and drop them.</summary>
internal sealed class ExistingRelations
{
    private readonly uint[] oids;

    private ExistingRelations(uint[] oids) => this.oids = oids;

    public static async Task<ExistingRelations> ReadAsync(NpgsqlConnection connection, CancellationToken ct)
    {
        await using var command = new NpgsqlCommand(
            """
            select c.oid from pg_catalog.pg_class c join pg_catalog.pg_namespace n on n.oid = c.relnamespace
            where n.nspname not in ('pg_catalog', 'information_schema', 'pg_toast') and n.nspname not like 'pg\_temp\_%' and n.nspname not like 'pg\_toast\_temp\_%'
            """, connection);
        await using var reader = await command.ExecuteReaderAsync(ct);
        var found = new List<uint>();
        while (await reader.ReadAsync(ct))
            found.Add(reader.GetFieldValue<uint>(0));
        return new ExistingRelations([.. found]);
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

    /// <summary>What is left of them as the connection's own transaction sees it: names, files and counts of scans.</summary>
    public async Task<Dictionary<uint, RelationState>> StateAsync(NpgsqlConnection connection, CancellationToken ct)
    {
        await using var command = new NpgsqlCommand(
            """
            select c.oid, n.nspname, c.relname, c.relkind::text, c.relfilenode, case when c.relkind in ('r', 'm') then pg_catalog.pg_stat_get_xact_numscans(c.oid) else 0 end, i.indrelid
            from pg_catalog.pg_class c join pg_catalog.pg_namespace n on n.oid = c.relnamespace left join pg_catalog.pg_index i on i.indexrelid = c.oid
            where c.oid = any($1)
            """, connection) { Parameters = { new() { Value = oids, NpgsqlDbType = NpgsqlTypes.NpgsqlDbType.Array | NpgsqlTypes.NpgsqlDbType.Oid } } };
        await using var reader = await command.ExecuteReaderAsync(ct);
        var states = new Dictionary<uint, RelationState>();
        while (await reader.ReadAsync(ct))
        {
            states[reader.GetFieldValue<uint>(0)] = new RelationState(
                new QualifiedName(reader.GetString(1), reader.GetString(2)), reader.GetString(3)[0], reader.GetFieldValue<uint>(4), reader.GetInt64(5),
                await reader.IsDBNullAsync(6, ct) ? null : reader.GetFieldValue<uint>(6));
        }

        return states;
    }

    /// <summary>Records a mode where it is the strongest so far.</summary>
    public static void Strengthen(Dictionary<uint, LockMode> locks, uint relation, LockMode mode) =>
        locks[relation] = mode > locks.GetValueOrDefault(relation) ? mode : locks[relation];
}

/// <summary>A relation at one moment.</summary>
/// <param name="Name">Its name with its schema.</param>
/// <param name="Kind"><c>pg_class.relkind</c>.</param>
/// <param name="File">Its file's number; another one is a new file.</param>
/// <param name="Scans">How often it was read from end to end in this transaction.</param>
/// <param name="Table">The table of an index.</param>
internal sealed record RelationState(QualifiedName Name, char Kind, uint File, long Scans, uint? Table)
{
    /// <summary>Whether it is a table or its like, which holds rows: partitioned, foreign and materialized views included.</summary>
    public bool IsTable => Kind is 'r' or 'p' or 'm' or 'f';

    /// <summary>Whether it is an index, perhaps a partitioned one.</summary>
    public bool IsIndex => Kind is 'i' or 'I';
}
