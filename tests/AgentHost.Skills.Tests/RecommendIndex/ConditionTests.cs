using AgentHost.Postgres;
using AgentHost.Skills.RecommendIndex;

namespace AgentHost.Skills.Tests.RecommendIndex;

/// <summary>Conditions that no btree on bare columns serves: expressions, prefixes, containment.</summary>
public sealed class ConditionTests(DocumentDatabase documents) : IClassFixture<DocumentDatabase>
{
    [Theory]
    [InlineData("lower(email) = 'u5@x.y'", "((lower(email)))", "documents_lower_email_idx")]
    [InlineData("payload ->> 'k' = '77' ORDER BY made_at DESC LIMIT 5", "(((payload ->> 'k')), made_at)", "documents_payload_k_made_at_idx")]
    [InlineData("title LIKE 'Title 1234%'", "(title text_pattern_ops)", "documents_title_idx")]
    [InlineData("email LIKE 'u1234%'", "(email)", "documents_email_idx")]
    [InlineData("lower(title) LIKE 'title 1234%'", "((lower(title)) text_pattern_ops)", "documents_lower_title_idx")]
    public async Task A_btree_that_serves_the_condition_is_recommended(string condition, string keys, string name)
    {
        var result = await AdviseAsync($"SELECT * FROM documents WHERE {condition}");
        var index = Assert.Single(result.Recommendations);
        Assert.EndsWith($"USING btree {keys};", index.Sql, StringComparison.Ordinal);
        Assert.Contains(name, index.Sql, StringComparison.Ordinal);
        Assert.Empty(result.Unpriced);
        await using var trial = await documents.Database.OpenAsync();
        await using var build = new Npgsql.NpgsqlCommand("BEGIN; " + index.Sql.Replace(" CONCURRENTLY", "", StringComparison.Ordinal) + " ROLLBACK", trial);
        await build.ExecuteNonQueryAsync();
    }

