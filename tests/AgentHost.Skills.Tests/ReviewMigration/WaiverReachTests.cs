using System.Text.Json;
using AgentHost.Skills.ReviewMigration;
using AgentHost.Skills.ReviewMigration.Formats;

namespace AgentHost.Skills.Tests.ReviewMigration;

/// <summary>How far a waiver reaches, in scope and in time, and how each form of the answer names it.</summary>
public sealed class WaiverReachTests : IDisposable
{
    private const string Rule = "index-not-concurrent";
    private const string Billing = "CREATE SCHEMA billing; CREATE TABLE billing.invoices (id bigint PRIMARY KEY, note text);";

    private static readonly JsonSerializerOptions Camel = new() { PropertyNamingPolicy = JsonNamingPolicy.CamelCase };

    private readonly FixedClock clock = new(new DateTimeOffset(2026, 11, 22, 12, 0, 0, TimeSpan.Zero));
    private readonly MemoryFolder memory;

    public WaiverReachTests() => memory = new MemoryFolder(clock);

    public void Dispose() => memory.Dispose();

    [Theory]
    [InlineData("public.orders", true)]
    [InlineData("orders", true)]
    [InlineData("Orders", true)]
    [InlineData("public.*", true)]
    [InlineData("ord*", true)]
    [InlineData("*", true)]
    [InlineData("customers, orders", true)]
    [InlineData("customers", false)]
    [InlineData("billing.*", false)]
    [InlineData("billing.orders", false)]
    [InlineData("order", false)]
    public async Task A_waiver_covers_the_tables_of_its_scope_and_no_other(string scope, bool covers)
    {
        var decision = await memory.DecideAsync("Indexes at night", scope, Rule);
        Assert.Equal(covers ? decision.Id : null, (await FindAsync("CREATE INDEX i ON orders (note);")).Finding.WaivedBy);
    }

    [Theory]
    [InlineData("billing.*", true)]
    [InlineData("public.*", false)]
    [InlineData("invoices", false)]
    public async Task A_pattern_of_a_schema_covers_that_schema(string scope, bool covers)
    {
        await memory.DecideAsync("Indexes at night", scope, Rule);
        Assert.Equal(covers, (await FindAsync("CREATE INDEX i ON billing.invoices (note);")).Finding.WaivedBy is not null);
    }

    [Theory]
    [InlineData("*", true)]
    [InlineData("public.*", false)]
    public async Task A_finding_about_no_table_is_waived_only_everywhere(string scope, bool covers)
    {
        await memory.DecideAsync("Extensions are made by hand", scope, "create-extension");
        var (finding, _) = await FindAsync("CREATE EXTENSION citext;", "create-extension");
        Assert.Null(finding.Relation);
        Assert.Equal(covers, finding.WaivedBy is not null);
    }

    [Theory]
    [InlineData("2026-11-21", false)]
    [InlineData("2026-11-22", true)]
    [InlineData("2026-11-23", true)]
    public async Task The_last_day_counts_and_the_day_after_does_not(string until, bool covers)
    {
        clock.Now = new DateTimeOffset(2026, 11, 22, 23, 59, 59, TimeSpan.Zero);
        await memory.DecideAsync("Indexes at night", "orders", Rule, Day(until));
        Assert.Equal(covers, (await FindAsync("CREATE INDEX i ON orders (note);")).Finding.WaivedBy is not null);
    }

