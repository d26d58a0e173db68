using System.Text.RegularExpressions;
using AgentHost.Skills.ExplainPlan;

namespace AgentHost.Skills.Tests.ExplainPlan;

/// <summary>Logs that version 17 wrote, with one query's plan by auto_explain in each of the four formats.</summary>
public class AutoExplainLogTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    private static Task<string> LogAsync(string extension) => File.ReadAllTextAsync(Path.Combine(AppContext.BaseDirectory, "ExplainPlan", "plans", $"auto_explain.{extension}"));

    private static void IsThePlan(QueryPlan plan, string entry)
    {
        Assert.True(plan.Nodes.Select(n => n.Type).SequenceEqual(["Aggregate", "Merge Join", "Sort", "Seq Scan", "Sort", "Seq Scan"]), entry[..Math.Min(300, entry.Length)]);
        Assert.Contains(plan.Nodes, n => n.Filter == "(x.b <> 'it''s\n  two lines'::text)");
        Assert.StartsWith("select count(*),\n", plan.QueryText, StringComparison.Ordinal);
        Assert.Equal(plan.Root.ActualMs, plan.ExecutionMs);
        Assert.NotNull(plan.Root.Buffers);
    }

    [Fact]
    public async Task Entries_of_the_plain_log_are_read_amid_its_other_lines()
    {
        var entries = Regex.Split(await LogAsync("log"), @"^(?=\d{4}-\d\d-\d\d )", RegexOptions.Multiline, Patience);
        var plans = Enumerable.Range(0, entries.Length).Where(i => entries[i].Contains("plan:", StringComparison.Ordinal)).ToList();
        Assert.Equal(4, plans.Count);
        foreach (var i in plans)
            IsThePlan(PlanReader.Read(entries[0] + entries[i] + entries[^1]), entries[i]);
    }

    [Fact]
    public async Task Entries_of_the_json_log_are_read()
    {
        var log = await LogAsync("json");
        var plans = log.Split('\n').Where(l => l.Contains("plan:", StringComparison.Ordinal)).ToList();
        Assert.Equal(4, plans.Count);
        Assert.All(plans, line => IsThePlan(PlanReader.Read(line), line));
        Assert.Contains(PlanReader.Read(log).Notes, n => n.Contains("4 plans", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Entries_of_the_csv_log_are_read()
    {
        var plan = PlanReader.Read(await LogAsync("csv"));
        IsThePlan(plan with { Notes = [] }, "csv");
        Assert.Contains("4 plans", Assert.Single(plan.Notes), StringComparison.Ordinal);
    }
}
