using AgentHost.Knowledge.Store;
using Npgsql;

namespace AgentHost.Bench.Retrieval;

/// <summary>
/// What PostgreSQL's full-text search does by itself, for comparison: a <c>tsvector</c> a section (headings weighted A, text D), the question's words joined by OR
/// (by AND hardly a question finds anything), <c>ts_rank_cd</c> with the logarithm of the length, the best section of a page.
/// </summary>
internal static class FullText
{
    /// <summary>Copies the sections that the store holds (not the lines in which pages are asked for, which full text by itself would not have).</summary>
    public static async Task FillAsync(NpgsqlDataSource store)
    {
        await using var command = store.CreateCommand($"""
            DROP TABLE IF EXISTS plain_text;
            CREATE TABLE plain_text AS
              SELECT d.slug, setweight(to_tsvector('english', t.headings), 'A') || to_tsvector('english', t.text) AS words
              FROM {StoreSchema.Name}.chunk_texts t JOIN {StoreSchema.Name}.chunks c ON c.id = t.chunk_id JOIN {StoreSchema.Name}.documents d ON d.id = c.document_id WHERE NOT c.is_asked;
            CREATE INDEX ON plain_text USING gin (words);
            ANALYZE plain_text
            """);
        await command.ExecuteNonQueryAsync();
    }

    public static async Task<IReadOnlyList<string>> RankAsync(NpgsqlDataSource store, string question)
    {
        await using var command = store.CreateCommand("""
            WITH q AS (SELECT replace(plainto_tsquery('english', $1)::text, '&', '|')::tsquery AS query)
            SELECT slug FROM plain_text, q WHERE words @@ query
            GROUP BY slug ORDER BY max(ts_rank_cd(words, query, 1)) DESC, slug LIMIT 10
            """);
        command.Parameters.Add(new() { Value = question });
        var slugs = new List<string>();
        await using var rows = await command.ExecuteReaderAsync();
        while (await rows.ReadAsync()) slugs.Add(rows.GetString(0));
        return slugs;
    }
}