    [Theory]
    [InlineData("2026-11-22", "today for the last time")]
    [InlineData("2026-11-23", "until 2026-11-23, 1 day more")]
    [InlineData("2026-12-06", "until 2026-12-06, 14 days more")]
    [InlineData("2026-12-07", null)]
    [InlineData("2026-11-21", "waived index-not-concurrent until 2026-11-21, 1 day ago, so it counts again")]
    [InlineData("2026-10-23", "until 2026-10-23, 30 days ago")]
    [InlineData("2026-10-22", null)]
    public async Task A_waiver_about_to_end_or_just_ended_is_told_once(string until, string? told)
    {
        await memory.DecideAsync("Indexes at night", "orders", Rule, Day(until));
        var (_, result) = await FindAsync("CREATE INDEX i ON orders (note);\nCREATE INDEX j ON orders (state);");
        var notes = result.Files[0].Notes ?? [];
        Assert.Equal(told is null ? 0 : 1, notes.Count);
        if (told is not null)
            Assert.Contains(told, notes[0], StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_decision_superseded_since_is_not_told_as_ended()
    {
        var old = await memory.DecideAsync("Indexes at night", "orders", Rule, Day("2026-11-21"));
        await memory.Journal.AppendAsync(new(Knowledge.Memory.MemoryKind.Decision, "Indexes concurrently", "Nights are busy too.") { Supersedes = [old.Id] });
        Assert.Null((await FindAsync("CREATE INDEX i ON orders (note);")).Result.Files[0].Notes);
    }

    [Fact]
    public async Task Every_form_of_the_answer_names_the_decision()
    {
        var id = (await memory.DecideAsync("Indexes at night", "orders", Rule, Day("2026-12-31"))).Id;
        var (_, result) = await FindAsync("CREATE INDEX i ON orders (note);");
        Assert.Contains($"waived by {id} (Ada, 2026-11-22, until 2026-12-31): {Rule}, line 1", ReviewText.Render(result), StringComparison.Ordinal);
        Assert.Contains($"Waived by {id} “Indexes at night” (Ada, 2026-11-22, until 2026-12-31): {Rule}, line 1", MarkdownReport.Render(result), StringComparison.Ordinal);
        Assert.Contains($"waived by {id}", JUnitReport.Render(result, Severity.Warning), StringComparison.Ordinal);
        Assert.Contains($$""""waivedBy":"{{id}}","waiver":{"id":"{{id}}","title":"Indexes at night","by":"Ada"""", JsonSerializer.Serialize(result, Camel), StringComparison.Ordinal);
        var suppression = JsonDocument.Parse(SarifReport.Render(result, "1")).RootElement.GetProperty("runs")[0].GetProperty("results").EnumerateArray()
            .Single(found => found.GetProperty("ruleId").GetString() == Rule).GetProperty("suppressions")[0];
        Assert.Equal(("external", $"decision {id} (Ada, 2026-11-22, until 2026-12-31): Indexes at night"), (suppression.GetProperty("kind").GetString(), suppression.GetProperty("justification").GetString()));
    }

    [Fact]
    public async Task An_authors_word_is_a_suppression_in_the_source()
    {
        var (_, result) = await FindAsync("-- agenthost:ignore index-not-concurrent: empty until the launch\nCREATE INDEX i ON orders (note);");
        var suppressions = JsonDocument.Parse(SarifReport.Render(result, "1")).RootElement.GetProperty("runs")[0].GetProperty("results").EnumerateArray()
            .Single(found => found.GetProperty("ruleId").GetString() == Rule).GetProperty("suppressions");
        Assert.Equal(("inSource", "line 1: empty until the launch"), (suppressions[0].GetProperty("kind").GetString(), suppressions[0].GetProperty("justification").GetString()));
    }

    private static DateOnly Day(string text) => DateOnly.Parse(text, System.Globalization.CultureInfo.InvariantCulture);

    private async Task<(Finding Finding, ReviewResult Result)> FindAsync(string sql, string rule = Rule)
    {
        var result = await ReviewMigrationEngine.RunAsync(new ReviewRequest([new("m.sql", sql)])
        {
            Memory = memory.Journal,
            Transaction = TransactionMode.Off,
            Schema = [new("s.sql", Reviewing.Shop + Billing)],
        });
        return (result.Files[0].Findings.First(finding => finding.Rule == rule), result);
    }
}
