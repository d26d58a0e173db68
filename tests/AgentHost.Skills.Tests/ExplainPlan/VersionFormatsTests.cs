using AgentHost.Skills.ExplainPlan;

namespace AgentHost.Skills.Tests.ExplainPlan;

/// <summary>Plans captured from other versions with ANALYZE, BUFFERS, VERBOSE, SETTINGS and TIMING OFF, each query once in every format.</summary>
public class VersionFormatsTests
{
    [Theory]
    [InlineData(12)]
    [InlineData(13)]
    [InlineData(18)]
    public async Task Every_format_of_a_version_gives_the_same_plan(int version)
    {
        var captured = await File.ReadAllTextAsync(Path.Combine(AppContext.BaseDirectory, "ExplainPlan", "plans", $"version-{version}.txt"));
        var plans = captured.Split("==== ", StringSplitOptions.RemoveEmptyEntries).Select(p => (Format: p[..p.IndexOf(':', StringComparison.Ordinal)], Text: p[(p.IndexOf('\n', StringComparison.Ordinal) + 1)..])).ToList();
        Assert.Equal(44, plans.Count);
        foreach (var of in plans.Chunk(4))
        {
            var json = PlanReader.Read(of[0].Text);
            Assert.True(json.Estimated && json.Analyzed && !json.Timed);
            Assert.NotEmpty(json.Settings);
            foreach (var (format, text) in of[1..])
            {
                var plan = PlanReader.Read(text);
                Assert.Empty(plan.Notes);
                var parallel = json.Nodes.Any(n => n.WorkersPlanned > 0);
                Assert.Equal(json.Settings, plan.Settings);
                Assert.Equal(json.Nodes.Select(n => RealFormatsTests.Told(Alike(json, n), format, parallel)), plan.Nodes.Select(n => RealFormatsTests.Told(Alike(plan, n), format, parallel)));
            }
        }
    }

    [Fact]
    public async Task What_one_version_alone_tells_is_read()
    {
        async Task<List<QueryPlan>> Plans(int version) =>
            [.. (await File.ReadAllTextAsync(Path.Combine(AppContext.BaseDirectory, "ExplainPlan", "plans", $"version-{version}.txt"))).Split("==== TEXT: ").Skip(1).Select(p => PlanReader.Read(p[(p.IndexOf('\n', StringComparison.Ordinal) + 1)..p.LastIndexOf("Time:", StringComparison.Ordinal)]))];
        var eighteen = await Plans(18);
        Assert.Contains(eighteen.SelectMany(p => p.Nodes), n => n.IndexSearches > 0);
        Assert.Contains(eighteen.SelectMany(p => p.Nodes), n => n.StorageKb > 0);
        Assert.Contains(eighteen.SelectMany(p => p.Nodes), n => n.CacheMisses > 0);
        Assert.Contains(await Plans(13), p => p.Nodes.Any(n => n.DiskUsageKb > 0 && n.AggregateBatches > 1));
        Assert.Contains(await Plans(12), p => p.Nodes.Any(n => n.SortDiskKb > 0));
    }

    // Before 14 the input of a ModifyTable is a Member, which text does not tell.
    private static PlanNode Alike(QueryPlan plan, PlanNode node) =>
        plan.ParentOf(node) is { Type: "ModifyTable" } && node.Relationship == "Member" ? node with { Relationship = "Outer" } : node;
}
