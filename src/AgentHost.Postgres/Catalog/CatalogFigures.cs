using System.Collections.Immutable;
using Npgsql;

namespace AgentHost.Postgres.Catalog;

/// <summary>Reads how large and busy relations are, from the catalogs and the statistics system alone.</summary>
internal static class CatalogFigures
{
    /// <summary>A transaction that is open for so many seconds is worth a word.</summary>
    private const int LongSeconds = 5;

    private const string OwnSchemas = "n.nspname !~ '^pg_' and n.nspname <> 'information_schema'";

    /// <summary>A row a relation: its size in pages and its counters.</summary>
    public const string Relations =
        $"""
        select c.oid, n.nspname::text, c.relname::text, c.relkind::text, c.reltuples::float8, c.relpages, c.relallvisible, coalesce(t.relpages, 0) + coalesce(ti.relpages, 0),
          pn.nspname::text, pc.relname::text, coalesce(s.seq_scan, 0), coalesce(s.seq_tup_read, 0), coalesce(s.idx_scan, 0), coalesce(s.n_tup_ins, 0), coalesce(s.n_tup_upd, 0),
          coalesce(s.n_tup_hot_upd, 0), coalesce(s.n_tup_del, 0), coalesce(s.n_live_tup, 0), coalesce(s.n_dead_tup, 0), coalesce(s.n_mod_since_analyze, 0),
          greatest(s.last_vacuum, s.last_autovacuum), greatest(s.last_analyze, s.last_autoanalyze)
        from pg_catalog.pg_class c join pg_catalog.pg_namespace n on n.oid = c.relnamespace
        left join pg_catalog.pg_class t on t.oid = c.reltoastrelid and c.reltoastrelid <> 0
        left join pg_catalog.pg_index tx on tx.indrelid = t.oid left join pg_catalog.pg_class ti on ti.oid = tx.indexrelid
        left join pg_catalog.pg_inherits i on c.relispartition and i.inhrelid = c.oid
        left join pg_catalog.pg_class pc on pc.oid = i.inhparent left join pg_catalog.pg_namespace pn on pn.oid = pc.relnamespace
        left join pg_catalog.pg_stat_user_tables s on s.relid = c.oid
        where c.relkind in ('r', 'p', 'm') and c.relpersistence <> 't' and {OwnSchemas}
        order by n.nspname, c.relname
        """;

    /// <summary>A row an index.</summary>
    public const string Indexes =
        $"""
        select x.indrelid, ic.relname::text, ic.relpages, ic.reltuples::float8, x.indisvalid, coalesce(pg_catalog.pg_stat_get_numscans(x.indexrelid), 0),
          x.indexrelid in (select k.conindid from pg_catalog.pg_constraint k where k.contype = 'f')
        from pg_catalog.pg_index x join pg_catalog.pg_class ic on ic.oid = x.indexrelid join pg_catalog.pg_namespace n on n.oid = ic.relnamespace
        where x.indislive and {OwnSchemas} order by ic.oid
        """;

    /// <summary>The moment, the database, its settings, since when counters count, and how many sessions are hidden.</summary>
    public const string Moment =
        """
        select clock_timestamp(), current_database()::text,
          coalesce((select stats_reset from pg_catalog.pg_stat_database where datname = current_database()), (select stats_reset from pg_catalog.pg_stat_bgwriter), pg_catalog.pg_postmaster_start_time()),
          (select count(*)::int from pg_catalog.pg_stat_activity where datname = current_database() and state is null and backend_type is null),
          (select coalesce(array_agg(name::text order by name), '{}') from pg_catalog.pg_settings where category like 'Query Tuning%' or name = any ($1)),
          (select coalesce(array_agg(setting::text order by name), '{}') from pg_catalog.pg_settings where category like 'Query Tuning%' or name = any ($1))
        """;