    [Theory]
    [InlineData("'t7' = ANY (tags)", "@> ARRAY")]
    [InlineData("made_at::date = '2026-01-01'", "not immutable")]
    [InlineData("tags @> '{}'", "too many rows")]
    [InlineData("title LIKE '%1_'", "no three letters")]
    public async Task A_whole_read_that_no_index_would_end_is_named(string condition, string why)
    {
        var result = await AdviseAsync($"-- name: the one\nSELECT id FROM documents WHERE {condition}");
        Assert.Empty(result.Recommendations);
        var read = Assert.Single(result.Unpriced);
        Assert.Equal(("the one", "public.documents"), (read.Query, read.Table));
        Assert.Contains(why, read.Why, StringComparison.Ordinal);
        Assert.Null(read.Sql);
        var text = IndexText.Render(result);
        Assert.DoesNotContain("No new index needed", text, StringComparison.Ordinal);
        Assert.Contains("- the one:", text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("payload @> '{\"k\": 77}'", "USING gin (payload jsonb_path_ops)")]
    [InlineData("payload ? 'k77'", "USING gin (payload)")]
    [InlineData("tags @> ARRAY['t7']", "USING gin (tags)")]
    [InlineData("owner = 7 AND tags @> ARRAY['t7']", "(owner)")]
    [InlineData("during @> timestamptz '2026-01-05'", "USING gist (during)")]
    [InlineData("to_tsvector('english', title) @@ to_tsquery('english', '12345')", "USING gin ((to_tsvector('english', title)))")]
    [InlineData("email ILIKE '%u1234@%'", "USING gin (email gin_trgm_ops)")]
    public async Task An_index_of_the_method_that_serves_the_condition_is_recommended_and_then_used(string condition, string keys)
    {
        var query = $"SELECT id FROM documents WHERE {condition}";
        var index = Assert.Single((await AdviseAsync(query)).Recommendations);
        Assert.True(index.Sql.Contains(keys, StringComparison.Ordinal), index.Sql);
        Assert.Equal("unverified", index.Verification);
        await BuiltIsUsedAsync(documents.Database, index, query);
    }

    [Fact]
    public async Task Both_arms_of_an_or_get_their_index_together()
    {
        const string query = "SELECT id FROM documents WHERE email = 'u77@x.y' OR lower(title) = 'title 88'";
        var result = await AdviseAsync(query);
        Assert.Equal(2, result.Recommendations.Length);
        await BuiltIsUsedAsync(documents.Database, result.Recommendations[0], query, result.Recommendations[1]);
    }

    internal static async Task BuiltIsUsedAsync(ScratchDatabase database, IndexRecommendation index, string query, params IndexRecommendation[] others)
    {
        await using var trial = await database.OpenAsync();
        foreach (var required in index.Requires)
            await database.ExecuteAsync(required.Replace("EXTENSION", "EXTENSION IF NOT EXISTS", StringComparison.Ordinal));
        var build = string.Concat(others.Append(index).Select(i => i.Sql.Replace(" CONCURRENTLY", "", StringComparison.Ordinal)));
        var before = await PlanAsync(trial, query);
        await using (var command = new Npgsql.NpgsqlCommand($"BEGIN; {build} ANALYZE {index.Table}", trial))
            await command.ExecuteNonQueryAsync();
        var after = await PlanAsync(trial, query);
        await using (var command = new Npgsql.NpgsqlCommand("ROLLBACK", trial))
            await command.ExecuteNonQueryAsync();
        Assert.All(others.Append(index), i => Assert.Contains($"\"Index Name\": \"{i.Sql.Replace("CONCURRENTLY ", "", StringComparison.Ordinal).Split(' ')[2]}\"", after.Text, StringComparison.Ordinal));
        Assert.True(after.Cost < 0.7 * before.Cost, $"{before.Cost} → {after.Cost}");
    }

    private static async Task<(string Text, double Cost)> PlanAsync(Npgsql.NpgsqlConnection open, string query)
    {
        await using var explain = new Npgsql.NpgsqlCommand($"EXPLAIN (FORMAT JSON) {query}", open);
        var text = (string)(await explain.ExecuteScalarAsync())!;
        using var plan = System.Text.Json.JsonDocument.Parse(text);
        return (text, plan.RootElement[0].GetProperty("Plan").GetProperty("Total Cost").GetDouble());
    }

    [Theory]
    [InlineData("kind <> 'x'")]
    [InlineData("id = 7 AND tags @> ARRAY['t7']")]
    public async Task A_read_that_no_index_would_help_or_that_uses_one_is_not_named(string condition) =>
        Assert.Empty((await AdviseAsync($"SELECT id FROM documents WHERE {condition}")).Unpriced);

    [Fact]
    public async Task A_write_to_a_column_of_the_expression_is_charged()
    {
        var read = "-- weight: 1\nSELECT id FROM documents WHERE lower(email) = 'u5@x.y';\n";
        Assert.Single((await AdviseAsync(read)).Recommendations);
        Assert.Empty((await AdviseAsync(read + "-- weight: 100000\nUPDATE documents SET email = 'a' WHERE id = 1;")).Recommendations);
    }

    [Theory]
    [InlineData("price", "numeric(8,2)")]
    [InlineData("ratio", "double precision")]
    [InlineData("owner", "integer")]
    [InlineData("kind", "text")]
    public async Task The_size_told_is_near_the_size_built(string column, string type)
    {
        var told = (await AdviseAsync($"SELECT {column} FROM documents ORDER BY {column} LIMIT 5")).Recommendations.Single().SizeBytes;
        await using var open = await documents.Database.OpenAsync();
        await using var build = new Npgsql.NpgsqlCommand($"BEGIN; CREATE INDEX sized ON documents ({column}); SELECT pg_relation_size('sized'); ", open);
        var built = (long)(await build.ExecuteScalarAsync())!;
        Assert.True(told > 0.7 * built && told < 1.4 * built, $"{column} {type}: told {told:N0}, built {built:N0}");
    }

    private Task<IndexResult> AdviseAsync(string queries) =>
        RecommendIndexEngine.RunAsync(new IndexRequest { Target = documents.Target, QueriesText = queries });
}
