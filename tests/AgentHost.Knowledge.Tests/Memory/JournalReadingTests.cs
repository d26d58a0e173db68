using System.Text.Json;
using AgentHost.Knowledge.Memory;

namespace AgentHost.Knowledge.Tests.Memory;

public sealed class JournalReadingTests : IDisposable
{
    private readonly TemporaryFolder folder = new();
    private readonly DateTimeOffset today = new(2026, 11, 21, 12, 0, 0, TimeSpan.Zero);
    private readonly MemoryJournal journal;

    public JournalReadingTests() => journal = new MemoryJournal(folder.Memory, workspace: null, new FixedClock(today));

    public void Dispose() => folder.Dispose();

    [Fact]
    public void Entries_written_by_hand_are_read_generously()
    {
        folder.Write("decisions.md", "\uFEFF# Decisions\r\n\r\n## D-0007: No enums\r\n\r\n* Tags: types\r\n* Scope: Billing.*, \"Odd Name\"\r\n\r\nLookup tables.\r\n");
        var entry = Assert.Single(journal.Entries);
        Assert.Equal(("D-0007", "No enums", "Lookup tables.", "accepted", 3), (entry.Id, entry.Title, entry.Text, entry.Status, entry.Line));
        Assert.Equal("Billing.*, \"Odd Name\"", string.Join(", ", entry.Scopes));
        Assert.Empty(journal.Problems);
    }

    [Fact]
    public void What_does_not_read_as_an_entry_is_reported_with_its_line_and_left_alone()
    {
        var content = "# Issues\n\n## Slow report\ntext\n\n## D-1: Wrong file\n\n## I-1: First\n- when: yesterday\n- colour: red\n\n## I-1: Again\n- until: soon\n";
        var path = folder.Write("issues.md", content);
        Assert.Equal(["I-1", "I-1"], journal.Entries.Select(e => e.Id));
        Assert.Equal([3, 6, 9, 10, 12, 13], journal.Problems.Select(p => p.Line).Order());
        Assert.All(journal.Problems, p => Assert.Equal("issues.md", p.File));
        Assert.Equal(content, File.ReadAllText(path));
    }

    [Fact]
    public void An_edit_by_hand_is_seen_by_the_next_call()
    {
        folder.Write("issues.md", "## I-1: First\n");
        Assert.Single(journal.Entries);
        folder.Write("issues.md", "## I-1: First\n\n## I-2: Second\n");
        Assert.Equal(2, journal.Entries.Length);
        File.Delete(Path.Combine(folder.Memory, "issues.md"));
        Assert.Empty(journal.Entries);
    }

    [Fact]
    public void Headings_within_a_code_block_are_text_but_an_entry_heading_never_is()
    {
        folder.Write("learnings.md", "## L-1: One\n\n```sh\n## a comment\n```\n\n## L-2: Two\n\n```\nnever closed\n\n## L-3: Three\n");
        Assert.Equal(["L-1", "L-2", "L-3"], journal.Entries.Select(e => e.Id));
        Assert.Empty(journal.Problems);
    }

    [Fact]
    public void A_query_ranks_entries_by_the_words_they_share_with_it()
    {
        folder.Write("learnings.md", "## L-1: Orders are partitioned by month\n\nThe orders table has 900 million rows.\n\n## L-2: Vacuum runs late\n\nAutovacuum starves on events.\n");
        folder.Write("decisions.md", "## D-1: Keys are bigint\n- tags: keys\n\nIdentity columns in every table.\n");
        Assert.Equal("L-1", journal.Recall("how big is the order table", 5)[0].Id);
        Assert.Equal(["L-2"], journal.Recall("vacuuming", 5).Select(e => e.Id));
        Assert.Equal(["D-1"], journal.Recall("d-1", 5).Select(e => e.Id));
        Assert.Empty(journal.Recall("kubernetes", 5));
    }

    [Fact]
    public void Without_a_query_the_digest_shows_open_issues_then_decisions_in_force_then_learnings()
    {
        folder.Write("issues.md", "## I-1: Old\n- when: 2026-01-01T00:00:00Z\n\n## I-2: Closed\n- status: closed\n\n## I-3: New\n- when: 2026-02-01T00:00:00Z\n\n## I-4: Settled\n");
        folder.Write("decisions.md", "## D-1: First\n\n## D-2: Second\n- when: 2026-03-01T00:00:00Z\n- supersedes: D-1\n- resolves: I-4\n\n## D-3: Ended\n- until: 2026-11-20\n");
        folder.Write("learnings.md", "## L-1: Known\n\n## L-2: No more\n- status: outdated\n");
        Assert.Equal(["I-3", "I-1", "D-2", "L-1"], journal.Recall(" ", 10).Select(e => e.Id));
        Assert.Equal(["I-3", "D-2", "L-1"], journal.Recall(null, 3).Select(e => e.Id));
    }

