using System.Collections.Immutable;
using System.Security.Cryptography;
using System.Text;
using Microsoft.Extensions.AI;
using Npgsql;

namespace AgentHost.Knowledge.Store;

/// <summary>
/// Sees to it that the store holds what the library says. A page is known by its hash, so hosts with other pages or another model may share the store: each
/// adds what it misses and searches among its own. Page by page, each in one transaction, so that an interrupted run is resumed by the next; of a changed
/// page only the changed chunks are embedded. Pages that no host has used for <see cref="KeptDays"/> days are deleted.
/// </summary>
internal sealed class StoreSync
{
    private const int KeptDays = 30;

    private const string Schema = StoreSchema.Name;

    private readonly IEmbeddingGenerator<string, Embedding<float>> embedder;
    private readonly IProgress<string>? progress;
    private readonly Lazy<ImmutableArray<(Document Page, byte[] Hash)>> wanted;

    public StoreSync(IEmbeddingGenerator<string, Embedding<float>> embedder, DocumentLibrary library, IProgress<string>? progress)
    {
        (this.embedder, this.progress) = (embedder, progress);
        var metadata = embedder.GetService(typeof(EmbeddingGeneratorMetadata)) as EmbeddingGeneratorMetadata;
        Model = $"{metadata?.DefaultModelId ?? embedder.GetType().Name}{(metadata?.DefaultModelDimensions is { } length ? $"@{length}" : "")}";
        wanted = new(() => [.. library.Documents.DistinctBy(d => d.Slug, StringComparer.Ordinal).Select(d => (d, HashOf(d)))]);
    }

    /// <summary>The model by which the store keeps its vectors: its name, and their length where it can be chosen.</summary>
    public string Model { get; }

    /// <summary>The pages of the library by their hashes.</summary>
    public byte[][] Pages => [.. wanted.Value.Select(w => w.Hash)];

    /// <summary>The names of the skills that have pages, in order.</summary>
    public IEnumerable<string> Skills => wanted.Value.Select(w => w.Page.Skill).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal);

    /// <summary>Adds to the store what it misses; where it misses nothing, nothing is written (once a day, that the pages are in use).</summary>
    public async Task<bool> RunAsync(NpgsqlConnection connection, CancellationToken ct)
    {
        if (await StoreSchema.ExistsAsync(connection, ct) && (await MissingAsync(connection, ct)).Count == 0)
        {
            await ExecuteAsync(connection, $"UPDATE {Schema}.documents SET used = current_date WHERE model = $1 AND hash = ANY ($2) AND used < current_date", ct, Model, Pages);
            return false;
        }
        await StoreSchema.LockAsync(connection, ct);
        try
        {
            await StoreSchema.EnsureAsync(connection, ct);
            var missing = await MissingAsync(connection, ct); // again: another host may have been at work while this one waited
            foreach (var (page, hash) in wanted.Value.Where(w => missing.Contains(Key(w.Hash)))) await AddAsync(connection, page, hash, ct);
            await ExecuteAsync(connection, $"DELETE FROM {Schema}.documents WHERE used < current_date - $1", ct, KeptDays);
        }
        finally
        {
            await StoreSchema.UnlockAsync(connection);
        }
        return true;
    }

    private async Task<HashSet<string>> MissingAsync(NpgsqlConnection connection, CancellationToken ct)
    {
        var missing = wanted.Value.Select(w => Key(w.Hash)).ToHashSet(StringComparer.Ordinal);
        await using var command = Command(connection, $"SELECT hash FROM {Schema}.documents WHERE model = $1 AND hash = ANY ($2)", Model, Pages);
        await using var rows = await command.ExecuteReaderAsync(ct);
        while (await rows.ReadAsync(ct)) missing.Remove(Key((byte[])rows[0]));
        return missing;
    }

    private async Task AddAsync(NpgsqlConnection connection, Document page, byte[] hash, CancellationToken ct)
    {
        progress?.Report($"Indexing {page.Slug}");
        var chunks = Chunk.Of(page);
        var known = await ReadEmbeddedAsync(connection, chunks, ct);
        var fresh = chunks.Where(c => !known.ContainsKey(Key(c.Hash))).DistinctBy(c => Key(c.Hash), StringComparer.Ordinal).ToList();
        var vectors = fresh.Count == 0 ? [] : await embedder.GenerateAsync(fresh.Select(c => c.Embedded), cancellationToken: ct);
        foreach (var (chunk, vector) in fresh.Zip(vectors)) known.Add(Key(chunk.Hash), new Pgvector.Vector(vector.Vector.ToArray()).ToString());

        await using var transaction = await connection.BeginTransactionAsync(ct);
        await using var batch = new NpgsqlBatch(connection, transaction);
        Add($"INSERT INTO {Schema}.documents (model, hash, slug, skill, path) VALUES ($1, $2, $3, $4, $5)", Model, hash, page.Slug, page.Skill, page.Path);
        foreach (var (ordinal, chunk) in chunks.Index())
        {
            Add($"""
                INSERT INTO {Schema}.chunks (document_id, ordinal, section, headings, text, prose, names, hash, embedding)
                SELECT id, $3, $4, $5, $6, $7, $8, $9, $10::text::vector FROM {Schema}.documents WHERE model = $1 AND hash = $2
                """, Model, hash, ordinal, chunk.Section, chunk.Headings, chunk.Text, Chunk.Prose(chunk.Text), chunk.Names, chunk.Hash, known[Key(chunk.Hash)]);
        }
        await batch.ExecuteNonQueryAsync(ct);
        await transaction.CommitAsync(ct);

        void Add(string sql, params object[] values)
        {
            var command = new NpgsqlBatchCommand(sql);
            foreach (var value in values) command.Parameters.Add(new() { Value = value });
            batch.BatchCommands.Add(command);
        }
    }

    private async Task<Dictionary<string, string>> ReadEmbeddedAsync(NpgsqlConnection connection, ImmutableArray<Chunk> chunks, CancellationToken ct)
    {
        var embedded = new Dictionary<string, string>(StringComparer.Ordinal);
        await using var command = Command(connection, $"""
            SELECT DISTINCT ON (c.hash) c.hash, c.embedding::text FROM {Schema}.chunks c JOIN {Schema}.documents d ON d.id = c.document_id
            WHERE d.model = $1 AND c.hash = ANY ($2) ORDER BY c.hash
            """, Model, chunks.Select(c => c.Hash).ToArray());
        await using var rows = await command.ExecuteReaderAsync(ct);
        while (await rows.ReadAsync(ct)) embedded.Add(Key((byte[])rows[0]), rows.GetString(1));
        return embedded;
    }

    private static async Task ExecuteAsync(NpgsqlConnection connection, string sql, CancellationToken ct, params object[] values)
    {
        await using var command = Command(connection, sql, values);
        await command.ExecuteNonQueryAsync(ct);
    }

    private static NpgsqlCommand Command(NpgsqlConnection connection, string sql, params object[] values)
    {
        var command = new NpgsqlCommand(sql, connection);
        foreach (var value in values) command.Parameters.Add(new() { Value = value });
        return command;
    }

    private static byte[] HashOf(Document d) =>
        SHA256.HashData(Encoding.UTF8.GetBytes($"{Chunk.Version}\n{d.Skill}\n{d.Kind}\n{d.Title}\n{d.Path}\n{d.Text}"));

    private static string Key(byte[] hash) => Convert.ToHexString(hash);
}
