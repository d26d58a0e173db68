using System.Collections.Frozen;

namespace AgentHost.Postgres.Reach;

/// <summary>Functions of PostgreSQL and its extensions about which their declared volatility does not say what matters here.</summary>
internal static class KnownFunctions
{
    /// <summary>Volatile functions that only compute or look: they change nothing and wait for nobody.</summary>
    public static readonly FrozenSet<string> HarmlessVolatile = ((string[])
    [
        // values that differ from call to call
        "random", "random_normal", "setseed", "normal_rand", "array_sample", "array_shuffle", "bernoulli", "system", "system_rows", "system_time",
        "clock_timestamp", "timeofday", "gen_random_uuid", "uuid_generate_v1", "uuid_generate_v1mc", "uuid_generate_v4", "uuidv4", "uuidv7",
        "gen_random_bytes", "gen_salt", "pgp_sym_encrypt", "pgp_sym_encrypt_bytea", "pgp_pub_encrypt", "pgp_pub_encrypt_bytea",
        // the session's and the server's state
        "currval", "lastval", "current_query", "pg_sequence_last_value", "txid_current_if_assigned", "pg_current_xact_id_if_assigned",
        "pg_blocking_pids", "pg_lock_status", "pg_prepared_xact", "pg_stat_get_activity", "pg_stat_get_io", "pg_stat_statements", "pg_stat_statements_info",
        "pg_is_in_recovery", "pg_current_wal_lsn", "pg_current_wal_insert_lsn", "pg_current_wal_flush_lsn", "pg_last_wal_receive_lsn",
        "pg_last_wal_replay_lsn", "pg_last_xact_replay_timestamp", "pg_notification_queue_usage", "pg_xact_status", "txid_status",
        "pg_xact_commit_timestamp", "pg_partition_tree", "pg_partition_ancestors",
        "pg_relation_size", "pg_total_relation_size", "pg_table_size", "pg_indexes_size", "pg_database_size", "pg_tablespace_size",
    ]).ToFrozenSet(StringComparer.Ordinal);

    /// <summary>Functions, not volatile by their declaration, that run or name code in text or by its number, where nobody sees it before.</summary>
    public static readonly FrozenSet<string> RunsText = ((string[])
    [
        "table_to_xml", "table_to_xml_and_xmlschema", "schema_to_xml", "schema_to_xml_and_xmlschema", "database_to_xml", "database_to_xml_and_xmlschema",
        "pg_input_is_valid", "pg_input_error_info",
        "crosstab", "crosstab2", "crosstab3", "crosstab4", "crosstabn", "connectby", "xpath_table",
    ]).ToFrozenSet(StringComparer.Ordinal);

    /// <summary>What PostgreSQL's own functions are called inside that it makes for every range type of a user.</summary>
    public static readonly FrozenSet<string> RangeConstructors = ((string[])
        ["range_constructor2", "range_constructor3", "multirange_constructor0", "multirange_constructor1", "multirange_constructor2"]).ToFrozenSet(StringComparer.Ordinal);
}