    [Theory]
    [InlineData("timestamp-without-tz", "public.orders", "D-1")]
    [InlineData("timestamp-without-tz", "orders", "D-1")]
    [InlineData("timestamp-without-tz", "billing.invoices", "D-1")]
    [InlineData("timestamp-without-tz", "public.reorders", null)]
    [InlineData("timestamp-without-tz", "sales.orders", null)]
    [InlineData("timestamp-without-tz", null, null)]
    [InlineData("drop-column", "public.orders", null)]
    [InlineData("missing-lock-timeout", null, "D-2")]
    [InlineData("expired", "public.orders", null)]
    [InlineData("last-day", "public.orders", "D-4")]
    [InlineData("no-scope", "public.orders", null)]
    [InlineData("rejected", "public.orders", null)]
    [InlineData("bad-day", "public.orders", null)]
    public void A_waiver_holds_only_in_its_scope_and_time(string rule, string? relation, string? expected)
    {
        folder.Write("decisions.md", """
            ## D-1: Local times here
            - scope: orders, billing.*
            - waives: timestamp-without-tz

            ## D-2: The runner sets timeouts
            - scope: *
            - waives: missing-lock-timeout

            ## D-3: Gone
            - scope: *
            - waives: expired
            - until: 2026-11-20

            ## D-4: Ends today
            - scope: *
            - waives: last-day
            - until: 2026-11-21

            ## D-5: Nowhere
            - waives: no-scope

            ## D-6: Turned down
            - scope: *
            - waives: rejected
            - status: rejected

            ## D-7: Unreadable day
            - scope: *
            - waives: bad-day
            - until: next year
            """);
        Assert.Equal(expected, journal.Waivers().For(rule, relation)?.Id);
    }

    [Fact]
    public void Entries_are_about_tables_by_scope_or_topic()
    {
        folder.Write("decisions.md", """
            ## D-1: Orders keep local times
            - scope: public.orders

            ## D-2: Billing is frozen
            - scope: billing.*

            ## D-3: Always identity keys
            - tags: primary-key-choice

            ## D-4: Naming of tables
            - tags: naming

            ## D-5: Invoices are never deleted
            - scope: billing.*
            - tags: soft-delete
            """);
        folder.Write("issues.md", "## I-1: The reorders job hangs\n\nIt locks public.orders_archive.\n\n## I-2: Deadlocks\n\nSeen on public.orders at night.\n");
        Assert.Equal(["D-1", "I-2"], journal.Concerning(["public.orders"], [], 9).Select(e => e.Id));
        Assert.Equal(["D-1", "D-3", "I-2"], journal.Concerning(["public.orders"], ["primary-key-choice"], 9).Select(e => e.Id));
        Assert.Equal(["D-5"], journal.Concerning(["billing.invoices"], ["soft-delete"], 9).Select(e => e.Id));
        Assert.Empty(journal.Concerning(["public.customers"], ["drop-column"], 9));
    }

    [Fact]
    public void An_entry_bears_on_a_case_that_raises_its_matter_and_not_on_one_that_only_shares_its_table()
    {
        folder.Write("learnings.md", """
            ## L-1: Indexing last_seen_at doubled the writes of customers
            - scope: public.customers

            With the index no update was HOT any more.

            ## L-2: A trigram index made the import slow
            - scope: public.products
            """);
        folder.Write("decisions.md", "## D-1: Orders keep local times\n- scope: public.orders\n- waives: timestamp-without-tz\n");
        Assert.Equal(["L-1"], Shown("public.customers", "CREATE INDEX CONCURRENTLY ON customers (last_seen_at);"));
        Assert.Empty(Shown("public.customers", "ALTER TABLE customers ADD COLUMN note text;"));
        Assert.Empty(Shown("public.orders", "CREATE INDEX CONCURRENTLY ON orders (last_seen_at);"));
        Assert.Equal(["D-1"], Shown("public.orders", "ALTER TABLE orders ADD COLUMN placed_at timestamp;", "timestamp-without-tz"));
        Assert.Empty(Shown("public.invoices", "ALTER TABLE invoices ADD COLUMN placed_at timestamp;", "timestamp-without-tz"));

        IEnumerable<string> Shown(string relation, string sql, params string[] topics) => journal.Bearing(new MemoryCase([relation], [.. topics], sql)).Select(entry => entry.Id);
    }

    [Fact]
    public async Task An_entry_serialises_as_the_contract_says()
    {
        var entry = await journal.AppendAsync(new NewEntry(MemoryKind.Learning, "t", "x") { By = "me", Scopes = ["a.b"] });
        var json = JsonSerializer.Serialize(entry, JsonSerializerOptions.Web);
        Assert.Equal($$"""{"id":"{{entry.Id}}","kind":"learning","title":"t","text":"x","tags":[],"scope":["a.b"],"status":"noted","when":"2026-11-21T12:00:00+00:00","by":"me","waives":[],"supersedes":[],"resolves":[],"because":[],"chooses":[],"rejects":[],"history":[]}""", json.Replace("\\u002B", "+"));
    }
}
