using Npgsql;

namespace AgentHost.Knowledge.Store;

/// <summary>The tables of the knowledge store, and which model's vectors they hold.</summary>
internal static class StoreSchema
{
    /// <summary>Changed with the tables: a store of another version is made anew.</summary>
    private const int Version = 2;

    /// <summary>pgvector's limit for an HNSW index over <c>vector</c>; longer vectors are searched exactly.</summary>
    private const int MostIndexedDimensions = 2000;

    /// <summary>Session-level advisory lock of whoever changes the store: "agenthost knowledge".</summary>
    private const long SyncLock = 0x6b6e6f776c656467;

    /// <summary>The model that the store holds, or null where there is no store of this version.</summary>
    public static async Task<StoredModel?> ReadModelAsync(NpgsqlConnection connection, CancellationToken ct)
    {
        await using var exists = new NpgsqlCommand("SELECT to_regclass('knowledge.store') IS NOT NULL", connection);
        if (await exists.ExecuteScalarAsync(ct) is not true) return null;
        await using var command = new NpgsqlCommand("SELECT model, dimensions FROM knowledge.store WHERE version = $1", connection) { Parameters = { new() { Value = Version } } };
        await using var row = await command.ExecuteReaderAsync(ct);
        return await row.ReadAsync(ct) ? new StoredModel(row.GetString(0), row.GetInt32(1)) : null;
    }

    /// <summary>Makes an empty store for a model; what another model or version left is dropped with it.</summary>
    public static async Task CreateAsync(NpgsqlConnection connection, StoredModel model, CancellationToken ct)
    {
        await using var transaction = await connection.BeginTransactionAsync(ct);
        await using (var tables = new NpgsqlCommand(Tables(model.Dimensions), connection)) await tables.ExecuteNonQueryAsync(ct);
        await using var record = new NpgsqlCommand("INSERT INTO knowledge.store (version, model, dimensions) VALUES ($1, $2, $3)", connection)
        {
            Parameters = { new() { Value = Version }, new() { Value = model.Name }, new() { Value = model.Dimensions } },
        };
        await record.ExecuteNonQueryAsync(ct);
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

    private static string Tables(int dimensions) => $"""
        DROP SCHEMA IF EXISTS knowledge CASCADE;
        CREATE SCHEMA knowledge;
        CREATE TABLE knowledge.store (version integer NOT NULL, model text NOT NULL, dimensions integer NOT NULL);
        CREATE TABLE knowledge.documents (
          id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
          slug text NOT NULL UNIQUE,
          skill text NOT NULL,
          kind text NOT NULL,
          title text NOT NULL,
          path text NOT NULL,
          hash bytea NOT NULL
        );
        CREATE TABLE knowledge.chunks (
          id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
          document_id bigint NOT NULL REFERENCES knowledge.documents ON DELETE CASCADE,
          ordinal integer NOT NULL,
          section text NOT NULL,
          headings text NOT NULL,
          text text NOT NULL,
          prose text NOT NULL,
          names text NOT NULL,
          hash bytea NOT NULL,
          embedding vector({dimensions}) NOT NULL,
          words tsvector NOT NULL GENERATED ALWAYS AS (
            setweight(to_tsvector('english', headings), 'A') || setweight(to_tsvector('simple', names), 'B') || setweight(to_tsvector('english', prose), 'C')
          ) STORED
        );
        CREATE INDEX chunks_document_id ON knowledge.chunks (document_id);
        CREATE INDEX chunks_words ON knowledge.chunks USING gin (words);
        {(dimensions <= MostIndexedDimensions ? "CREATE INDEX chunks_embedding ON knowledge.chunks USING hnsw (embedding vector_cosine_ops);" : "")}
        """;
}

/// <summary>A model by the name under which it is recorded, and the length of its vectors.</summary>
internal sealed record StoredModel(string Name, int Dimensions);
