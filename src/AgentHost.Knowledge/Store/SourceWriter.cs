using System.Collections.Immutable;
using System.Globalization;
using Npgsql;

namespace AgentHost.Knowledge.Store;

/// <summary>A page as it is stored.</summary>
/// <param name="Slug">By which it is cited.</param>
/// <param name="Skill">The skill of a built-in page, or null.</param>
/// <param name="Kind"><c>reference</c>, <c>rule</c>, …; <c>quoted</c> for what was ingested.</param>
/// <param name="Path">Where it lies.</param>
/// <param name="Hash">Changes with the page's text and with the way in which it is cut.</param>
/// <param name="Chunks">Its pieces.</param>
internal sealed record StoredPage(string Slug, string? Skill, string Kind, string Path, Guid Hash, ImmutableArray<Chunk> Chunks);

/// <summary>Writes pages into a source. Whoever calls holds the store's lock and a transaction.</summary>
internal sealed class SourceWriter(NpgsqlConnection connection, int source, bool isBuiltIn)
{
    private const string Schema = StoreSchema.Name;

    private const string InsertChunks = $"""
        WITH given AS (
          SELECT * FROM unnest($1::integer[], $2::integer[], $3::integer[], $4::boolean[], $5::uuid[], $6::text[], $7::text[], $8::text[], $9::text[], $10::text[])
            AS g (id, document_id, ordinal, is_asked, hash, section, headings, text, prose, names)
        ), texts AS (
          INSERT INTO {Schema}.chunks (id, document_id, source_id, is_builtin, is_asked, hash, words)
          SELECT id, document_id, $11, $12, is_asked, hash,
            setweight(to_tsvector('english', headings), 'A') || setweight(to_tsvector('english', prose), CASE WHEN is_asked THEN 'A' ELSE 'C' END::"char")
            || array_to_tsvector(string_to_array(names, ' '))
          FROM given
        )
        INSERT INTO {Schema}.chunk_texts (chunk_id, ordinal, section, headings, text) SELECT id, ordinal, section, headings, text FROM given
        """;

    /// <summary>Adds pages that the source does not hold.</summary>
    public async Task AddAsync(IReadOnlyCollection<StoredPage> pages, CancellationToken ct)
    {
        if (pages.Count == 0) return;
        var firstPage = await ReserveAsync("documents", pages.Count, ct);
        await StoreCommand.ExecuteAsync(connection, $"""
            INSERT INTO {Schema}.documents (id, source_id, slug, skill, kind, path, has_asked, hash)
            SELECT id, $8, slug, skill, kind, path, has_asked, hash
            FROM unnest($1::integer[], $2::text[], $3::text[], $4::text[], $5::text[], $6::boolean[], $7::uuid[]) AS p (id, slug, skill, kind, path, has_asked, hash)
            """, ct,
            Enumerable.Range(firstPage, pages.Count).ToArray(), Of(pages, p => p.Slug), pages.Select(p => p.Skill).ToArray(), Of(pages, p => p.Kind), Of(pages, p => p.Path),
            Of(pages, p => p.Chunks.Any(c => c.IsAsked)), Of(pages, p => p.Hash), source);

        var chunks = pages.SelectMany((page, index) => page.Chunks.Select((chunk, ordinal) => (Page: firstPage + index, Ordinal: ordinal, Chunk: chunk))).ToList();
        if (chunks.Count == 0) return;
        var first = await ReserveAsync("chunks", chunks.Count, ct);
        await StoreCommand.ExecuteAsync(connection, InsertChunks, ct,
            Enumerable.Range(first, chunks.Count).ToArray(), Of(chunks, c => c.Page), Of(chunks, c => c.Ordinal), Of(chunks, c => c.Chunk.IsAsked), Of(chunks, c => c.Chunk.Hash),
            Of(chunks, c => c.Chunk.Section), Of(chunks, c => c.Chunk.Headings), Of(chunks, c => c.Chunk.Text), Of(chunks, c => c.Chunk.IsAsked ? c.Chunk.Text : Chunk.Prose(c.Chunk.Text)),
            Of(chunks, c => string.Join(' ', c.Chunk.NameWords)), source, isBuiltIn);
    }

    /// <summary>Removes pages with all that hangs on them.</summary>
    public Task RemoveAsync(IEnumerable<string> slugs, CancellationToken ct) =>
        StoreCommand.ExecuteAsync(connection, $"DELETE FROM {Schema}.documents WHERE source_id = $1 AND slug = ANY ($2)", ct, source, slugs.ToArray());

    /// <summary>Says how far the source is: <c>loading</c>, <c>updating</c> or <c>complete</c>.</summary>
    public Task SetStatusAsync(string status, CancellationToken ct) => StoreCommand.ExecuteAsync(connection, $"UPDATE {Schema}.sources SET status = $2 WHERE id = $1", ct, source, status);

    /// <summary>Counts the source's pages, pieces and words: it is at a new revision.</summary>
    public async Task CountAsync(CancellationToken ct)
    {
        var number = source.ToString(CultureInfo.InvariantCulture);
        await StoreCommand.ExecuteAsync(connection, $"DELETE FROM {Schema}.word_counts WHERE source_id = $1", ct, source);
        await StoreCommand.ExecuteAsync(connection, $"INSERT INTO {Schema}.word_counts (lexeme, source_id, found) SELECT word, $1, ndoc FROM ts_stat('SELECT words FROM {Schema}.chunks WHERE source_id = {number}')", ct, source);
        await StoreCommand.ExecuteAsync(connection, $"""
            UPDATE {Schema}.sources SET revision = revision + 1, changed = now(), used = current_date,
              documents = (SELECT count(*) FROM {Schema}.documents WHERE source_id = $1), chunks = (SELECT count(*) FROM {Schema}.chunks WHERE source_id = $1)
            WHERE id = $1
            """, ct, source);
    }

    // Only the holder of the store's lock takes numbers, so that they follow each other.
    private async Task<int> ReserveAsync(string table, int count, CancellationToken ct)
    {
        await using var command = StoreCommand.Of(connection, $"SELECT setval(s.name, nextval(s.name) + $1 - 1)::integer - $1 + 1 FROM pg_get_serial_sequence('{Schema}.{table}', 'id') AS s (name)", count);
        return (int)(await command.ExecuteScalarAsync(ct))!;
    }

    private static TValue[] Of<T, TValue>(IEnumerable<T> items, Func<T, TValue> value) => [.. items.Select(value)];
}
