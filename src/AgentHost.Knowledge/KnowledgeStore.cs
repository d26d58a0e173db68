using System.Collections.Immutable;
using AgentHost.Knowledge.Store;
using Microsoft.Extensions.AI;
using Npgsql;
using NpgsqlTypes;

namespace AgentHost.Knowledge;

/// <summary>Best-practice pages in PostgreSQL, found by meaning (pgvector), by words (full text) and by exact names. Safe for many threads and hosts.</summary>
public sealed class KnowledgeStore
{
    /// <summary>The most results a search gives.</summary>
    public const int MostResults = 50;

    /// <summary>The longest query, in characters.</summary>
    public const int LongestQuery = 4000;

    private readonly NpgsqlDataSource source;
    private readonly IEmbeddingGenerator<string, Embedding<float>> embedder;
    private readonly string model;
    private readonly StoreSync sync;

    private KnowledgeStore(NpgsqlDataSource source, IEmbeddingGenerator<string, Embedding<float>> embedder, DocumentLibrary library, IProgress<string>? progress)
    {
        this.source = source;
        this.embedder = embedder;
        model = (embedder.GetService(typeof(EmbeddingGeneratorMetadata)) as EmbeddingGeneratorMetadata)?.DefaultModelId ?? embedder.GetType().Name;
        sync = new StoreSync(source, embedder, model, library, progress);
    }

    /// <summary>Opens the store and brings it up to date with the library; where nothing has changed, nothing is written.</summary>
    /// <param name="source">The database, as <c>StoreDatabase.OpenAsync</c> gives it; stays the caller's.</param>
    /// <param name="embedder">Makes the vectors; a store that holds another model's is made anew.</param>
    /// <param name="library">The pages.</param>
    /// <param name="progress">Told what is being indexed.</param>
    /// <param name="ct">A cancelled run is resumed by the next.</param>
    /// <exception cref="KnowledgeException">The database has no pgvector or refuses; the skills folder is missing; the embedder fails.</exception>
    public static async Task<KnowledgeStore> OpenAsync(
        NpgsqlDataSource source, IEmbeddingGenerator<string, Embedding<float>> embedder, DocumentLibrary library, IProgress<string>? progress = null, CancellationToken ct = default)
    {
        ArgumentNullException.ThrowIfNull(source);
        ArgumentNullException.ThrowIfNull(embedder);
        ArgumentNullException.ThrowIfNull(library);
        var store = new KnowledgeStore(source, embedder, library, progress);
        await store.SyncAsync(ct).ConfigureAwait(false);
        return store;
    }

    /// <summary>The pages that answer a query, best first, each with its best section.</summary>
    /// <param name="query">A question or words, 1 to <see cref="LongestQuery"/> characters.</param>
    /// <param name="k">How many pages, 1 to <see cref="MostResults"/>.</param>
    /// <param name="skill">Only pages of this skill, or null for all.</param>
    /// <param name="ct">Cancels the search.</param>
    /// <exception cref="KnowledgeException">The query is empty or too long, <paramref name="k"/> is out of range, or the database or embedder fails.</exception>
    public async Task<ImmutableArray<SearchResult>> SearchAsync(string query, int k = 5, string? skill = null, CancellationToken ct = default)
    {
        if (string.IsNullOrWhiteSpace(query)) throw new KnowledgeException("The query is empty. Ask a question or give some words, as 'add a foreign key without blocking writes'.");
        if (query.Length > LongestQuery) throw new KnowledgeException($"The query has {query.Length} characters; at most {LongestQuery} are searched for. Ask in a sentence or two.");
        if (k is < 1 or > MostResults) throw new KnowledgeException($"{k} results cannot be given: ask for 1 to {MostResults}.");
        (query, skill) = (Storable(query), skill is null ? null : Storable(skill));
        var vector = (await embedder.GenerateAsync([query], cancellationToken: ct).ConfigureAwait(false))[0].Vector;
        try
        {
            var results = await AskAsync(query, vector, k, skill, ct).ConfigureAwait(false);
            if (!results.IsEmpty || await HoldsOwnModelAsync(ct).ConfigureAwait(false)) return results;
        }
        catch (PostgresException e) when (e.SqlState is PostgresErrorCodes.UndefinedTable or PostgresErrorCodes.InvalidSchemaName or PostgresErrorCodes.DataException)
        {
            // Fall through: another host has made the store anew for another model since this one opened it.
        }
        catch (Exception e) when (e is NpgsqlException or TimeoutException)
        {
            throw Failure(e);
        }
        await SyncAsync(ct).ConfigureAwait(false);
        try
        {
            return await AskAsync(query, vector, k, skill, ct).ConfigureAwait(false);
        }
        catch (Exception e) when (e is NpgsqlException or TimeoutException)
        {
            throw Failure(e);
        }
    }

