using System.Collections.Immutable;
using System.Globalization;
using Microsoft.Extensions.AI;
using Npgsql;

namespace AgentHost.Knowledge.Store;

/// <summary>
/// Sees to it that the store holds what the library says, and the vectors of all that is searched. The pages of one host version are a source, known by the digest of them
/// all, so hosts with other pages or another model may share the store: each adds what it misses and searches among its own. The text is written in one
/// transaction and the vectors batch by batch, so that an interrupted run is resumed by the next; only what is new to the store is embedded.
/// Versions that no host has used for <see cref="KeptDays"/> days are deleted, and all but the last <see cref="KeptVersions"/>.
/// </summary>
internal sealed class StoreSync
{
    private const int KeptDays = 30, KeptVersions = 8;

    private const string Schema = StoreSchema.Name;

    private readonly IEmbeddingGenerator<string, Embedding<float>> embedder;
    private readonly DocumentLibrary library;
    private readonly IProgress<string>? progress;
    private readonly (string Name, int? Dimensions) told;
    private readonly Lazy<Guid> digest;
    private volatile StoreModel? model;

    public StoreSync(IEmbeddingGenerator<string, Embedding<float>> embedder, DocumentLibrary library, IProgress<string>? progress)
    {
        (this.embedder, this.library, this.progress) = (embedder, library, progress);
        told = StoreModel.Of(embedder);
        digest = new(() => Chunk.HashOf(string.Create(CultureInfo.InvariantCulture, $"{Chunk.Version} {library.Digest}")));
    }

    /// <summary>What the library says, and how it is cut, as one number.</summary>
    public Guid Digest => digest.Value;

    /// <summary>The model as the store knows it.</summary>
    public StoreModel Model => model ?? throw new InvalidOperationException("The store has not been opened.");

    /// <summary>How many pieces were ingested when the store was last looked at.</summary>
    public int Ingested { get; private set; }

    /// <summary>The names of the skills that have pages, in order.</summary>
    public IEnumerable<string> Skills => library.Skills;

    /// <summary>Adds to the store what it misses; where it misses nothing, nothing is written (once a day, that the pages are in use).</summary>
    /// <returns>Whether anything was missing.</returns>
    public async Task<bool> RunAsync(NpgsqlConnection connection, CancellationToken ct)
    {
        if (await StoreSchema.ExistsAsync(connection, ct))
        {
            var (sources, known) = await ReadAsync(connection, ct);
            if (known is not null && sources.Any(s => s.IsBuiltIn) && sources.All(s => s.IsReady || (s.Status == "loading" && !s.IsBuiltIn)))
            {
                model = known;
                if (sources.Any(s => s.IsBuiltIn && s.IsStale)) await TouchAsync(connection, known, ct);
                return false;
            }
        }
        await StoreSchema.LockAsync(connection, ct);
        try
        {
            await StoreSchema.EnsureAsync(connection, ct);
            await CompleteAsync(connection, ct);
        }
        finally
        {
            await StoreSchema.UnlockAsync(connection);
        }
        return true;
    }

    /// <summary>What the store holds for this host.</summary>
    public async Task<(ImmutableArray<SourceState> Sources, StoreModel? Model)> ReadAsync(NpgsqlConnection connection, CancellationToken ct)
    {
        var state = await SourceState.ReadAsync(connection, Digest, told.Name, model?.Dimensions ?? told.Dimensions, ct);
        Ingested = state.Sources.Where(s => !s.IsBuiltIn).Sum(s => s.Chunks);
        return state;
    }

    /// <summary>Embeds what has no vector yet by the model. The caller holds the lock.</summary>
    public async Task EmbedAsync(NpgsqlConnection connection, SourceState source, Action<int, int>? count, CancellationToken ct)
    {
        var fill = new EmbeddingFill(connection, embedder, Model);
        await fill.RunAsync(source, count, ct);
        await fill.IndexAsync(source.IsBuiltIn, ct);
    }

    /// <summary>Takes it that the model's vectors are now of another length.</summary>
    public void Forget(int dimensions) => model = model is { } known ? known with { Dimensions = dimensions } : null;

