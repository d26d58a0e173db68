using System.Text.Json;
using ModelContextProtocol.Client;

namespace AgentHost.EndToEnd.Tests;

/// <summary>The memory over the protocol: remembered, revised, recalled, contradicted.</summary>
public sealed class MemoryToolTests : IAsyncLifetime, IDisposable
{
    private readonly WorkspaceFolder workspace = new();
    private McpClient client = null!;

    public async Task InitializeAsync() => client = await McpClient.CreateAsync(new StdioClientTransport(new StdioClientTransportOptions
    {
        Command = Built.Host, Arguments = ["serve"], WorkingDirectory = workspace.Path,
    }));

    public async Task DisposeAsync() => await client.DisposeAsync();

    public void Dispose() => workspace.Dispose();

    private async Task<ModelContextProtocol.Protocol.CallToolResult> CallAsync(string tool, object arguments) => await client.CallToolAsync(
        tool, arguments.GetType().GetProperties().ToDictionary(property => property.Name, property => property.GetValue(arguments), StringComparer.Ordinal));

    private async Task<JsonElement> KeepAsync(object entry) => (await CallAsync("remember", entry)).Data().GetProperty("entries")[0];

    private static string Id(JsonElement entry) => entry.GetProperty("id").GetString()!;

    private static readonly string Plan = File.ReadAllText(Path.Combine(Built.Example, "plan.json"));

    private static readonly string[] Orders = ["public.orders"], Everywhere = ["*"];

    [Fact]
    public async Task Everything_an_entry_can_say_is_kept_and_recalled()
    {
        var issue = Id(await KeepAsync(new { kind = "issue", title = "Orders grow without bound", text = "No retention." }));
        var entry = await KeepAsync(new
        {
            kind = "decision", title = "Orders are kept for two years", text = "Legal asks for it.", scope = Orders, tags = new[] { "retention" },
            chooses = new[] { "key-strategy = uuidv7" }, rejects = new[] { "public.orders (note)" }, waives = new[] { "timestamp-without-tz" }, until = "2999-12-31",
            resolves = new[] { issue }, because = new[] { issue },
        });
        Assert.Equal("key-strategy = uuidv7", entry.GetProperty("chooses")[0].GetString());
        Assert.Equal("2999-12-31", entry.GetProperty("until").GetString());
        Assert.False(entry.TryGetProperty("supersedes", out _));
        Assert.False(entry.TryGetProperty("history", out _));
        var recalled = (await CallAsync("recall", new { query = issue })).Data().GetProperty("entries")[0];
        Assert.Equal($"resolved by {Id(entry)}", recalled.GetProperty("notInForce").GetString());
    }

