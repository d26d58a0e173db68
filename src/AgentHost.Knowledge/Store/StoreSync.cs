using System.Security.Cryptography;
using System.Text;
using Microsoft.Extensions.AI;
using Npgsql;

namespace AgentHost.Knowledge.Store;

/// <summary>
/// Brings the store to what the library says. Page by page, each in one transaction, so that an interrupted run is resumed by the next; a page that has not
/// changed is not touched, and of a changed one only the changed chunks are embedded.
/// </summary>
internal sealed class StoreSync(NpgsqlDataSource source, IEmbeddingGenerator<string, Embedding<float>> embedder, string model, DocumentLibrary library, IProgress<string>? progress)
{
    private readonly int? dimensions = (embedder.GetService(typeof(EmbeddingGeneratorMetadata)) as EmbeddingGeneratorMetadata)?.DefaultModelDimensions;

    public async Task RunAsync(CancellationToken ct)
    {
        var wanted = library.Documents.DistinctBy(d => d.Slug, StringComparer.Ordinal).ToDictionary(d => d.Slug, HashOf, StringComparer.Ordinal);
        await using var connection = await source.OpenConnectionAsync(ct);
        if (await IsCurrentAsync(connection, wanted, ct)) return;
        await StoreSchema.LockAsync(connection, ct);
        try
        {
            await EnsureModelAsync(connection, ct);
            var stored = await ReadHashesAsync(connection, ct); // again: another host may have been at work while this one waited
            foreach (var document in library.Documents.Where(d => wanted.ContainsKey(d.Slug)).DistinctBy(d => d.Slug, StringComparer.Ordinal))
                if (!stored.TryGetValue(document.Slug, out var hash) || !hash.AsSpan().SequenceEqual(wanted[document.Slug]))
                    await SyncAsync(connection, document, wanted[document.Slug], ct);
            await DeleteAsync(connection, stored.Keys.Except(wanted.Keys, StringComparer.Ordinal), ct);
        }
        finally
        {
            await StoreSchema.UnlockAsync(connection);
        }
    }

    private bool Holds(StoredModel? stored) => stored is not null && stored.Name == model && (dimensions is null || dimensions == stored.Dimensions);

    private async Task<bool> IsCurrentAsync(NpgsqlConnection connection, Dictionary<string, byte[]> wanted, CancellationToken ct)
    {
        if (!Holds(await StoreSchema.ReadModelAsync(connection, ct))) return false;
        var stored = await ReadHashesAsync(connection, ct);
        return stored.Count == wanted.Count && wanted.All(w => stored.TryGetValue(w.Key, out var hash) && hash.AsSpan().SequenceEqual(w.Value));
    }

    private async Task EnsureModelAsync(NpgsqlConnection connection, CancellationToken ct)
    {
        if (Holds(await StoreSchema.ReadModelAsync(connection, ct))) return;
        var length = dimensions ?? (await embedder.GenerateAsync(["database"], cancellationToken: ct))[0].Vector.Length;
        progress?.Report($"Making the knowledge store for {model}");
        await StoreSchema.CreateAsync(connection, new StoredModel(model, length), ct);
    }

