using AgentHost.Skills.ExplainPlan;
using FsCheck;
using FsCheck.Fluent;

namespace AgentHost.Skills.Tests.ExplainPlan;

/// <summary>Whatever happens to a real plan on its way, it is read as far as it goes, or refused with words for the user.</summary>
public class PlanDamageTests(FormatLaboratory laboratory) : IClassFixture<FormatLaboratory>
{
    private const string Query = """
        WITH big AS MATERIALIZED (SELECT * FROM orders WHERE total > 900 AND status <> 'it''s, "so"')
        SELECT c.name, (SELECT max(o.total) FROM orders o WHERE o.customer_id = c.id), count(*) FROM customers c JOIN big ON big.customer_id = c.id
        WHERE c.region > (SELECT min(region) FROM customers) GROUP BY c.id ORDER BY 3 DESC LIMIT 5
        """;

    [Theory]
    [InlineData("JSON")]
    [InlineData("XML")]
    [InlineData("YAML")]
    [InlineData("TEXT")]
    public async Task A_plan_that_is_cut_off_anywhere_is_read_as_far_as_it_goes(string format)
    {
        var text = await laboratory.CaptureAsync(Query, "", "ANALYZE, BUFFERS, VERBOSE, SETTINGS", format);
        var whole = PlanReader.Read(text);
        var most = 0;
        for (var length = 0; length < text.Length; length += 7)
        {
            if (ReadOrComplain(text[..length]) is not { } plan)
                continue;
            Assert.True(plan.Nodes.Length >= most, $"{length}: {plan.Nodes.Length} nodes, and {most} of less text");
            Assert.Equal(whole.Nodes.Take(plan.Nodes.Length).Select(n => n.Type), plan.Nodes.Select(n => n.Type));
            most = plan.Nodes.Length;
        }
        Assert.Equal(whole.Nodes.Length, most);
    }

    [Theory]
    [InlineData("JSON")]
    [InlineData("XML")]
    [InlineData("YAML")]
    [InlineData("TEXT")]
    public async Task A_plan_that_is_damaged_anyhow_is_read_or_refused(string format)
    {
        var text = await laboratory.CaptureAsync(Query, "", "ANALYZE, BUFFERS, VERBOSE, SETTINGS", format);
        var damage =
            from at in Gen.Choose(0, text.Length - 1)
            from length in Gen.OneOf(Gen.Choose(0, 3), Gen.Choose(0, 400))
            from put in Gen.OneOf(
                Gen.Elements("", "\n", "\t", "\"", "'", "(", ")", "{", "}", "[", "]", "<", ">", "&", ":", "- ", "->  ", "  ", "|", "+", "\0", "\ud800", "99999999999999999999999", "1e999", "-1", "NaN", "Node Type",
                    "\"Plans\": [", "<Plans>", "<!DOCTYPE x [<!ENTITY a \"b\">]>", "&a;", "*a", "&a ", "!!binary x", "? ", "%YAML 9.9\n", "Workers:", "(cost=", "(actual rows=1 loops=1)", "SubPlan 1", "QUERY PLAN", "-----", "```", "> ", "#011", ",\"duration: 1 ms  plan:\n", "\"message\":\"duration: "),
                ArbMap.Default.GeneratorFor<string>())
            select (at, length, put: put ?? "");
        foreach (var places in Gen.Sample(damage.NonEmptyListOf(), 5, 400))
        {
            var damaged = text;
            foreach (var (at, length, put) in places)
            {
                var from = Math.Min(at, damaged.Length);
                damaged = string.Concat(damaged.AsSpan(0, from), put, damaged.AsSpan(Math.Min(from + length, damaged.Length)));
            }
            _ = ReadOrComplain(damaged);
        }
    }

    [Theory]
    [InlineData("Append  (cost=0.00..1.00 rows=1 width=4)\n", "  ->  Seq Scan on t  (cost=0.00..1.00 rows=1 width=4)\n        Filter: (a = 1)\n", "")]
    [InlineData("- Plan: \n    Node Type: \"Append\"\n    Plans: \n", "      - Node Type: \"Seq Scan\"\n        Filter: \"(a = 1)\"\n", "")]
    [InlineData("<explain><Query><Plan><Node-Type>Append</Node-Type><Plans>", "<Plan><Node-Type>Seq Scan</Node-Type><Filter>(a = 1)</Filter></Plan>", "</Plans></Plan></Query></explain>")]
    [InlineData("[{\"Plan\": {\"Node Type\": \"Append\", \"Plans\": [", "{\"Node Type\": \"Seq Scan\", \"Filter\": \"(a = 1)\"},", "]}}]")]
    public void A_plan_of_fifty_thousand_nodes_is_read_and_a_larger_one_refused(string head, string node, string tail)
    {
        string Plan(int nodes) => head + string.Concat(Enumerable.Repeat(node, nodes - 1)) + tail;
        var plan = PlanReader.Read(Plan(PlanReader.MaxNodes));
        Assert.Equal(PlanReader.MaxNodes, plan.Nodes.Length);
        Assert.Empty(plan.Notes);
        Assert.Contains("nodes", Assert.Throws<SkillInputException>(() => PlanReader.Read(Plan(PlanReader.MaxNodes + 1))).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Append  (cost=0.00..1.00 rows=1 width=4)\n", "{0}->  Append  (cost=0.00..1.00 rows=1 width=4)\n", 6)]
    [InlineData("Plan: \n  Node Type: \"Append\"\n", "{0}Plans: \n{0}  - Node Type: \"Append\"\n", 4)]
    [InlineData("<explain><Plan><Node-Type>Append</Node-Type>", "<Plans><Plan><Node-Type>Append</Node-Type>", 0)]
    public void A_plan_without_end_of_levels_is_refused(string head, string level, int indent)
    {
        var deep = head + string.Concat(Enumerable.Range(0, 3 * PlanReader.MaxDepth).Select(i => level.Replace("{0}", new string(' ', 2 + (indent * i)), StringComparison.Ordinal)));
        Assert.Contains("levels deep", Assert.Throws<SkillInputException>(() => PlanReader.Read(deep)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void An_xml_document_type_is_refused() =>
        Assert.Throws<SkillInputException>(() => PlanReader.Read("<!DOCTYPE explain [<!ENTITY a \"aaaa\"><!ENTITY b \"&a;&a;\">]><explain><Plan><Node-Type>&b;</Node-Type></Plan></explain>"));

    private static QueryPlan? ReadOrComplain(string text)
    {
        try
        {
            return PlanReader.Read(text);
        }
        catch (SkillInputException e)
        {
            Assert.NotEmpty(e.Message);
            return null;
        }
    }
}
