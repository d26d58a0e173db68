using System.Text.Json;
using AgentHost.Knowledge.Memory;
using AgentHost.Skills.ReviewMigration;

namespace AgentHost.Skills.Tests;

/// <summary>What every answer tells of the project's memory, in text and in JSON.</summary>
public sealed class MemoryFooterTests
{
    private static readonly JsonSerializerOptions Camel = new() { PropertyNamingPolicy = JsonNamingPolicy.CamelCase };

    private static readonly ProposedEntry Proposal = new("issue", "orders has no index on customer_id", "Every delete of a customer reads orders.")
    {
        Tags = ["fk-without-index"],
        Scope = ["public.orders"],
    };

    [Fact]
    public void Nothing_is_printed_where_the_memory_has_nothing_to_say() => Assert.Empty(MemoryFooter.Render(new ReviewResult([]), 100));

    [Fact]
    public void Precedents_problems_proposals_and_what_was_recorded_take_a_line_each()
    {
        var result = new ReviewResult([])
        {
            Precedents = [new("D-1", "decision", "Keys are bigint")],
            MemoryProblems = ["decisions.md:12: no title"],
            Proposals = [Proposal],
            Recorded = ["I-1"],
        };
        Assert.Equal(
            """
            decided before: D-1 Keys are bigint
            memory not read: decisions.md:12: no title
            worth remembering: issue: orders has no index on customer_id [public.orders]
            (its text is under proposals; the same call with record keeps it)
            recorded: I-1

            """, MemoryFooter.Render(result, 100));
    }

    [Fact]
    public void Lines_keep_to_the_width() =>
        Assert.All(MemoryFooter.Render(new ReviewResult([]) { Proposals = [Proposal] }, 40).Split('\n'), line => Assert.InRange(line.Length, 0, 40));

    [Fact]
    public void In_json_only_the_precedents_are_always_there() =>
        Assert.Equal("""{"files":[],"precedents":[]}""", JsonSerializer.Serialize(new ReviewResult([]), Camel));

    [Fact]
    public void A_proposal_in_json_has_the_names_that_remember_takes() =>
        Assert.Equal(
            """{"kind":"issue","title":"orders has no index on customer_id","text":"Every delete of a customer reads orders.","tags":["fk-without-index"],"scope":["public.orders"]}""",
            JsonSerializer.Serialize(Proposal, Camel));

    [Fact]
    public void A_proposal_becomes_the_entry_to_append()
    {
        var entry = Proposal.ToNewEntry("Ada");
        Assert.Equal((MemoryKind.Issue, Proposal.Title, Proposal.Text, "Ada"), (entry.Kind, entry.Title, entry.Text, entry.By));
        Assert.Equal("fk-without-index", Assert.Single(entry.Tags));
        Assert.Equal("public.orders", Assert.Single(entry.Scopes));
    }
}
