using AgentHost.Skills.ExplainPlan;
using FsCheck;
using FsCheck.Fluent;

namespace AgentHost.Skills.Tests.ExplainPlan;

public class PlanReaderTests
{
    private const string Bare = """
        [
          {
            "Plan": {
              "Node Type": "Limit", "Plan Rows": 10, "Total Cost": 5.5,
              "Actual Total Time": 2.5, "Actual Rows": 10, "Actual Loops": 1,
              "Plans": [
                { "Node Type": "Seq Scan", "Parent Relationship": "Outer", "Relation Name": "orders", "Alias": "o", "Plan Rows": 100,
                  "Total Cost": 5, "Actual Total Time": 2.0, "Actual Rows": 10, "Actual Loops": 1, "Filter": "(o.total > 5)", "Rows Removed by Filter": 90 }
              ]
            },
            "Planning Time": 0.1,
            "Execution Time": 3.0
          }
        ]
        """;

    private static string PsqlTable(string json, char continuation = '+')
    {
        var lines = json.Split('\n');
        var width = lines.Max(l => l.Length);
        var body = lines.Select((l, i) => " " + (i < lines.Length - 1 ? l.PadRight(width) + continuation : l));
        return $"{"QUERY PLAN".PadLeft(width / 2)}\n{new string('-', width + 2)}\n{string.Join('\n', body)}\n(1 row)\n\nTime: 3.456 ms\n";
    }

    private static void IsTheBarePlan(QueryPlan plan)
    {
        Assert.Equal(2, plan.Nodes.Length);
        Assert.Equal("#2 Seq Scan on orders o", plan.Nodes[1].Label);
        Assert.Equal(90, plan.Nodes[1].TotalRemovedByFilter);
        Assert.Equal(3.0, plan.ExecutionMs);
    }

    [Fact]
    public void A_bare_document_is_read() => IsTheBarePlan(PlanReader.Read(Bare));

    [Theory]
    [InlineData('+')]
    [InlineData('↵')]
    public void A_psql_table_is_read(char continuation) => IsTheBarePlan(PlanReader.Read(PsqlTable(Bare, continuation)));

    [Fact]
    public void A_psql_table_with_frames_is_read()
    {
        var framed = string.Join('\n', PsqlTable(Bare).Split('\n').Select(l => l.Length > 0 && l[0] == ' ' ? "|" + l + "|" : l));
        IsTheBarePlan(PlanReader.Read(framed));
    }

    [Fact]
    public void A_psql_table_with_windows_line_ends_is_read() =>
        IsTheBarePlan(PlanReader.Read(PsqlTable(Bare).Replace("\n", "\r\n", StringComparison.Ordinal)));

    [Fact]
    public void A_single_object_is_read() => IsTheBarePlan(PlanReader.Read(Bare.Trim()[1..^1]));