    private async Task SyncAsync(NpgsqlConnection connection, Document document, byte[] hash, CancellationToken ct)
    {
        progress?.Report($"Indexing {document.Slug}");
        var chunks = Chunk.Of(document);
        var known = await ReadChunksAsync(connection, document.Slug, ct);
        var fresh = chunks.Where(c => !known.ContainsKey(Key(c.Hash))).DistinctBy(c => Key(c.Hash), StringComparer.Ordinal).ToList();
        var vectors = fresh.Count == 0 ? [] : await embedder.GenerateAsync(fresh.Select(c => c.Embedded), cancellationToken: ct);
        var literals = fresh.Zip(vectors, (c, v) => (Key(c.Hash), Literal: new Pgvector.Vector(v.Vector.ToArray()).ToString())).ToDictionary(p => p.Item1, p => p.Literal, StringComparer.Ordinal);

        await using var transaction = await connection.BeginTransactionAsync(ct);
        await using var batch = new NpgsqlBatch(connection, transaction);
        Add("""
            INSERT INTO knowledge.documents (slug, skill, kind, title, path, hash) VALUES ($1, $2, $3, $4, $5, $6)
            ON CONFLICT (slug) DO UPDATE SET skill = excluded.skill, kind = excluded.kind, title = excluded.title, path = excluded.path, hash = excluded.hash
            """, document.Slug, document.Skill, document.Kind, document.Title, document.Path, hash);
        var kept = new HashSet<long>();
        foreach (var (ordinal, chunk) in chunks.Index())
        {
            if (known.TryGetValue(Key(chunk.Hash), out var id) && kept.Add(id))
                Add("UPDATE knowledge.chunks SET ordinal = $2 WHERE id = $1 AND ordinal <> $2", id, ordinal);
            else if (literals.TryGetValue(Key(chunk.Hash), out var literal))
                Add("""
                    INSERT INTO knowledge.chunks (document_id, ordinal, section, headings, text, prose, names, hash, embedding)
                    SELECT id, $2, $3, $4, $5, $6, $7, $8, $9::text::vector FROM knowledge.documents WHERE slug = $1
                    """, document.Slug, ordinal, chunk.Section, chunk.Headings, chunk.Text, Chunk.Prose(chunk.Text), chunk.Names, chunk.Hash, literal);
        }
        Add("DELETE FROM knowledge.chunks WHERE id = ANY ($1)", known.Values.Except(kept).ToArray());
        await batch.ExecuteNonQueryAsync(ct);
        await transaction.CommitAsync(ct);

        void Add(string sql, params object[] values)
        {
            var command = new NpgsqlBatchCommand(sql);
            foreach (var value in values) command.Parameters.Add(new() { Value = value });
            batch.BatchCommands.Add(command);
        }
    }

    private static async Task<Dictionary<string, byte[]>> ReadHashesAsync(NpgsqlConnection connection, CancellationToken ct)
    {
        var hashes = new Dictionary<string, byte[]>(StringComparer.Ordinal);
        await using var command = new NpgsqlCommand("SELECT slug, hash FROM knowledge.documents", connection);
        await using var rows = await command.ExecuteReaderAsync(ct);
        while (await rows.ReadAsync(ct)) hashes.Add(rows.GetString(0), (byte[])rows[1]);
        return hashes;
    }

    private static async Task<Dictionary<string, long>> ReadChunksAsync(NpgsqlConnection connection, string slug, CancellationToken ct)
    {
        var chunks = new Dictionary<string, long>(StringComparer.Ordinal);
        await using var command = new NpgsqlCommand(
            "SELECT c.id, c.hash FROM knowledge.chunks c JOIN knowledge.documents d ON d.id = c.document_id WHERE d.slug = $1", connection) { Parameters = { new() { Value = slug } } };
        await using var rows = await command.ExecuteReaderAsync(ct);
        while (await rows.ReadAsync(ct)) chunks.TryAdd(Key((byte[])rows[1]), rows.GetInt64(0));
        return chunks;
    }

    private static async Task DeleteAsync(NpgsqlConnection connection, IEnumerable<string> slugs, CancellationToken ct)
    {
        await using var command = new NpgsqlCommand("DELETE FROM knowledge.documents WHERE slug = ANY ($1)", connection) { Parameters = { new() { Value = slugs.ToArray() } } };
        await command.ExecuteNonQueryAsync(ct);
    }

    private static byte[] HashOf(Document d) =>
        SHA256.HashData(Encoding.UTF8.GetBytes($"{Chunk.Version}\n{d.Skill}\n{d.Kind}\n{d.Title}\n{d.Path}\n{d.Text}"));

    private static string Key(byte[] hash) => Convert.ToHexString(hash);
}
