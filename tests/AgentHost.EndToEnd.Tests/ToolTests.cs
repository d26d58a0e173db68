using System.Text.Json;

namespace AgentHost.EndToEnd.Tests;

/// <summary>Every tool, used well and used badly.</summary>
public sealed class ToolTests(RunningHost host) : IClassFixture<RunningHost>
{
    private static readonly JsonSerializerOptions Relaxed = new() { Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private static readonly string[] Names =
        ["design_schema", "review_migration", "explain_plan", "recommend_index", "search_best_practices", "recall", "remember", "revise"];

    [Fact]
    public async Task Every_tool_is_listed_with_title_schemas_and_annotations()
    {
        var tools = await host.Client.ListToolsAsync();
        Assert.Equal(Names.Order(), tools.Select(tool => tool.Name).Order());
        foreach (var tool in tools.Select(tool => tool.ProtocolTool))
        {
            Assert.NotEmpty(tool.Title!);
            Assert.NotEmpty(tool.Description!);
            Assert.Equal("object", tool.InputSchema.GetProperty("type").GetString());
            Assert.Equal("object", tool.OutputSchema!.Value.GetProperty("type").GetString());
            Assert.Equal(tool.Name is "recall" or "search_best_practices", tool.Annotations!.ReadOnlyHint);
            Assert.False(tool.Annotations.DestructiveHint);
            Assert.NotNull(tool.Annotations.OpenWorldHint);
            Assert.NotNull(tool.Annotations.IdempotentHint);
        }
    }

    [Fact]
    public async Task The_list_of_tools_is_thrifty()
    {
        // JSON of this kind has about four characters a token: the aim of 2,500 tokens.
        var tools = await host.Client.ListToolsAsync();
        Assert.InRange(tools.Sum(tool => JsonSerializer.Serialize(tool.ProtocolTool).Length), 1, 10_000);
    }

    [Fact]
    public async Task Design_schema_gives_files_that_have_run()
    {
        var result = await host.CallAsync("design_schema", new { path = "model.yaml" });
        var data = result.Data();
        Assert.True(data.GetProperty("proof").GetProperty("upAgain").GetBoolean());
        Assert.Contains(data.GetProperty("files").EnumerateArray(), file => file.GetProperty("name").GetString() == "erd.mmd");
        Assert.Contains("CREATE TABLE", result.Text(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Design_schema_refuses_what_is_no_model_with_line_and_column()
    {
        var refusal = (await host.CallAsync("design_schema", new { model = "entities: [ {" })).Refusal();
        Assert.Contains("line", refusal, StringComparison.OrdinalIgnoreCase);
    }

    [Fact]
    public async Task Review_migration_finds_what_is_unsafe_and_says_how_it_is_safe()
    {
        var result = await host.CallAsync("review_migration", new { sql = "CREATE INDEX i ON orders (customer_id);", schema = "CREATE TABLE orders (id bigint PRIMARY KEY, customer_id bigint);" });
        var file = Assert.Single(result.Data().GetProperty("files").EnumerateArray());
        Assert.Equal("unsafe", file.GetProperty("verdict").GetString());
        var finding = file.GetProperty("findings").EnumerateArray().First(candidate => candidate.GetProperty("severity").GetString() == "error");
        Assert.Contains("CONCURRENTLY", finding.GetProperty("fix").GetProperty("sql").GetString(), StringComparison.Ordinal);
        Assert.StartsWith("UNSAFE", result.Text(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_review_of_ten_statements_with_three_hazards_costs_at_most_900_tokens()
    {
        const string Schema = """
            CREATE TABLE customers (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, email text);
            CREATE TABLE orders (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, customer_id bigint NOT NULL, total numeric);
            """;
        const string Migration = """
            SET lock_timeout = '2s';
            ALTER TABLE orders ADD COLUMN note text;
            ALTER TABLE orders ADD COLUMN priority integer NOT NULL DEFAULT 0;
            CREATE INDEX orders_note_idx ON orders (note);
            CREATE TABLE order_events (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, order_id bigint NOT NULL, at timestamptz NOT NULL DEFAULT now());
            CREATE INDEX ON order_events (order_id);
            ALTER TABLE orders ADD CONSTRAINT orders_customer_fk FOREIGN KEY (customer_id) REFERENCES customers (id);
            UPDATE orders SET note = '' WHERE note IS NULL AND id = 7;
            ALTER TABLE customers ALTER COLUMN email SET NOT NULL;
            COMMENT ON TABLE order_events IS 'What happened';
            """;
        var result = await host.CallAsync("review_migration", new { sql = Migration, schema = Schema, transaction = "off" });
        var findings = result.Data().GetProperty("files")[0].GetProperty("findings").EnumerateArray().ToList();
        Assert.Equal(3, findings.Count(finding => finding.GetProperty("severity").GetString() == "error"));
        Assert.Equal(findings.Count, findings.Select(finding => finding.GetProperty("rule").GetString()).Distinct().Count());
        // About four characters a token, for the text as for the data: a client shows its model the one or the other.
        Assert.InRange(result.Text().Length, 1, 4 * 900);
        Assert.InRange(JsonSerializer.Serialize(result.Data(), Relaxed).Length, 1, 4 * 900);
    }

    [Fact]
    public async Task Review_migration_needs_a_migration_and_only_one()
    {
        Assert.Contains("'sql'", (await host.CallAsync("review_migration", new { })).Refusal(), StringComparison.Ordinal);
        Assert.Contains("not both", (await host.CallAsync("review_migration", new { sql = ";", path = "schema.sql" })).Refusal(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Review_migration_reads_schema_and_sizes_of_a_target()
    {
        var result = await host.CallAsync("review_migration", new { sql = "CREATE INDEX i ON orders (total);", target = "app" });
        var finding = result.Data().GetProperty("files")[0].GetProperty("findings").EnumerateArray().Single(found => found.GetProperty("rule").GetString() == "index-not-concurrent");
        Assert.Contains(finding.GetProperty("evidence").EnumerateArray(), evidence => evidence.GetProperty("kind").GetString() == "tableSize" && evidence.GetProperty("bytes").GetInt64() > 0);
        Assert.Contains("app", (await host.CallAsync("review_migration", new { sql = "SELECT 1;", target = "prod" })).Refusal(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Explain_plan_explains_a_query_on_a_target()
    {
        var result = await host.CallAsync("explain_plan", new { query = "SELECT sum(total) FROM orders WHERE customer_id = 17", target = "app", analyze = true });
        Assert.True(result.Data().GetProperty("summary").GetProperty("nodes").GetInt32() >= 2);
    }

    [Fact]
    public async Task Explain_plan_refuses_what_is_no_plan_and_what_writes()
    {
        Assert.Contains("EXPLAIN", (await host.CallAsync("explain_plan", new { plan = "it is slow" })).Refusal(), StringComparison.Ordinal);
        Assert.NotEmpty((await host.CallAsync("explain_plan", new { query = "DELETE FROM orders", target = "app", analyze = true })).Refusal());
    }

    [Fact]
    public async Task An_unknown_target_is_answered_with_the_known_ones()
    {
        var refusal = (await host.CallAsync("explain_plan", new { query = "SELECT 1", target = "prod" })).Refusal();
        Assert.Contains("app", refusal, StringComparison.Ordinal);
        Assert.Contains("THIS_IS_NOT_SET", (await host.CallAsync("explain_plan", new { query = "SELECT 1", target = "unset" })).Refusal(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_secret_is_in_no_answer_and_no_log()
    {
        var refusal = (await host.CallAsync("explain_plan", new { query = "SELECT 1", target = "gone" })).Refusal();
        Assert.DoesNotContain(RunningHost.Password, refusal, StringComparison.Ordinal);
        Assert.DoesNotContain(host.Errors, line => line.Contains(RunningHost.Password, StringComparison.Ordinal));
    }

    [Fact]
    public async Task Recommend_index_prices_an_index_for_a_query()
    {
        var result = await host.CallAsync("recommend_index", new { target = "app", queries = "SELECT id FROM orders WHERE customer_id = 17;" });
        var recommendation = result.Data().GetProperty("recommendations").EnumerateArray().First();
        Assert.Contains("customer_id", recommendation.GetProperty("sql").GetString(), StringComparison.Ordinal);
        Assert.True(recommendation.GetProperty("costAfter").GetDouble() < recommendation.GetProperty("costBefore").GetDouble());
    }

    [Fact]
    public async Task Recommend_index_needs_queries()
    {
        Assert.NotEmpty((await host.CallAsync("recommend_index", new { target = "app" })).Refusal());
        Assert.NotEmpty((await host.CallAsync("recommend_index", new { target = "app", queries = "SELEC 1" })).Refusal());
    }

    [Fact]
    public async Task Search_best_practices_gives_pages_with_their_source()
    {
        var result = await host.CallAsync("search_best_practices", new { query = "bigint or uuid primary key", k = 3 });
        var first = result.Data().GetProperty("results").EnumerateArray().First();
        Assert.Equal("primary-key-choice", first.GetProperty("document").GetString());
        Assert.True(File.Exists(Path.Combine(Built.Repository, first.GetProperty("source").GetString()!)));
    }

    [Fact]
    public async Task Search_best_practices_refuses_a_query_of_nothing_and_a_number_out_of_range()
    {
        Assert.NotEmpty((await host.CallAsync("search_best_practices", new { query = " " })).Refusal());
        Assert.Contains("from 1 to 50", (await host.CallAsync("search_best_practices", new { query = "locks", k = 1000 })).Refusal(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_is_remembered_is_recalled_with_the_client_that_said_it()
    {
        var written = (await host.CallAsync("remember", new { kind = "decision", title = "Zebra keys are bigint", text = "Because they sort.", scope = new[] { "public.zebras" } }))
            .Data().GetProperty("entries").EnumerateArray().Single();
        var recalled = (await host.CallAsync("recall", new { query = written.GetProperty("id").GetString() })).Data().GetProperty("entries").EnumerateArray().Single();
        Assert.Equal("Zebra keys are bigint", recalled.GetProperty("title").GetString());
        Assert.Equal("public.zebras", recalled.GetProperty("scope")[0].GetString());
        Assert.NotEmpty(recalled.GetProperty("by").GetString()!);
        Assert.Contains("Zebra keys", await File.ReadAllTextAsync(Path.Combine(host.Workspace.Path, "memory/decisions.md")), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Remember_and_recall_refuse_what_they_cannot_use()
    {
        Assert.Contains("one of", (await host.CallAsync("remember", new { kind = "rumour", title = "t", text = "x" })).Refusal(), StringComparison.Ordinal);
        Assert.Contains("needs", (await host.CallAsync("remember", new { kind = "issue", text = "x" })).Refusal(), StringComparison.Ordinal);
        Assert.Contains("from 1 to 100", (await host.CallAsync("recall", new { max = 0 })).Refusal(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_argument_that_is_not_known_is_refused_with_the_known_ones()
    {
        var refusal = (await host.CallAsync("recall", new { question = "x" })).Refusal();
        Assert.Contains("query, max", refusal, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Structured_content_has_what_the_output_schema_requires()
    {
        var schemas = (await host.Client.ListToolsAsync()).ToDictionary(tool => tool.Name, tool => tool.ProtocolTool.OutputSchema!.Value, StringComparer.Ordinal);
        foreach (var (tool, arguments) in new (string, object)[]
        {
            ("design_schema", new { path = "model.yaml" }),
            ("review_migration", new { sql = "DROP TABLE orders;" }),
            ("explain_plan", new { query = "SELECT 1", target = "app" }),
            ("recommend_index", new { target = "app", queries = "SELECT 1 FROM orders WHERE status = 'open';" }),
            ("search_best_practices", new { query = "locks" }),
            ("recall", new { }),
        })
        {
            var data = (await host.CallAsync(tool, arguments)).Data();
            foreach (var required in schemas[tool].GetProperty("required").EnumerateArray())
                Assert.True(data.TryGetProperty(required.GetString()!, out _), $"{tool}: {required} is missing");
            foreach (var member in data.EnumerateObject())
                Assert.True(schemas[tool].GetProperty("properties").TryGetProperty(member.Name, out _), $"{tool}: {member.Name} is not in the output schema");
        }
    }
}
