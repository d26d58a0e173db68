using System.Collections.Immutable;
using AgentHost.Knowledge.Ingest;
using AgentHost.Knowledge.Store;
using AgentHost.Postgres;
using Microsoft.Extensions.AI;
using Npgsql;

namespace AgentHost.Knowledge;

/// <summary>Best-practice pages in PostgreSQL, found by meaning (pgvector), by words (full text) and by exact names. Safe for many threads and hosts.</summary>
public sealed class KnowledgeStore
{
    /// <summary>The most results a search gives.</summary>
    public const int MostResults = 50;

    /// <summary>The longest query, in characters.</summary>
    public const int LongestQuery = 4000;

    /// <summary>The source that our own pages are.</summary>
    public const string BuiltIn = "agenthost";

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

    /// <summary>The embedding model by which is searched, and the length of its vectors.</summary>
    public string Model => $"{sync.Model.Name}, {sync.Model.Dimensions} dimensions";

    /// <summary>The weights by which pages are put in order.</summary>
    internal Ranking Ranking { get; set; } = Ranking.Default;

    /// <summary>What a search has to rank, for measuring and tuning.</summary>
    internal async Task<IReadOnlyCollection<Candidates>> FindCandidatesAsync(string query, CancellationToken ct = default)
    {
        var vector = (await embedder.GenerateAsync([query], cancellationToken: ct).ConfigureAwait(false))[0].Vector.ToArray();
        return await FindAsync(new Question(query, vector, null, null), ct).ConfigureAwait(false) ?? [];
    }

    /// <summary>The pages that answer a query, best first, each with its best section; of texts that say the same, the first.</summary>
    /// <param name="query">A question or words, 1 to <see cref="LongestQuery"/> characters.</param>
    /// <param name="k">How many pages, 1 to <see cref="MostResults"/>.</param>
    /// <param name="skill">Only built-in pages of this skill, or null for all.</param>
    /// <param name="source">Only this source (<see cref="BuiltIn"/>, or a name that was ingested), or null for all.</param>
    /// <param name="ct">Cancels the search.</param>
    /// <returns>Empty where no page holds an answer: half of the question's words, or five of them, or a piece that is near in meaning.</returns>
    /// <exception cref="KnowledgeException">The query is empty or too long, <paramref name="k"/> is out of range, the skill or source is unknown, or the database or embedder fails.</exception>
    public async Task<ImmutableArray<SearchResult>> SearchAsync(string query, int k = 5, string? skill = null, string? source = null, CancellationToken ct = default)
    {
        if (string.IsNullOrWhiteSpace(query)) throw new KnowledgeException("The query is empty. Ask a question or give some words, as 'add a foreign key without blocking writes'.");
        if (query.Length > LongestQuery) throw new KnowledgeException($"The query has {query.Length} characters; at most {LongestQuery} are searched for. Ask in a sentence or two.");
        if (k is < 1 or > MostResults) throw new KnowledgeException($"{k} results cannot be given: ask for 1 to {MostResults}.");
        if (skill is not null && !sync.Skills.Contains(skill, StringComparer.Ordinal))
            throw new KnowledgeException($"There is no skill of that name. The skills are {string.Join(", ", sync.Skills)}; without one, all are searched.");
        if (skill is not null && source is not (null or BuiltIn)) throw new KnowledgeException("Only built-in pages belong to a skill: give a skill or a source, not both.");
        query = Storable(query);
        var vector = (await embedder.GenerateAsync([query], cancellationToken: ct).ConfigureAwait(false))[0].Vector.ToArray();
        if (vector.Length != sync.Model.Dimensions)
        {
            sync.Forget(vector.Length); // the service gives vectors of another length than before
            await SyncAsync(ct).ConfigureAwait(false);
        }
        var question = new Question(query, vector.AsSpan().IndexOfAnyExcept(0f) < 0 ? [] : vector, skill, source);
        try
        {
            if (await AskAsync(question, k, ct).ConfigureAwait(false) is { } results) return results;
        }
        catch (PostgresException e) when (IsMissing(e))
        {
            // Fall through: somebody has dropped the store, or a part of it.
        }
        await SyncAsync(ct).ConfigureAwait(false);
        return await AskAsync(question, k, ct).ConfigureAwait(false) ?? [];
    }

    /// <summary>Brings the source of a name to what the files say: adds, replaces and removes pages. Run again, it does what has changed since.</summary>
    /// <param name="name">The source's name, or null for that of the only path.</param>
    /// <param name="paths">Files and folders: Markdown, HTML and plain text.</param>
    /// <param name="progress">Told how far it is.</param>
    /// <param name="ct">A cancelled run is resumed by the next; a source that is not whole is not searched until then.</param>
    /// <exception cref="KnowledgeException">A path is missing, a name is reserved or none, nothing can be read (nothing is changed then), or the database or embedder fails.</exception>
    public Task<IngestReport> IngestAsync(string? name, IReadOnlyList<string> paths, IProgress<IngestProgress>? progress = null, CancellationToken ct = default)
    {
        ArgumentNullException.ThrowIfNull(paths);
        var source = SourceFiles.NameOf(name, paths);
        var files = SourceFiles.Find(source, paths);
        return ChangeAsync(progress, ingestion => ingestion.RunAsync(source, files, ct), ct);
    }

    /// <summary>Removes what was ingested under a name.</summary>
    /// <exception cref="KnowledgeException">There is nothing of that name, or the database fails.</exception>
    public Task<KnowledgeSource> RemoveAsync(string name, CancellationToken ct = default) => ChangeAsync(null, ingestion => ingestion.RemoveAsync(name, ct), ct);