    /// <summary>Settings beside the planner's own that decide what it chooses, how fast maintenance runs, or what text means.</summary>
    public static readonly string[] ExtraSettings =
    [
        "block_size", "work_mem", "hash_mem_multiplier", "max_parallel_workers_per_gather", "parallel_leader_participation", "effective_io_concurrency", "maintenance_work_mem", "max_parallel_maintenance_workers", "max_parallel_workers", "max_worker_processes",
        "shared_buffers", "autovacuum", "wal_level", "server_encoding", "lc_collate", "TimeZone", "lock_timeout", "statement_timeout", "data_checksums", "default_text_search_config",
    ];

    /// <summary>Transactions that are open for long, and the relations that they hold.</summary>
    public static readonly string Transactions =
        $"""
        select extract(epoch from clock_timestamp() - a.xact_start)::int, coalesce(a.application_name, ''), coalesce(a.state, ''),
          coalesce((select array_agg(distinct n.nspname || '.' || c.relname) from pg_catalog.pg_locks l join pg_catalog.pg_class c on c.oid = l.relation
            join pg_catalog.pg_namespace n on n.oid = c.relnamespace
            where l.pid = a.pid and l.granted and l.locktype = 'relation' and c.relkind in ('r', 'p', 'm') and l.database = a.datid and {OwnSchemas}), '{"{}"}')
        from pg_catalog.pg_stat_activity a
        where a.datname = current_database() and a.pid <> pg_catalog.pg_backend_pid() and a.xact_start < clock_timestamp() - interval '{LongSeconds} seconds'
        order by a.xact_start limit 20
        """;

    public static async Task<ImmutableArray<RelationFigures>> ReadAsync(NpgsqlDataReader reader, int version, CancellationToken ct)
    {
        var relations = new List<(uint Oid, RelationFigures Figures)>();
        while (await reader.ReadAsync(ct))
            relations.Add((reader.GetFieldValue<uint>(0), Relation(reader, version)));
        await reader.NextResultAsync(ct);
        var indexes = new Dictionary<uint, ImmutableArray<IndexFigures>.Builder>();
        while (await reader.ReadAsync(ct))
        {
            var owner = reader.GetFieldValue<uint>(0);
            if (!indexes.TryGetValue(owner, out var list))
                indexes.Add(owner, list = ImmutableArray.CreateBuilder<IndexFigures>());
            list.Add(new IndexFigures(reader.GetString(1), reader.GetInt32(2), Known(reader.GetDouble(3), reader.GetInt32(2), version), reader.GetBoolean(4), reader.GetInt64(5)) { IsReferenced = reader.GetBoolean(6) });
        }

        return [.. relations.Select(r => indexes.TryGetValue(r.Oid, out var own) ? r.Figures with { Indexes = own.ToImmutable() } : r.Figures)];
    }

    private static RelationFigures Relation(NpgsqlDataReader row, int version) => new(row.GetString(1), row.GetString(2), row.GetString(3)[0])
    {
        Rows = Known(row.GetDouble(4), row.GetInt32(5), version),
        Pages = row.GetInt32(5),
        AllVisiblePages = row.GetInt32(6),
        ToastPages = row.GetInt32(7),
        ParentSchema = row.IsDBNull(8) ? null : row.GetString(8),
        ParentName = row.IsDBNull(9) ? null : row.GetString(9),
        Counters = new RelationCounters
        {
            SequentialScans = row.GetInt64(10), SequentialRows = row.GetInt64(11), IndexScans = row.GetInt64(12), Inserted = row.GetInt64(13), Updated = row.GetInt64(14),
            HotUpdated = row.GetInt64(15), Deleted = row.GetInt64(16), LiveRows = row.GetInt64(17), DeadRows = row.GetInt64(18), ChangedSinceAnalyze = row.GetInt64(19),
            LastVacuum = row.IsDBNull(20) ? null : row.GetFieldValue<DateTimeOffset>(20), LastAnalyze = row.IsDBNull(21) ? null : row.GetFieldValue<DateTimeOffset>(21),
        },
    };

    /// <summary>Rows as VACUUM or ANALYZE left them; before version 14 a relation that neither had seen says 0 rows in 0 pages, as an empty one does, since then -1.</summary>
    private static double? Known(double rows, int pages, int version) => rows < 0 || (version < 14_00_00 && rows == 0 && pages == 0) ? null : rows;
}