    [Fact]
    public async Task A_contradiction_is_answered_with_the_earlier_decision_and_the_ways_out()
    {
        var earlier = Id(await KeepAsync(new { kind = "decision", title = "Keys are UUIDv7", text = "Merging shops.", scope = Orders, chooses = new[] { "key-strategy = uuidv7" } }));
        var other = new { kind = "decision", title = "Bigint keys", text = "Smaller.", scope = Orders, chooses = new[] { "key-strategy = bigint-identity" } };
        var refusal = (await CallAsync("remember", other)).Refusal();
        foreach (var part in new[] { earlier, "Keys are UUIDv7", "public.orders", "key-strategy = uuidv7", "supersedes", "narrow" })
            Assert.Contains(part, refusal, StringComparison.Ordinal);
        var later = Id(await KeepAsync(new { other.kind, other.title, other.text, other.scope, other.chooses, supersedes = new[] { earlier } }));
        Assert.Contains($"not in force: superseded by {later}", (await CallAsync("recall", new { query = earlier })).Text(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Revise_settles_closes_reopens_and_replaces()
    {
        var issue = Id(await KeepAsync(new { kind = "issue", title = "Slow report", text = "A sequential scan.", scope = Orders }));
        Assert.StartsWith($"{issue} is now resolved", (await CallAsync("revise", new { id = issue, action = "resolve", text = "An index serves it." })).Text(), StringComparison.Ordinal);
        Assert.Contains("An index serves it.", (await CallAsync("recall", new { query = issue })).Text(), StringComparison.Ordinal);
        Assert.StartsWith($"{issue} is now open", (await CallAsync("revise", new { id = issue, action = "reopen", text = "Slow again." })).Text(), StringComparison.Ordinal);

        var decision = Id(await KeepAsync(new { kind = "decision", title = "Keys are UUIDv7", text = "Merging shops.", scope = Orders, chooses = new[] { "key-strategy = uuidv7" } }));
        var replaced = (await CallAsync("revise", new { id = decision, action = "supersede", title = "Keys are bigint", text = "Merging is off.", chooses = new[] { "key-strategy = bigint-identity" } })).Data().GetProperty("entries")[0];
        Assert.Equal("public.orders", replaced.GetProperty("scope")[0].GetString());
        Assert.Equal("key-strategy = bigint-identity", replaced.GetProperty("chooses")[0].GetString());
        Assert.Equal(decision, replaced.GetProperty("supersedes")[0].GetString());
        Assert.Contains(Id(replaced), (await CallAsync("revise", new { id = decision, action = "supersede", title = "Again", text = "x" })).Refusal(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Revise_refuses_what_it_cannot_do()
    {
        Assert.Contains("no entry", (await CallAsync("revise", new { id = "D-1", action = "close", text = "x" })).Refusal(), StringComparison.Ordinal);
        Assert.Contains("one of supersede, resolve, close, reopen", (await CallAsync("revise", new { id = "D-1", action = "drop", text = "x" })).Refusal(), StringComparison.Ordinal);
        var id = Id(await KeepAsync(new { kind = "learning", title = "A learning", text = "x" }));
        Assert.Contains("title", (await CallAsync("revise", new { id, action = "supersede", text = "x" })).Refusal(), StringComparison.Ordinal);
        Assert.Contains("Only supersede", (await CallAsync("revise", new { id, action = "close", text = "x", title = "y" })).Refusal(), StringComparison.Ordinal);
        Assert.Contains("only issues", (await CallAsync("revise", new { id, action = "resolve", text = "x" })).Refusal(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_is_no_rule_no_day_and_no_id_is_refused()
    {
        Assert.Contains("did you mean 'timestamp-without-tz'", (await CallAsync("remember", new { kind = "decision", title = "t", text = "x", scope = Everywhere, waives = new[] { "timestamp-without-timezone" } })).Refusal(), StringComparison.Ordinal);
        Assert.Contains("2027-01-31", (await CallAsync("remember", new { kind = "decision", title = "t", text = "x", until = "soon" })).Refusal(), StringComparison.Ordinal);
        Assert.Contains("D-0001", (await CallAsync("remember", new { kind = "decision", title = "t", text = "x", supersedes = new[] { "D-0001" } })).Refusal(), StringComparison.Ordinal);
        Assert.Contains("password", (await CallAsync("remember", new { kind = "learning", title = "t", text = "password=hunter22x" })).Refusal(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_fresh_context_reads_the_digest_and_works_again()
    {
        for (var i = 0; i < 20; i++)
        {
            await KeepAsync(new { kind = "issue", title = $"Open issue number {i} about some table of the shop", text = new string('i', 300) + " and " + new string('j', 300), scope = Orders });
            await KeepAsync(new { kind = "decision", title = $"Decision number {i} that binds what is designed", text = string.Concat(Enumerable.Repeat("Reasons were weighed. ", 40)), scope = Orders });
            await KeepAsync(new { kind = "learning", title = $"Learning number {i}", text = "Short." });
        }
        await CallAsync("review_migration", new { sql = "DROP TABLE orders;" });
        var digest = await CallAsync("recall", new { });
        Assert.StartsWith("20 open issues, 20 decisions in force, 20 learnings.", digest.Text(), StringComparison.Ordinal);
        Assert.Contains("(45 more: recall with words", digest.Text(), StringComparison.Ordinal);
        Assert.Contains("Decision number", digest.Text(), StringComparison.Ordinal);
        Assert.Contains("review_migration <sql>", digest.Text(), StringComparison.Ordinal);
        Assert.InRange(digest.Text().Length, 1500, 4 * 1200);
        Assert.InRange(digest.Data().GetRawText().Length, 1500, 4 * 1200);
        var call = digest.Data().GetProperty("lastCalls")[0];
        Assert.Equal("review_migration", call.GetProperty("tool").GetString());
        Assert.StartsWith("unsafe", call.GetProperty("verdict").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_search_of_long_entries_fits_and_one_entry_is_whole()
    {
        string id = "";
        for (var i = 0; i < 10; i++)
            id = Id(await KeepAsync(new { kind = "learning", title = $"Vacuum on big tables {i}", text = string.Concat(Enumerable.Repeat("Freezing took hours. ", 200)) }));
        var found = await CallAsync("recall", new { query = "vacuum" });
        Assert.Equal(10, found.Data().GetProperty("entries").GetArrayLength());
        Assert.InRange(found.Data().GetRawText().Length, 3000, 4 * 2000);
        Assert.Contains($"recall {id}", found.Text(), StringComparison.Ordinal);
        Assert.Equal(4199, (await CallAsync("recall", new { query = id })).Data().GetProperty("entries")[0].GetProperty("text").GetString()!.Length);
    }

    [Fact]
    public async Task Places_that_cannot_be_read_are_told_with_their_line()
    {
        workspace.Write("memory/decisions.md", "# Decisions\n\n## A heading without an id\n\ntext\n");
        var digest = await CallAsync("recall", new { });
        Assert.Contains("memory not read: decisions.md:3:", digest.Text(), StringComparison.Ordinal);
        Assert.StartsWith("decisions.md:3:", digest.Data().GetProperty("problems")[0].GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Record_keeps_what_an_answer_proposes_and_says_the_ids()
    {
        var plan = await CallAsync("explain_plan", new { plan = Plan, record = true });
        var id = plan.Data().GetProperty("recorded")[0].GetString()!;
        Assert.Contains($"recorded: {id}", plan.Text(), StringComparison.Ordinal);
        Assert.False(plan.Data().TryGetProperty("proposals", out _));
        Assert.Contains(id, (await CallAsync("recall", new { query = id })).Text(), StringComparison.Ordinal);
        Assert.Contains("nothing to record", (await CallAsync("explain_plan", new { plan = Plan, record = true })).Text(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_cannot_be_recorded_is_told_and_fails_nothing()
    {
        workspace.Write("memory", "not a folder");
        var answer = await CallAsync("explain_plan", new { plan = Plan, record = true });
        Assert.NotEqual(true, answer.IsError);
        Assert.Contains("not recorded: ", answer.Text(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_search_of_the_pages_shows_what_the_project_decided_itself()
    {
        var id = Id(await KeepAsync(new { kind = "decision", title = "Partition only by month", text = "Smaller parts cost planning time.", tags = new[] { "partitioning" } }));
        var found = await CallAsync("search_best_practices", new { query = "partitioning a large table by time" });
        Assert.Equal(id, found.Data().GetProperty("precedents")[0].GetProperty("id").GetString());
        Assert.Contains($"decided before: {id}", found.Text(), StringComparison.Ordinal);
    }
}