    /// <summary>What the store holds for this host.</summary>
    /// <exception cref="KnowledgeException">The database fails.</exception>
    public Task<ImmutableArray<KnowledgeSource>> SourcesAsync(CancellationToken ct = default) => UseAsync<ImmutableArray<KnowledgeSource>>(
        async connection => [.. (await sync.ReadAsync(connection, ct).ConfigureAwait(false)).Sources.Select(s => new KnowledgeSource(s.Name, s.Documents, s.Chunks, s.Status))], ct);

    private Task<T> ChangeAsync<T>(IProgress<IngestProgress>? progress, Func<Ingestion, Task<T>> change, CancellationToken ct) => UseAsync(async connection =>
    {
        await StoreSchema.LockAsync(connection, ct).ConfigureAwait(false);
        try
        {
            return await change(new Ingestion(connection, sync, progress)).ConfigureAwait(false);
        }
        finally
        {
            await StoreSchema.UnlockAsync(connection).ConfigureAwait(false);
        }
    }, ct);

    private async Task<ImmutableArray<SearchResult>?> AskAsync(Question question, int k, CancellationToken ct)
    {
        if (await FindAsync(question, ct).ConfigureAwait(false) is not { } found) return null;
        var ranked = Ranker.Rank(found, Ranking);
        if (ranked.IsEmpty) return [];
        var texts = await UseAsync(connection => StoreSearch.ReadTextsAsync(connection, ranked.Take((2 * k) + 5).Select(r => r.Chunk), ct), ct).ConfigureAwait(false);
        var distinct = new DistinctTexts();
        return
        [
            .. ranked.Where(r => texts.ContainsKey(r.Chunk)).Where(r => distinct.Add(texts[r.Chunk].Text)).Take(k)
                .Select(r => Answer.Of(texts[r.Chunk], question.Query, Math.Round(r.Score, 4))),
        ];
    }

    // Our pages and the ingested at the same time, each on a connection of its own. Null where the store misses our pages.
    private async Task<IReadOnlyCollection<Candidates>?> FindAsync(Question question, CancellationToken ct)
    {
        var hasIngested = question.Skill is null && question.Source is not BuiltIn;
        var ingested = hasIngested ? UseAsync(c => FindIngestedAsync(c, question, ct), ct) : Task.FromResult<Candidates?>(null);
        if (question.Source is not (null or BuiltIn)) return await ingested.ConfigureAwait(false) is { } only ? [only] : [];
        var own = UseAsync(c => StoreSearch.FindBuiltInAsync(c, sync.Model, sync.Digest, question, ct), ct);
        await Task.WhenAll(own, ingested).ConfigureAwait(false);
        return await own.ConfigureAwait(false) is not { } pages ? null : await ingested.ConfigureAwait(false) is { } others ? [pages, others] : [pages];
    }

    private async Task<Candidates?> FindIngestedAsync(NpgsqlConnection connection, Question question, CancellationToken ct)
    {
        var isExact = question.Source is not null && await IsFewAsync(connection, question.Source, ct).ConfigureAwait(false);
        return await StoreSearch.FindIngestedAsync(connection, sync.Model, question, sync.Ingested, isExact, ct).ConfigureAwait(false);
    }

    private async Task<bool> IsFewAsync(NpgsqlConnection connection, string source, CancellationToken ct)
    {
        var (sources, _) = await sync.ReadAsync(connection, ct).ConfigureAwait(false);
        var ingested = sources.Where(s => !s.IsBuiltIn).ToList();
        return ingested.Find(s => s.Name == source) switch
        {
            null => throw new KnowledgeException($"There is no source '{source}'. The sources are {string.Join(", ", ingested.Select(s => s.Name).Prepend(BuiltIn))}; without one, all are searched."),
            { Status: "loading" } => throw new KnowledgeException($"The source '{source}' is not ingested to its end; run the same `agenthost ingest` again."),
            var one => one.Chunks < EmbeddingFill.FewestIndexed,
        };
    }

    private static bool IsMissing(PostgresException e) => e.SqlState is PostgresErrorCodes.UndefinedTable or PostgresErrorCodes.InvalidSchemaName;

    private Task<bool> SyncAsync(CancellationToken ct) => UseAsync(connection => sync.RunAsync(connection, ct), ct);

    private async Task<T> UseAsync<T>(Func<NpgsqlConnection, Task<T>> work, CancellationToken ct)
    {
        try
        {
            return await database.UseAsync(work, ct).ConfigureAwait(false);
        }
        catch (PostgresException e) when (e.SqlState == PostgresErrorCodes.UndefinedObject && e.MessageText.Contains("vec", StringComparison.Ordinal))
        {
            throw new KnowledgeException(
                "The knowledge store's database has no pgvector, or one before 0.8. Install it on that server (Debian: postgresql-17-pgvector) and run CREATE EXTENSION vector, "
                + "or unset AGENTHOST_STORE so that the private server is used.", e);
        }
        catch (Exception e) when ((e is NpgsqlException && !(e is PostgresException p && IsMissing(p))) || e is TimeoutException)
        {
            throw new KnowledgeException($"The knowledge store's database failed: {(e as PostgresException)?.MessageText ?? e.Message}", e);
        }
    }

    // PostgreSQL's text holds neither NUL nor half of a surrogate pair.
    private static string Storable(string text) => string.Concat(text.EnumerateRunes().Select(r => r.Value == 0 ? " " : r.ToString()));
}