    private async Task<ImmutableArray<SearchResult>> AskAsync(string query, ReadOnlyMemory<float> vector, int k, string? skill, CancellationToken ct)
    {
        await using var connection = await source.OpenConnectionAsync(ct).ConfigureAwait(false);
        await using var batch = new NpgsqlBatch(connection);
        batch.BatchCommands.Add(new NpgsqlBatchCommand("SELECT set_config('hnsw.ef_search', '100', true)")); // for the transaction, which a batch is
        var isZero = vector.Span.IndexOfAnyExcept(0f) < 0;
        batch.BatchCommands.Add(new NpgsqlBatchCommand(SearchSql.Text)
        {
            Parameters =
            {
                new() { Value = query },
                new() { Value = Chunk.Identifiers(query) },
                new() { Value = isZero ? DBNull.Value : new Pgvector.Vector(vector.ToArray()).ToString(), NpgsqlDbType = NpgsqlDbType.Text },
                new() { Value = (object?)skill ?? DBNull.Value, NpgsqlDbType = NpgsqlDbType.Text },
                new() { Value = k },
                new() { Value = model },
            },
        });
        await using var rows = await batch.ExecuteReaderAsync(ct).ConfigureAwait(false);
        await rows.NextResultAsync(ct).ConfigureAwait(false);
        var results = ImmutableArray.CreateBuilder<SearchResult>();
        while (await rows.ReadAsync(ct).ConfigureAwait(false))
            results.Add(new SearchResult(rows.GetString(0), rows.GetString(1), Math.Round(rows.GetDouble(2) / SearchSql.BestScore, 4), Excerpt.Of(rows.GetString(3), query), rows.GetString(4)));
        return results.ToImmutable();
    }

    private async Task<bool> HoldsOwnModelAsync(CancellationToken ct)
    {
        await using var connection = await source.OpenConnectionAsync(ct).ConfigureAwait(false);
        return (await StoreSchema.ReadModelAsync(connection, ct).ConfigureAwait(false))?.Name == model;
    }

    private async Task SyncAsync(CancellationToken ct)
    {
        try
        {
            await sync.RunAsync(ct).ConfigureAwait(false);
        }
        catch (PostgresException e) when (e.SqlState == PostgresErrorCodes.UndefinedObject && e.MessageText.Contains("vector", StringComparison.Ordinal))
        {
            throw new KnowledgeException(
                "The knowledge store's database has no pgvector. Install it on that server (Debian: postgresql-17-pgvector) and run CREATE EXTENSION vector, "
                + "or unset AGENTHOST_STORE so that the private server is used.", e);
        }
        catch (Exception e) when (e is NpgsqlException or TimeoutException)
        {
            throw Failure(e);
        }
    }

    // PostgreSQL's text holds neither NUL nor half of a surrogate pair.
    private static string Storable(string text) => string.Concat(text.EnumerateRunes().Select(r => r.Value == 0 ? " " : r.ToString()));

    private static KnowledgeException Failure(Exception e) => new($"The knowledge store's database failed: {(e as PostgresException)?.MessageText ?? e.Message}", e);
}
