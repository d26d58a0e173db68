using System.Collections.Immutable;
using AgentHost.Knowledge.Store;
using Npgsql;

namespace AgentHost.Knowledge.Ingest;

/// <summary>
/// Brings a source of the store to what its files say: only changed files are read into pages, only new text is embedded, pages whose files are gone are removed.
/// Batch by batch, each in one transaction, so that an interrupted run is resumed by the next; a new source is searched when it is whole.
/// </summary>
internal sealed class Ingestion(NpgsqlConnection connection, StoreSync sync, IProgress<IngestProgress>? progress)
{
    private const int BatchInFiles = 100, MostProblems = 20;

    private const string Schema = StoreSchema.Name;

    private readonly ImmutableArray<string>.Builder problems = ImmutableArray.CreateBuilder<string>();
    private int added, changed;

    /// <param name="name">The source.</param>
    /// <param name="files">All its files.</param>
    /// <param name="ct">What is done by then stays, and the next run goes on.</param>
    /// <exception cref="KnowledgeException">No file can be read; nothing was changed.</exception>
    public async Task<IngestReport> RunAsync(string name, ImmutableArray<SourceFile> files, CancellationToken ct)
    {
        var before = await FindAsync(name, ct);
        var stored = before is null ? [] : await ReadStoredAsync(before.Id, ct);
        var fresh = await ReadFreshAsync(files, stored, ct);
        var gone = stored.Keys.Except(files.Select(f => f.Slug), StringComparer.Ordinal).ToList();
        if (fresh.Count == 0 && stored.Count == 0) throw new KnowledgeException(problems.Count > 0 ? $"Nothing could be ingested: {string.Join("; ", problems)}." : "Nothing could be ingested: no file holds any text.");
        if (fresh.Count == 0 && gone.Count == 0 && before is { Status: "complete", IsReady: true }) return Report(before, 0);

        var id = before?.Id ?? await CreateAsync(name, ct);
        var writer = new SourceWriter(connection, id, isBuiltIn: false);
        if (before?.Status == "complete") await writer.SetStatusAsync("updating", ct);
        await WriteAsync(writer, fresh, stored, ct);
        await InTransactionAsync(async () =>
        {
            await writer.RemoveAsync(gone, ct);
            await writer.CountAsync(ct);
        }, ct);
        await StoreCommand.ExecuteAsync(connection, $"ANALYZE {Schema}.sources, {Schema}.documents, {Schema}.chunks, {Schema}.chunk_texts, {Schema}.word_counts", ct);
        await sync.EmbedAsync(connection, (await FindAsync(name, ct))!, (done, total) => progress?.Report(new("embedding", done, total)), ct);
        await writer.SetStatusAsync("complete", ct);
        return Report((await FindAsync(name, ct))!, gone.Count);
    }

    /// <summary>Removes a source with all its pages.</summary>
    /// <exception cref="KnowledgeException">There is none of that name.</exception>
    public async Task<KnowledgeSource> RemoveAsync(string name, CancellationToken ct)
    {
        var (sources, _) = await sync.ReadAsync(connection, ct);
        var ingested = sources.Where(s => !s.IsBuiltIn).ToList();
        var source = ingested.Find(s => s.Name == name) ?? throw new KnowledgeException(ingested.Count == 0
            ? "Nothing is ingested, so nothing can be removed."
            : $"There is no source '{QuotedText.Heading(name)}'. Ingested are {string.Join(", ", ingested.Select(s => s.Name))}.");
        await StoreCommand.ExecuteAsync(connection, $"DELETE FROM {Schema}.sources WHERE id = $1", ct, source.Id);
        return new KnowledgeSource(source.Name, source.Documents, source.Chunks, source.Status);
    }

    private IngestReport Report(SourceState source, int gone) => new(source.Name, source.Documents, source.Chunks, added, changed, gone,
        problems.Count <= MostProblems ? problems.ToImmutable() : [.. problems.Take(MostProblems), $"and {problems.Count - MostProblems} more"]);

    private async Task<SourceState?> FindAsync(string name, CancellationToken ct) => (await sync.ReadAsync(connection, ct)).Sources.FirstOrDefault(s => !s.IsBuiltIn && s.Name == name);

    private async Task<int> CreateAsync(string name, CancellationToken ct)
    {
        await using var insert = StoreCommand.Of(connection, $"INSERT INTO {Schema}.sources (name) VALUES ($1) RETURNING id", name);
        return (int)(await insert.ExecuteScalarAsync(ct))!;
    }

    private async Task<Dictionary<string, Guid>> ReadStoredAsync(int source, CancellationToken ct)
    {
        await using var command = StoreCommand.Of(connection, $"SELECT slug, hash FROM {Schema}.documents WHERE source_id = $1", source);
        await using var rows = await command.ExecuteReaderAsync(ct);
        var stored = new Dictionary<string, Guid>(StringComparer.Ordinal);
        while (await rows.ReadAsync(ct)) stored.Add(rows.GetString(0), rows.GetGuid(1));
        return stored;
    }

    // Read before anything is written: where nothing can be read, nothing is changed. Pages without text are kept, without pieces, so that they are not read again.
    private async Task<List<StoredPage>> ReadFreshAsync(ImmutableArray<SourceFile> files, Dictionary<string, Guid> stored, CancellationToken ct)
    {
        var fresh = new List<StoredPage>();
        var done = 0;
        foreach (var batch in files.Chunk(BatchInFiles))
        {
            ct.ThrowIfCancellationRequested();
            var pages = await Task.WhenAll(batch.Select(file => Task.Run(() => Read(file, stored), ct)));
            foreach (var (page, problem) in pages)
            {
                if (page is not null) fresh.Add(page);
                if (problem is not null) problems.Add(problem);
            }
            progress?.Report(new("reading", done += batch.Length, files.Length));
        }
        return fresh.Any(p => p.Chunks.Length > 0) || stored.Count > 0 ? fresh : [];
    }

    private static (StoredPage? Page, string? Problem) Read(SourceFile file, Dictionary<string, Guid> stored)
    {
        try
        {
            var (content, hash) = file.Read();
            return stored.TryGetValue(file.Slug, out var known) && known == hash ? (null, null) : (file.Parse(content, hash), null);
        }
        catch (KnowledgeException e)
        {
            return (null, e.Message);
        }
    }

    private async Task WriteAsync(SourceWriter writer, List<StoredPage> fresh, Dictionary<string, Guid> stored, CancellationToken ct)
    {
        var done = 0;
        foreach (var batch in fresh.Chunk(BatchInFiles))
        {
            await InTransactionAsync(async () =>
            {
                await writer.RemoveAsync(batch.Select(p => p.Slug).Where(stored.ContainsKey), ct);
                await writer.AddAsync(batch, ct);
            }, ct);
            var replaced = batch.Count(p => stored.ContainsKey(p.Slug));
            (changed, added) = (changed + replaced, added + batch.Length - replaced);
            progress?.Report(new("indexing", done += batch.Length, fresh.Count));
        }
    }

    private async Task InTransactionAsync(Func<Task> work, CancellationToken ct)
    {
        await using var transaction = await connection.BeginTransactionAsync(ct);
        await work();
        await transaction.CommitAsync(ct);
    }
}
