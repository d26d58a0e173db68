using System.Collections.Immutable;
using AgentHost.Knowledge.Store;
using AgentHost.Postgres;
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

    private readonly StoreDatabase database;
    private readonly IEmbeddingGenerator<string, Embedding<float>> embedder;
    private readonly StoreSync sync;

    private KnowledgeStore(StoreDatabase database, IEmbeddingGenerator<string, Embedding<float>> embedder, DocumentLibrary library, IProgress<string>? progress)
    {
        this.database = database;
        this.embedder = embedder;
        sync = new StoreSync(embedder, library, progress);
    }

    /// <summary>Opens the store and brings it up to date with the library; where nothing has changed, nothing is written.</summary>
    /// <param name="database">Where the store is; stays the caller's.</param>
    /// <param name="embedder">Makes the vectors.</param>
    /// <param name="library">The pages.</param>
    /// <param name="progress">Told what is being indexed.</param>
    /// <param name="ct">A cancelled run is resumed by the next.</param>
    /// <exception cref="KnowledgeException">The database has no pgvector, refuses, or holds somebody else's schema of the store's name; the skills folder is missing; the embedder fails.</exception>
    /// <exception cref="PostgresUnavailableException">The database's server went away and does not come back.</exception>
    public static async Task<KnowledgeStore> OpenAsync(
        StoreDatabase database, IEmbeddingGenerator<string, Embedding<float>> embedder, DocumentLibrary library, IProgress<string>? progress = null, CancellationToken ct = default)
    {
        ArgumentNullException.ThrowIfNull(database);
        ArgumentNullException.ThrowIfNull(embedder);
        ArgumentNullException.ThrowIfNull(library);
        var store = new KnowledgeStore(database, embedder, library, progress);
        await store.SyncAsync(ct).ConfigureAwait(false);
        return store;
    }

    /// <summary>The pages that answer a query, best first, each with its best section.</summary>
    /// <param name="query">A question or words, 1 to <see cref="LongestQuery"/> characters.</param>
    /// <param name="k">How many pages, 1 to <see cref="MostResults"/>.</param>
    /// <param name="skill">Only pages of this skill, or null for all.</param>
    /// <param name="ct">Cancels the search.</param>
    /// <returns>Empty where no page holds an answer: half of the question's words, or five of them, or a piece that is near in meaning.</returns>
    /// <exception cref="KnowledgeException">The query is empty or too long, <paramref name="k"/> is out of range, the skill is unknown, or the database or embedder fails.</exception>
    public async Task<ImmutableArray<SearchResult>> SearchAsync(string query, int k = 5, string? skill = null, CancellationToken ct = default)
    {
        if (string.IsNullOrWhiteSpace(query)) throw new KnowledgeException("The query is empty. Ask a question or give some words, as 'add a foreign key without blocking writes'.");
        if (query.Length > LongestQuery) throw new KnowledgeException($"The query has {query.Length} characters; at most {LongestQuery} are searched for. Ask in a sentence or two.");
        if (k is < 1 or > MostResults) throw new KnowledgeException($"{k} results cannot be given: ask for 1 to {MostResults}.");
        if (skill is not null && !sync.Skills.Contains(skill, StringComparer.Ordinal))
            throw new KnowledgeException($"There is no skill of that name. The skills are {string.Join(", ", sync.Skills)}; without one, all are searched.");
        query = Storable(query);
        var vector = (await embedder.GenerateAsync([query], cancellationToken: ct).ConfigureAwait(false))[0].Vector;
        try
        {
            var results = await AskAsync(query, vector, k, skill, ct).ConfigureAwait(false);
            if (!results.IsEmpty) return results;
        }
        catch (PostgresException e) when (e.SqlState is PostgresErrorCodes.UndefinedTable or PostgresErrorCodes.InvalidSchemaName)
        {
            // Fall through: somebody has dropped the store.
        }
        // Nothing is found, or the pages are no longer there: they are deleted when they were not opened for a month.
        return await SyncAsync(ct).ConfigureAwait(false) ? await AskAsync(query, vector, k, skill, ct).ConfigureAwait(false) : [];
    }

    private Task<ImmutableArray<SearchResult>> AskAsync(string query, ReadOnlyMemory<float> vector, int k, string? skill, CancellationToken ct) => UseAsync(async connection =>
    {
        var isZero = vector.Span.IndexOfAnyExcept(0f) < 0;
        await using var command = new NpgsqlCommand(SearchSql.Text, connection)
        {
            Parameters =
            {
                new() { Value = query },
                new() { Value = Chunk.Identifiers(query) },
                new() { Value = isZero ? DBNull.Value : new Pgvector.Vector(vector.ToArray()).ToString(), NpgsqlDbType = NpgsqlDbType.Text },
                new() { Value = (object?)skill ?? DBNull.Value, NpgsqlDbType = NpgsqlDbType.Text },
                new() { Value = k },
                new() { Value = sync.Model },
                new() { Value = sync.Pages },
            },
        };
        await using var rows = await command.ExecuteReaderAsync(ct).ConfigureAwait(false);
        var results = ImmutableArray.CreateBuilder<SearchResult>();
        while (await rows.ReadAsync(ct).ConfigureAwait(false))
            results.Add(new SearchResult(rows.GetString(0), rows.GetString(1), Math.Round(rows.GetDouble(2) / SearchSql.BestScore, 4), Excerpt.Of(rows.GetString(3), query), rows.GetString(4)));
        return results.ToImmutable();
    }, ct);

    private Task<bool> SyncAsync(CancellationToken ct) => UseAsync(connection => sync.RunAsync(connection, ct), ct);

    private async Task<T> UseAsync<T>(Func<NpgsqlConnection, Task<T>> work, CancellationToken ct)
    {
        try
        {
            return await database.UseAsync(work, ct).ConfigureAwait(false);
        }
        catch (PostgresException e) when (e.SqlState == PostgresErrorCodes.UndefinedObject && e.MessageText.Contains("vector", StringComparison.Ordinal))
        {
            throw new KnowledgeException(
                "The knowledge store's database has no pgvector. Install it on that server (Debian: postgresql-17-pgvector) and run CREATE EXTENSION vector, "
                + "or unset AGENTHOST_STORE so that the private server is used.", e);
        }
        catch (Exception e) when (e is NpgsqlException and not PostgresException { SqlState: PostgresErrorCodes.UndefinedTable or PostgresErrorCodes.InvalidSchemaName } or TimeoutException)
        {
            throw new KnowledgeException($"The knowledge store's database failed: {(e as PostgresException)?.MessageText ?? e.Message}", e);
        }
    }

    // PostgreSQL's text holds neither NUL nor half of a surrogate pair.
    private static string Storable(string text) => string.Concat(text.EnumerateRunes().Select(r => r.Value == 0 ? " " : r.ToString()));
}
