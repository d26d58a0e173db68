using AgentHost.Knowledge.Audit;
using AgentHost.Knowledge.Memory;

namespace AgentHost.Knowledge.Tests.Audit;

/// <summary>What is wrong in memory files that people wrote.</summary>
public sealed class MemoryAuditTests : IDisposable
{
    private readonly string folder = Directory.CreateTempSubdirectory("agenthost-audit-").FullName;

    public void Dispose() => Directory.Delete(folder, recursive: true);

    private List<string> Audit(string decisions, string issues = "")
    {
        File.WriteAllText(Path.Combine(folder, "decisions.md"), decisions);
        File.WriteAllText(Path.Combine(folder, "issues.md"), issues);
        return [.. MemoryAudit.Of(new MemoryJournal(folder), rule => rule == "no-such-rule" ? "There is no rule 'no-such-rule'." : null).Select(problem => problem.ToString())];
    }

    [Fact]
    public void A_memory_in_order_has_nothing_to_tell() =>
        Assert.Empty(Audit("## D-1: One\n- scope: public.a\n- chooses: key-strategy = uuidv7\n- because: I-1\n\nx\n\n## D-2: Two\n- scope: public.b\n- chooses: key-strategy = natural\n\nx\n", "## I-1: Issue\n\nx\n"));

    [Fact]
    public void Dead_links_are_found_where_they_stand()
    {
        var found = Audit("## D-1: One\n- because: I-9\n- resolves: D-2\n\nx\n\n## D-2: Two\n- supersedes: D-9\n\nx\n");
        Assert.Equal(3, found.Count);
        Assert.StartsWith("decisions.md:1: D-1 resolves D-2, which is no issue", found[0], StringComparison.Ordinal);
        Assert.StartsWith("decisions.md:1: D-1 names I-9 in 'because'", found[1], StringComparison.Ordinal);
        Assert.StartsWith("decisions.md:7: D-2 names D-9 in 'supersedes'", found[2], StringComparison.Ordinal);
    }

    [Fact]
    public void Waivers_of_unknown_rules_and_waivers_past_their_day_are_found()
    {
        var found = Audit("## D-1: One\n- scope: *\n- waives: no-such-rule\n\nx\n\n## D-2: Two\n- scope: *\n- waives: a-rule\n- until: 2020-01-31\n\nx\n\n## D-3: Three\n- scope: *\n- status: closed\n- waives: a-rule\n- until: 2020-01-31\n\nx\n");
        Assert.Equal(2, found.Count);
        Assert.Contains("no-such-rule", found[0], StringComparison.Ordinal);
        Assert.StartsWith("decisions.md:7: D-2 waived a-rule until 2020-01-31", found[1], StringComparison.Ordinal);
    }

    [Fact]
    public void Decisions_in_force_that_contradict_each_other_are_found()
    {
        var found = Audit("## D-1: Keys are UUIDv7\n- scope: public.a\n\nx\n\n## D-2: Two\n- scope: public.a\n- chooses: key-strategy = natural\n\nx\n");
        Assert.StartsWith("decisions.md:6: D-2 contradicts D-1 (decisions.md:1)", Assert.Single(found), StringComparison.Ordinal);
    }

    [Fact]
    public void A_place_that_is_no_entry_is_among_them() =>
        Assert.StartsWith("decisions.md:1:", Assert.Single(Audit("## No id\n\nx\n")), StringComparison.Ordinal);

    [Theory]
    [InlineData("public.orders", true)]
    [InlineData("orders", true)]
    [InlineData("public.*", true)]
    [InlineData("*", true)]
    [InlineData("billing.orders", false)]
    [InlineData("billing.invoices", true)]
    public void A_scope_is_touched_by_what_covers_it_and_by_what_lies_within(string scope, bool touched)
    {
        Audit("## D-1: One\n- scope: orders, billing.i*\n\nx\n");
        Assert.Equal(touched, EntryScopes.Touches(new MemoryJournal(folder).Entries[0], scope));
    }
}