    // Again from the start: another host may have been at work while this one waited for the lock.
    private async Task CompleteAsync(NpgsqlConnection connection, CancellationToken ct)
    {
        var (sources, known) = await ReadAsync(connection, ct);
        model = known ?? await AddModelAsync(connection, ct);
        if (!sources.Any(s => s.IsBuiltIn && s.IsWhole && s.Status == "complete"))
        {
            await WriteAsync(connection, ct);
            (sources, _) = await ReadAsync(connection, ct);
        }
        foreach (var source in sources.Where(s => !s.IsEmbedded && s.Status != "loading"))
        {
            if (!source.IsBuiltIn) progress?.Report($"Embedding {source.Name}");
            await EmbedAsync(connection, source, null, ct);
        }
        await TouchAsync(connection, model, ct);
        await StoreCommand.ExecuteAsync(connection, $"""
            DELETE FROM {Schema}.sources WHERE digest <> $1 AND (used < current_date - $2
              OR id NOT IN (SELECT id FROM {Schema}.sources WHERE digest IS NOT NULL ORDER BY digest = $1 DESC, used DESC, id DESC LIMIT $3))
            """, ct, Digest, KeptDays, KeptVersions);
        await StoreCommand.ExecuteAsync(connection, $"DELETE FROM {Schema}.models WHERE id <> $1 AND used < current_date - $2", ct, model.Id, KeptDays);
    }

    private async Task WriteAsync(NpgsqlConnection connection, CancellationToken ct)
    {
        var pages = library.Documents.DistinctBy(d => d.Path, StringComparer.Ordinal)
            .Select(d => new StoredPage(d.Slug, d.Skill, d.Kind, d.Path, Chunk.HashOf(d.Text), Chunk.Of(d))).ToList();
        progress?.Report(string.Create(CultureInfo.InvariantCulture, $"Indexing {pages.Count} pages"));
        await using var transaction = await connection.BeginTransactionAsync(ct);
        await StoreCommand.ExecuteAsync(connection, $"DELETE FROM {Schema}.sources WHERE digest = $1", ct, Digest);
        await using var insert = StoreCommand.Of(connection, $"INSERT INTO {Schema}.sources (name, digest) VALUES ('{KnowledgeStore.BuiltIn}', $1) RETURNING id", Digest);
        var writer = new SourceWriter(connection, (int)(await insert.ExecuteScalarAsync(ct))!, isBuiltIn: true);
        await writer.AddAsync(pages, ct);
        await writer.CountAsync(ct);
        await writer.SetStatusAsync("complete", ct);
        await transaction.CommitAsync(ct);
        await StoreCommand.ExecuteAsync(connection, $"ANALYZE {Schema}.sources, {Schema}.documents, {Schema}.chunks, {Schema}.chunk_texts, {Schema}.word_counts", ct);
    }

    private async Task<StoreModel> AddModelAsync(NpgsqlConnection connection, CancellationToken ct)
    {
        var dimensions = model?.Dimensions ?? told.Dimensions ?? (await embedder.GenerateAsync(["length"], cancellationToken: ct))[0].Vector.Length;
        await using var insert = StoreCommand.Of(connection, $"""
            INSERT INTO {Schema}.models (name, dimensions) VALUES ($1, $2) ON CONFLICT (name, dimensions) DO UPDATE SET used = current_date RETURNING id
            """, told.Name, dimensions);
        return new StoreModel((int)(await insert.ExecuteScalarAsync(ct))!, told.Name, dimensions);
    }

    private async Task TouchAsync(NpgsqlConnection connection, StoreModel used, CancellationToken ct)
    {
        await StoreCommand.ExecuteAsync(connection, $"UPDATE {Schema}.sources SET used = current_date WHERE digest = $1 AND used < current_date", ct, Digest);
        await StoreCommand.ExecuteAsync(connection, $"UPDATE {Schema}.models SET used = current_date WHERE id = $1 AND used < current_date", ct, used.Id);
    }
}
