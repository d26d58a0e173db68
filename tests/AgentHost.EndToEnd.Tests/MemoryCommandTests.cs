using System.Text.Json;

namespace AgentHost.EndToEnd.Tests;

/// <summary>The memory on the command line.</summary>
public sealed class MemoryCommandTests : IDisposable
{
    private const string Decisions = """
        # Decisions

        ## D-0001: Keys are UUIDv7
        - when: 2026-01-01T10:00:00Z
        - by: ada
        - scope: public.*
        - tags: keys
        - chooses: key-strategy = uuidv7

        Shops are merged.

        ## D-0002: Timestamps stay
        - when: 2026-01-02T10:00:00Z
        - scope: public.orders
        - waives: timestamp-without-tz
        - until: 2026-01-31

        Until the report is rewritten.

        ## D-0003: Notes are text
        - when: 2026-01-03T10:00:00Z
        - supersedes: D-0004

        Text.

        ## D-0004: Notes are varchar

        Text.

        """;

    private readonly WorkspaceFolder workspace = new();

    public MemoryCommandTests() => workspace.Write("memory/decisions.md", Decisions);

    public void Dispose() => workspace.Dispose();

    [Fact]
    public async Task What_a_design_chose_is_kept_at_once_where_record_asks_for_it_and_the_next_design_follows_it()
    {
        const string model = "name: notes\nentities:\n  note:\n    attributes: { body: long text }\n";
        workspace.Write("model.yaml", model);
        var first = await RunAsync("design", "--model", "model.yaml", "--out", "schema", "--record");
        Assert.Equal(0, first.ExitCode);
        var id = first.Output[(first.Output.IndexOf("recorded: ", StringComparison.Ordinal) + "recorded: ".Length)..][.."D-20261122-7f3ak2".Length];
        Assert.Contains($"## {id}: ", File.ReadAllText(Path.Combine(workspace.Path, "memory/decisions.md")), StringComparison.Ordinal);
        var second = await RunAsync("design", "--model", "model.yaml", "--out", "schema", "--record");
        Assert.Contains("followed D-0001", second.Output, StringComparison.Ordinal);
        Assert.Contains($"followed {id}", second.Output, StringComparison.Ordinal);
        Assert.Contains("nothing to record", second.Output, StringComparison.Ordinal);
    }

    private Task<Outcome> RunAsync(params string[] arguments) => HostProcess.RunAsync(workspace.Path, arguments);

    [Fact]
    public async Task List_has_a_line_for_each_entry_in_force()
    {
        workspace.Write("memory/issues.md", "## I-1: Slow\n- scope: billing.invoices\n\nx\n");
        Assert.Equal(
            """
            1 issue
              I-1                undated     Slow [billing.invoices]
            2 decisions
              D-0003             2026-01-03  Notes are text
              D-0001             2026-01-01  Keys are UUIDv7 [public.*]

            """, (await RunAsync("memory", "list")).Output);
        var all = (await RunAsync("memory", "list", "--all", "--kind", "decision")).Output;
        Assert.Contains("Notes are varchar (superseded by D-0003)", all, StringComparison.Ordinal);
        Assert.Contains("Timestamps stay [public.orders] (ended 2026-01-31)", all, StringComparison.Ordinal);
        Assert.Contains("D-0001", (await RunAsync("memory", "list", "--scope", "orders")).Output, StringComparison.Ordinal);
        Assert.DoesNotContain("I-1", (await RunAsync("memory", "list", "--tag", "KEYS")).Output, StringComparison.Ordinal);
        var data = JsonDocument.Parse((await RunAsync("memory", "list", "--scope", "billing.*", "--format", "json")).Output).RootElement;
        Assert.Equal("I-1", Assert.Single(data.GetProperty("entries").EnumerateArray()).GetProperty("id").GetString());
    }

    [Fact]
    public async Task Show_has_the_whole_entry_where_it_stands_and_who_names_it()
    {
        var shown = (await RunAsync("memory", "show", "d-0004")).Output;
        Assert.Contains("not in force: superseded by D-0003", shown, StringComparison.Ordinal);
        Assert.Contains("named by D-0003: Notes are text", shown, StringComparison.Ordinal);
        Assert.Contains("memory/decisions.md:26", shown, StringComparison.Ordinal);
        var ambiguous = await RunAsync("memory", "show", "D-00");
        Assert.Equal(2, ambiguous.ExitCode);
        Assert.StartsWith("agenthost memory show: 'D-00' may be D-0001", ambiguous.Errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Check_finds_what_is_wrong_and_ends_with_one()
    {
        var found = await RunAsync("memory", "check");
        Assert.Equal(1, found.ExitCode);
        Assert.Contains("decisions.md:12: D-0002 waived timestamp-without-tz until 2026-01-31", Assert.Single(found.Output.Trim().Split('\n')), StringComparison.Ordinal);

        workspace.Write("memory/decisions.md", Decisions.Replace("- until: 2026-01-31", "- until: 2999-01-31", StringComparison.Ordinal));
        Assert.Equal(0, (await RunAsync("memory", "check")).ExitCode);

        workspace.Write("memory/decisions.md", Decisions.Replace("timestamp-without-tz", "timestamp-with-tz", StringComparison.Ordinal) + "\n## No id\n");
        var data = JsonDocument.Parse((await RunAsync("memory", "check", "--format", "json")).Output).RootElement;
        Assert.Equal([12, 12, 30], data.GetProperty("problems").EnumerateArray().Select(problem => problem.GetProperty("line").GetInt32()));
    }

    [Fact]
    public async Task Export_gives_everything_as_json_and_as_markdown()
    {
        var data = JsonDocument.Parse((await RunAsync("memory", "export")).Output).RootElement;
        Assert.Equal(4, data.GetProperty("entries").GetArrayLength());
        Assert.Equal("ended 2026-01-31", data.GetProperty("entries")[1].GetProperty("notInForce").GetString());
        await RunAsync("memory", "export", "--format", "markdown", "--out", "all.md");
        Assert.Equal(Decisions.TrimEnd() + "\n", await File.ReadAllTextAsync(Path.Combine(workspace.Path, "all.md")));
    }

    [Fact]
    public async Task Revise_settles_an_entry_and_the_doctor_lists_every_place_that_cannot_be_read()
    {
        Assert.StartsWith("D-0001 is now", (await RunAsync("revise", "D-0001", "close", "No shops are merged.")).Output, StringComparison.Ordinal);
        Assert.DoesNotContain("D-0001", (await RunAsync("memory", "list")).Output, StringComparison.Ordinal);
        workspace.Write("memory/learnings.md", "## No id\n\nx\n\n## L-1:\n");
        var doctor = await RunAsync("doctor");
        Assert.Contains("learnings.md:1:", doctor.Output, StringComparison.Ordinal);
        Assert.Contains("learnings.md:5:", doctor.Output, StringComparison.Ordinal);
        Assert.Equal(1, doctor.ExitCode);
    }

    [Fact]
    public async Task A_wrong_use_is_told_with_the_verb_that_was_meant()
    {
        var wrong = await RunAsync("memory", "list", "--kind", "rumour");
        Assert.Equal(2, wrong.ExitCode);
        Assert.Contains("Try: agenthost memory list --help", wrong.Errors, StringComparison.Ordinal);
        Assert.Contains("agenthost memory --help", (await RunAsync("memory")).Errors, StringComparison.Ordinal);
    }
}
