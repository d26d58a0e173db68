using Npgsql;

namespace AgentHost.Knowledge.Store;

/// <summary>
/// The store's tables, in a schema that bears AgentHost's mark. Each layout of the tables has a schema of its own, so that hosts of several versions share a
/// database without touching each other's; there is no DROP in here.
/// </summary>
internal static class StoreSchema
{
    /// <summary>The schema. A change of the tables changes its number.</summary>
    public const string Name = "agenthost_knowledge_1";

    /// <summary>The schema's comment, by which it is known as ours.</summary>
    public const string Mark = "AgentHost's knowledge store: an index of its pages, made anew where it is missing.";

    /// <summary>Session-level advisory lock of whoever changes the store: "agenthost knowledge".</summary>
    private const long SyncLock = 0x6b6e6f776c656467;

    private const string Tables = $"""
        CREATE SCHEMA IF NOT EXISTS {Name};
        COMMENT ON SCHEMA {Name} IS $mark${Mark}$mark$;
        CREATE TABLE IF NOT EXISTS {Name}.documents (
          id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
          model text NOT NULL,
          hash bytea NOT NULL,
          slug text NOT NULL,
          skill text NOT NULL,
          path text NOT NULL,
          used date NOT NULL DEFAULT current_date,
          UNIQUE (model, hash)
        );
        CREATE TABLE IF NOT EXISTS {Name}.chunks (
          id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
          document_id bigint NOT NULL REFERENCES {Name}.documents ON DELETE CASCADE,
          ordinal integer NOT NULL,
          section text NOT NULL,
          headings text NOT NULL,
          text text NOT NULL,
          prose text NOT NULL,
          names text NOT NULL,
          hash bytea NOT NULL,
          embedding vector NOT NULL,
          words tsvector NOT NULL GENERATED ALWAYS AS (
            setweight(to_tsvector('english', headings), 'A') || setweight(to_tsvector('simple', names), 'B') || setweight(to_tsvector('english', prose), 'C')
          ) STORED
        );
        CREATE INDEX IF NOT EXISTS chunks_document_id ON {Name}.chunks (document_id);
        CREATE INDEX IF NOT EXISTS chunks_hash ON {Name}.chunks (hash);
        CREATE INDEX IF NOT EXISTS chunks_words ON {Name}.chunks USING gin (words);
        DELETE FROM {Name}.documents d WHERE NOT EXISTS (SELECT FROM {Name}.chunks c WHERE c.document_id = d.id);
        """;

    /// <summary>Whether the store is there, whole.</summary>
    /// <exception cref="KnowledgeException">Its name is taken by a schema of somebody else.</exception>
    public static async Task<bool> ExistsAsync(NpgsqlConnection connection, CancellationToken ct)
    {
        await using var command = new NpgsqlCommand(
            """
            SELECT coalesce(obj_description(oid, 'pg_namespace'), ''),
              (SELECT count(*) = 2 FROM pg_class c WHERE c.relnamespace = n.oid AND c.relkind = 'r' AND c.relname IN ('documents', 'chunks'))
            FROM pg_namespace n WHERE nspname = $1
            """, connection) { Parameters = { new() { Value = Name } } };
        await using var row = await command.ExecuteReaderAsync(ct);
        if (!await row.ReadAsync(ct)) return false;
        return row.GetString(0) switch
        {
            Mark => row.GetBoolean(1),
            _ => throw new KnowledgeException(
                $"The knowledge store's database has a schema '{Name}' that does not bear AgentHost's mark (its comment), so it may hold somebody's data and nothing was touched. "
                + "Rename that schema, or name another database by AGENTHOST_STORE."),
        };
    }

    /// <summary>Makes what is missing of the store; every page has a chunk, so one without is made anew.</summary>
    /// <exception cref="KnowledgeException">Its name is taken by a schema of somebody else.</exception>
    public static async Task EnsureAsync(NpgsqlConnection connection, CancellationToken ct)
    {
        if (await ExistsAsync(connection, ct)) return;
        await using var transaction = await connection.BeginTransactionAsync(ct);
        await using (var tables = new NpgsqlCommand(Tables, connection)) await tables.ExecuteNonQueryAsync(ct);
        await transaction.CommitAsync(ct);
    }

    public static async Task LockAsync(NpgsqlConnection connection, CancellationToken ct)
    {
        await using var command = new NpgsqlCommand("SELECT pg_advisory_lock($1)", connection) { CommandTimeout = 0, Parameters = { new() { Value = SyncLock } } };
        await command.ExecuteNonQueryAsync(ct);
    }

    public static async Task UnlockAsync(NpgsqlConnection connection)
    {
        if (connection.State != System.Data.ConnectionState.Open) return; // the server has released it with the session
        await using var command = new NpgsqlCommand("SELECT pg_advisory_unlock($1)", connection) { Parameters = { new() { Value = SyncLock } } };
        await command.ExecuteNonQueryAsync(CancellationToken.None);
    }
}
