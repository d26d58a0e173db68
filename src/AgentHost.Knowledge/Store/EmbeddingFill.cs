using System.Buffers.Binary;
using System.Globalization;
using Microsoft.Extensions.AI;
using Npgsql;
using NpgsqlTypes;

namespace AgentHost.Knowledge.Store;

/// <summary>
/// Gives the chunks of a source the vectors that they lack under a model, batch by batch, so that an interrupted run is resumed. A text that has its vector
/// already, in whatever source, is not embedded again. Whoever calls holds the store's lock.
/// </summary>
internal sealed class EmbeddingFill(NpgsqlConnection connection, IEmbeddingGenerator<string, Embedding<float>> embedder, StoreModel model)
{
    /// <summary>Fewer ingested chunks than this are compared one by one, as fast as an index finds them, and exactly.</summary>
    public const int FewestIndexed = 2000;

    private const int BatchSize = 1024;

    private const string Schema = StoreSchema.Name;

    /// <param name="source">The source to complete.</param>
    /// <param name="progress">Told how many chunks are done, and of how many.</param>
    /// <param name="ct">What is embedded by then stays.</param>
    public async Task RunAsync(SourceState source, Action<int, int>? progress, CancellationToken ct)
    {
        if (await CountMissingAsync(source, ct) > FewestIndexed) // quicker to build than to add to
            await StoreCommand.ExecuteAsync(connection, $"DROP INDEX IF EXISTS {Schema}.{model.Index(source.IsBuiltIn)}", ct);
        await ReuseAsync(source, ct);
        var missing = await ReadMissingAsync(source, ct);
        var done = 0;
        foreach (var batch in missing.Chunk(BatchSize))
        {
            await EmbedAsync(source, batch, ct);
            progress?.Invoke(done += batch.Length, missing.Count);
        }
        await StoreCommand.ExecuteAsync(connection, $"""
            INSERT INTO {Schema}.embedded (source_id, model_id, revision) SELECT id, $2, revision FROM {Schema}.sources WHERE id = $1
            ON CONFLICT (source_id, model_id) DO UPDATE SET revision = excluded.revision
            """, ct, source.Id, model.Id);
        if (missing.Count > BatchSize) await StoreCommand.ExecuteAsync(connection, $"ANALYZE {Schema}.embeddings", ct);
    }

    /// <summary>Sees to the model's HNSW index over our pages or over what was ingested: there where they are many, and nowhere else.</summary>
    public async Task IndexAsync(bool isBuiltIn, CancellationToken ct)
    {
        if (model.Dimensions > StoreModel.LongestIndexed) return;
        var partition = isBuiltIn ? "is_builtin" : "NOT is_builtin";
        await using var command = StoreCommand.Of(connection, $"""
            SELECT count(*), to_regclass('{Schema}.{model.Index(isBuiltIn)}') IS NOT NULL FROM {Schema}.embeddings WHERE model_id = $1 AND {partition}
            """, model.Id);
        long count;
        await using (var row = await command.ExecuteReaderAsync(ct))
        {
            await row.ReadAsync(ct);
            count = row.GetInt64(0);
            if (row.GetBoolean(1) || count < FewestIndexed) return;
        }
        // The graph is built in memory, or much more slowly: the vectors, and some 400 bytes a node.
        var megabytes = Math.Clamp(count * ((model.Dimensions * 2) + 400) / 700_000, 64, 2048).ToString(CultureInfo.InvariantCulture);
        await StoreCommand.ExecuteAsync(connection, $"SELECT set_config('maintenance_work_mem', '{megabytes}MB', false), set_config('max_parallel_maintenance_workers', '2', false)", ct);
        await StoreCommand.ExecuteAsync(connection, $"""
            CREATE INDEX {model.Index(isBuiltIn)} ON {Schema}.embeddings USING hnsw (({model.Vector}) halfvec_cosine_ops)
            WITH (m = {StoreModel.Neighbours.ToString(CultureInfo.InvariantCulture)}, ef_construction = {StoreModel.BuildCandidates.ToString(CultureInfo.InvariantCulture)})
            WHERE model_id = {model.Id.ToString(CultureInfo.InvariantCulture)} AND {partition}
            """, ct);
    }

