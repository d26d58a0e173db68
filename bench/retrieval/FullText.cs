using AgentHost.Knowledge;
using Npgsql;

namespace AgentHost.Bench.Retrieval;

/// <summary>
/// What PostgreSQL's full-text search does by itself, for comparison: a <c>tsvector</c> a section (headings weighted A, text D), the question's words joined by OR
/// (by AND hardly a question finds anything), <c>ts_rank_cd</c> with the logarithm of the length, the best section of a page.
/// </summary>
internal static class FullText
{
    public static async Task FillAsync(NpgsqlDataSource store, DocumentLibrary library, bool withAsked)
    {
        await ExecuteAsync("DROP TABLE IF EXISTS plain_text; CREATE TABLE plain_text (slug text NOT NULL, words tsvector NOT NULL)");
        await using var connection = await store.OpenConnectionAsync();
        foreach (var page in library.Documents)
        {
            foreach (var section in page.Sections)
                await AddAsync(page.Slug, string.Join(' ', section.Path.Prepend(page.Title)), section.Text);
            foreach (var line in withAsked ? page.Asked : []) await AddAsync(page.Slug, "", line);
        }
        await ExecuteAsync("CREATE INDEX ON plain_text USING gin (words); ANALYZE plain_text");

        async Task AddAsync(string slug, string headings, string text)
        {
            await using var command = new NpgsqlCommand(
                "INSERT INTO plain_text VALUES ($1, setweight(to_tsvector('english', $2), 'A') || to_tsvector('english', $3))", connection)
            { Parameters = { new() { Value = slug }, new() { Value = headings }, new() { Value = text } } };
            await command.ExecuteNonQueryAsync();
        }

        async Task ExecuteAsync(string sql)
        {
            await using var command = store.CreateCommand(sql);
            await command.ExecuteNonQueryAsync();
        }
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