    [Fact]
    public void A_csv_field_is_read() =>
        IsTheBarePlan(PlanReader.Read($"QUERY PLAN\n\"{Bare.Replace("\"", "\"\"", StringComparison.Ordinal)}\"\n"));

    [Fact]
    public void A_driver_row_is_read() => IsTheBarePlan(PlanReader.Read($"[{{\"QUERY PLAN\": {Bare}}}]"));

    [Fact]
    public void A_driver_row_with_the_plan_as_text_is_read() =>
        IsTheBarePlan(PlanReader.Read($"[{{\"QUERY PLAN\": {System.Text.Json.JsonSerializer.Serialize(Bare)}}}]"));

    [Fact]
    public void An_auto_explain_log_entry_is_read_with_its_query()
    {
        var plan = PlanReader.Read("""
            [2026-11-21 10:00:00 UTC] app@shop LOG:  statement: whatever
            2026-11-21 10:00:01.123 UTC [4711] LOG:  duration: 12.345 ms  plan:
            	{
            	  "Query Text": "select 1",
            	  "Plan": {
            	    "Node Type": "Result", "Plan Rows": 1, "Total Cost": 0.01, "Actual Total Time": 0.5, "Actual Rows": 1, "Actual Loops": 1
            	  }
            	}
            2026-11-21 10:00:02 UTC [4711] LOG:  something else
            """);
        Assert.Equal("select 1", plan.QueryText);
        Assert.Equal(0.5, plan.ExecutionMs);
    }

    [Theory]
    [InlineData("", "is empty")]
    [InlineData("  \n ", "is empty")]
    [InlineData("hello", "No plan was found")]
    [InlineData("[]", "has no \"Plan\"")]
    [InlineData("{\"Plan\": 5}", "has no \"Plan\"")]
    [InlineData("{\"Plan\": {\"Node Type\": 5}}", "Node Type")]
    [InlineData("- Plan:\n    Total Cost: 5", "YAML")]
    [InlineData("<explain xmlns=\"http://www.postgresql.org/2009/explain\">", "XML")]
    [InlineData("Seq Scan on t  (cost=0.00..35.50 rows=2550 width=4)\n->  Seq Scan on u  (cost=0.00..35.50 rows=2550 width=4)", "indentation was lost")]
    public void What_is_no_plan_is_refused_with_the_way_out(string text, string says) =>
        Assert.Contains(says, Assert.Throws<SkillInputException>(() => PlanReader.Read(text)).Message, StringComparison.Ordinal);

    [Fact]
    public void A_truncated_plan_is_read_as_far_as_it_goes_and_told_where_it_ends()
    {
        var plan = PlanReader.Read(string.Join('\n', Bare.Split('\n').Take(6)));
        Assert.Equal("Limit", Assert.Single(plan.Nodes).Type);
        var note = Assert.Single(plan.Notes);
        Assert.Contains("cut off", note, StringComparison.Ordinal);
        Assert.Contains("line 6", note, StringComparison.Ordinal);
    }

    [Fact]
    public void A_plan_cut_before_its_first_node_is_told_where_it_ends() =>
        Assert.Contains("line 2, column 4", Assert.Throws<SkillInputException>(() => PlanReader.Read("[\n  {")).Message, StringComparison.Ordinal);

    [Fact]
    public void A_plan_that_breaks_within_is_read_up_to_there()
    {
        var plan = PlanReader.Read(Bare.Replace("\"Filter\":", "\"Filter\"", StringComparison.Ordinal));
        Assert.Equal(2, plan.Nodes.Length);
        Assert.Contains("no valid JSON at line 8, column", Assert.Single(plan.Notes), StringComparison.Ordinal);
    }

    [Fact]
    public void A_broken_escape_is_no_reason_to_refuse_a_plan() =>
        Assert.Contains("broken \\u escape", Assert.Single(PlanReader.Read("{\"Plan\": {\"Node Type\": \"Result\", \"Filter\": \"\\ud800\"}}").Notes), StringComparison.Ordinal);

    [Fact]
    public void Of_a_property_that_stands_twice_the_first_is_read() =>
        Assert.Equal(5, PlanReader.Read("{\"Plan\": {\"Node Type\": \"Result\", \"Plan Rows\": 5, \"Plan Rows\": 7}}").Root.PlanRows);

    [Fact]
    public void Broken_json_is_told_with_line_and_column()
    {
        var message = Assert.Throws<SkillInputException>(() => PlanReader.Read("some noise\n[\n  { \"Plan\": oops }\n]")).Message;
        Assert.Contains("line 3, column 13", message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_plan_nested_without_end_is_refused()
    {
        var deep = string.Concat(Enumerable.Repeat("{\"Node Type\":\"Append\",\"Plans\":[", 5000)) + "{\"Node Type\":\"Result\"}" + string.Concat(Enumerable.Repeat("]}", 5000));
        Assert.Contains("levels deep", Assert.Throws<SkillInputException>(() => PlanReader.Read($"{{\"Plan\":{deep}}}")).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_plan_of_many_levels_is_still_read_and_drawn()
    {
        const int Levels = PlanReader.MaxDepth - 1;
        var deep = string.Concat(Enumerable.Repeat("{\"Node Type\":\"Append\",\"Plans\":[", Levels)) + "{\"Node Type\":\"Result\"}" + string.Concat(Enumerable.Repeat("]}", Levels));
        Assert.Equal(Levels + 1, PlanReader.Read($"{{\"Plan\":{deep}}}").Nodes.Length);
    }

    [Fact]
    public void Too_many_nodes_are_refused()
    {
        var wide = string.Join(',', Enumerable.Repeat("{\"Node Type\":\"Result\"}", PlanReader.MaxNodes + 1));
        Assert.Contains("nodes", Assert.Throws<SkillInputException>(() => PlanReader.Read($"{{\"Plan\":{{\"Node Type\":\"Append\",\"Plans\":[{wide}]}}}}")).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Numbers_beyond_any_range_do_no_harm()
    {
        var plan = PlanReader.Read("{\"Plan\":{\"Node Type\":\"Result\",\"Actual Rows\":1e999,\"Actual Loops\":99999999999999999999999,\"Plan Rows\":-5,\"Actual Total Time\":-1}}");
        Assert.True(double.IsFinite(plan.Root.TotalRows));
        Assert.Equal(0, plan.Root.PlanRows);
    }

    [Fact]
    public void Of_several_plans_the_slowest_is_read()
    {
        var plan = PlanReader.Read("""
            [{"Plan":{"Node Type":"Result"},"Execution Time":1},{"Plan":{"Node Type":"Seq Scan","Relation Name":"t"},"Execution Time":9}]
            """);
        Assert.Equal("Seq Scan", plan.Root.Type);
        Assert.Single(plan.Notes);
    }

    [Fact]
    public async Task Whatever_text_comes_the_only_complaint_is_about_the_input()
    {
        foreach (var text in Gen.Sample(ArbMap.Default.GeneratorFor<string>(), 300, 200))
            await ExplainOrComplain(text ?? "");
    }

    [Fact]
    public async Task A_plan_cut_off_anywhere_is_read_or_refused_politely()
    {
        var table = PsqlTable(Bare);
        for (var length = 0; length < table.Length; length += 3)
            await ExplainOrComplain(table[..length]);
    }

    [Fact]
    public async Task Whatever_json_stands_where_a_plan_should_the_only_complaint_is_about_the_input()
    {
        foreach (var json in Gen.Sample(Json(5), 50, 2000))
            await ExplainOrComplain($"{{\"Plan\": {json}}}");
    }

    /// <summary>Plan-like trees: true property names with any values, so that every reader meets every type.</summary>
    private static Gen<string> Json(int depth)
    {
        var scalar = Gen.OneOf(
            Gen.Elements("null", "true", "-1", "0", "1", "17.5", "1e400", "\"Disk\"", "\"(a = 1)\"", "\"((lower(x) ~~ '%a'::text) AND\"", "\")))(((\"", "\"$0\"", "\"\"", "[]", "{}"),
            ArbMap.Default.GeneratorFor<int>().Select(i => i.ToString()));
        var type = Gen.Elements("Seq Scan", "Nested Loop", "Hash Join", "Hash", "Sort", "Limit", "Aggregate", "Gather", "Index Only Scan", "Index Scan", "CTE Scan", "Append", "Materialize");
        var name = Gen.Elements("Filter", "Join Filter", "Index Cond", "Actual Rows", "Actual Loops", "Actual Total Time", "Plan Rows", "Rows Removed by Filter", "Rows Removed by Join Filter",
            "Sort Space Type", "Sort Space Used", "Sort Key", "Hash Batches", "Workers", "Workers Launched", "Parent Relationship", "Subplan Name", "CTE Name", "Relation Name", "Alias", "Heap Fetches", "Total Cost", "Settings");
        var relationship = Gen.Elements("Outer", "Inner", "InitPlan", "SubPlan", "Member");
        var property = from n in name from v in scalar select $"\"{n}\": {v}";
        var children = depth == 0 ? Gen.Constant("[]") : Json(depth - 1).ListOf().Select(c => $"[{string.Join(',', c.Take(3))}]");
        return from t in type
               from r in relationship
               from loops in Gen.Elements(0, 1, 100, 5000)
               from rows in Gen.Elements(0, 1, 1000, 1_000_000)
               from ms in Gen.Elements(0, 1, 50, 10_000)
               from p in property.ListOf()
               from c in children
               select $"{{\"Node Type\": \"{t}\", \"Parent Relationship\": \"{r}\", \"Actual Loops\": {loops}, \"Actual Rows\": {rows}, \"Actual Total Time\": {ms}, "
                   + $"\"Rows Removed by Filter\": {rows}, \"Relation Name\": \"t\", {string.Concat(p.Select(x => x + ", "))}\"Plans\": {c}}}";
    }

    [Fact]
    public async Task A_root_that_says_it_is_an_init_plan_is_read() =>
        await ExplainOrComplain("""{"Plan": {"Node Type": "Result", "Parent Relationship": "InitPlan", "Subplan Name": "InitPlan 1", "Actual Loops": 1, "Actual Rows": 1, "Actual Total Time": 5}}""");

    private static async Task ExplainOrComplain(string text)
    {
        try
        {
            var result = await ExplainPlanEngine.RunAsync(new ExplainRequest { PlanText = text });
            Assert.NotEmpty(ExplainText.Render(result, 80));
        }
        catch (SkillInputException e)
        {
            Assert.NotEmpty(e.Message);
        }
    }
}