    private Task<int> ReuseAsync(SourceState source, CancellationToken ct) => StoreCommand.ExecuteAsync(connection, $"""
        INSERT INTO {Schema}.embeddings (chunk_id, model_id, document_id, source_id, is_builtin, is_asked, embedding)
        SELECT DISTINCT ON (c.id) c.id, e.model_id, c.document_id, c.source_id, c.is_builtin, c.is_asked, e.embedding
        FROM {Schema}.chunks c JOIN {Schema}.chunks o ON o.hash = c.hash AND o.id <> c.id JOIN {Schema}.embeddings e ON e.chunk_id = o.id AND e.model_id = $2
        WHERE c.source_id = $1 AND NOT EXISTS (SELECT FROM {Schema}.embeddings h WHERE h.chunk_id = c.id AND h.model_id = $2)
        ORDER BY c.id
        """, ct, source.Id, model.Id);

    private async Task<long> CountMissingAsync(SourceState source, CancellationToken ct)
    {
        await using var command = StoreCommand.Of(connection, $"""
            SELECT count(*) FROM {Schema}.chunks c WHERE c.source_id = $1 AND NOT EXISTS (SELECT FROM {Schema}.embeddings e WHERE e.chunk_id = c.id AND e.model_id = $2)
            """, source.Id, model.Id);
        return (long)(await command.ExecuteScalarAsync(ct))!;
    }

    private async Task<List<Missing>> ReadMissingAsync(SourceState source, CancellationToken ct)
    {
        await using var command = StoreCommand.Of(connection, $"""
            SELECT c.id, c.document_id, c.is_asked, c.hash, t.headings, t.text FROM {Schema}.chunks c JOIN {Schema}.chunk_texts t ON t.chunk_id = c.id
            WHERE c.source_id = $1 AND NOT EXISTS (SELECT FROM {Schema}.embeddings e WHERE e.chunk_id = c.id AND e.model_id = $2) ORDER BY c.id
            """, source.Id, model.Id);
        var missing = new List<Missing>();
        await using var rows = await command.ExecuteReaderAsync(ct);
        while (await rows.ReadAsync(ct))
            missing.Add(new(rows.GetInt32(0), rows.GetInt32(1), rows.GetBoolean(2), rows.GetGuid(3), Chunk.EmbeddedOf(rows.GetString(4), rows.GetString(5), rows.GetBoolean(2))));
        return missing;
    }

    private async Task EmbedAsync(SourceState source, Missing[] batch, CancellationToken ct)
    {
        var texts = batch.DistinctBy(c => c.Hash).ToList();
        var vectors = await embedder.GenerateAsync(texts.Select(c => c.Text), cancellationToken: ct);
        var encoded = texts.Zip(vectors).ToDictionary(pair => pair.First.Hash, pair => Encode(pair.Second.Vector.Span));
        await using var import = await connection.BeginBinaryImportAsync(
            $"COPY {Schema}.embeddings (chunk_id, model_id, document_id, source_id, is_builtin, is_asked, embedding) FROM STDIN (FORMAT BINARY)", ct);
        foreach (var chunk in batch)
        {
            await import.StartRowAsync(ct);
            await import.WriteAsync(chunk.Id, NpgsqlDbType.Integer, ct);
            await import.WriteAsync(model.Id, NpgsqlDbType.Integer, ct);
            await import.WriteAsync(chunk.Document, NpgsqlDbType.Integer, ct);
            await import.WriteAsync(source.Id, NpgsqlDbType.Integer, ct);
            await import.WriteAsync(source.IsBuiltIn, NpgsqlDbType.Boolean, ct);
            await import.WriteAsync(chunk.IsAsked, NpgsqlDbType.Boolean, ct);
            await import.WriteAsync(encoded[chunk.Hash], NpgsqlDbType.Bytea, ct); // halfvec's own binary form
        }
        await import.CompleteAsync(ct);
    }

    private byte[] Encode(ReadOnlySpan<float> vector)
    {
        if (vector.Length != model.Dimensions)
            throw new KnowledgeException($"The embedder {model.Name} gave vectors of {model.Dimensions} dimensions before, and now one of {vector.Length}. Start again; where it stays so, configure embedder.dimensions.");
        var bytes = new byte[4 + (vector.Length * 2)];
        BinaryPrimitives.WriteInt16BigEndian(bytes, checked((short)vector.Length));
        for (var i = 0; i < vector.Length; i++) BinaryPrimitives.WriteHalfBigEndian(bytes.AsSpan(4 + (i * 2)), (Half)vector[i]);
        return bytes;
    }

    private sealed record Missing(int Id, int Document, bool IsAsked, Guid Hash, string Text);
}
