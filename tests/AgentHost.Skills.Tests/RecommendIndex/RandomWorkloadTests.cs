using System.Globalization;
using System.Text.Json;
using AgentHost.Skills.RecommendIndex;
using FsCheck;
using FsCheck.Fluent;

namespace AgentHost.Skills.Tests.RecommendIndex;

/// <summary>Workloads that nobody thought of: whatever is asked, the advice keeps its word.</summary>
public sealed class RandomWorkloadTests(TenantDatabase app) : IClassFixture<TenantDatabase>
{
    private static readonly string[] Conditions =
    [
        "t.tenant_id = {0}", "t.project_id = {0}", "t.assignee_id = {0}", "t.status = 'pending'", "t.status IN ('open', 'pending')", "t.status <> 'done'", "t.priority >= {1}",
        "t.due_on < date '2025-01-01' + {0}", "t.created_at >= timestamptz '2024-06-01' + {0} * interval '1 day'", "t.deleted_at IS NULL", "t.deleted_at IS NOT NULL",
        "lower(t.title) = 'task number {0}'", "t.title LIKE 'Task number {0}%'", "t.title ILIKE '%{0}%'", "(t.assignee_id = {0} OR t.project_id = {1})", "t.created_at::date = '2025-01-01'",
        "EXISTS (SELECT 1 FROM comments c WHERE c.task_id = t.id AND c.created_at > '2024-03-01')", "t.project_id IN (SELECT id FROM projects WHERE name = 'project {0}')", "t.id % 7 = {1}", "t.tenant_id = $1",
    ];

    private static readonly string[] Orders = ["", " ORDER BY t.created_at DESC LIMIT 20", " ORDER BY t.due_on, t.priority DESC LIMIT 5", " ORDER BY lower(t.title) LIMIT 9", " ORDER BY t.id OFFSET 1000 LIMIT 10"];

    private static readonly string[] Outputs = ["t.id, t.title", "*", "count(*)", "t.status, count(*)"];

    private static readonly string[] Others =
    [
        "UPDATE tasks SET status = 'done' WHERE id = {0}", "UPDATE tasks SET priority = priority + 1 WHERE tenant_id = {0}", "DELETE FROM comments WHERE task_id = {0}",
        "INSERT INTO comments VALUES ({0}, 1, 'x', now())", "SELECT count(*) FROM live_tasks WHERE assignee_id = {0}", "SELECT c.body FROM tasks t JOIN comments c ON c.task_id = t.id WHERE t.project_id = {0}",
        "SELECT nothing FROM tasks", "SELECT 1 FROM missing", "SELEC 1",
    ];

    [Fact]
    public void Advice_keeps_its_limits_builds_and_is_the_same_again() =>
        Prop.ForAll(Gen.Choose(0, int.MaxValue).ToArbitrary(), seed => Holds(new Random(seed))).Check(Config.QuickThrowOnFailure.WithMaxTest(12));

    private void Holds(Random random)
    {
        var request = new IndexRequest
        {
            Target = app.Target, QueriesText = string.Join("\n", Enumerable.Range(0, random.Next(1, 9)).Select(_ => Statement(random))),
            BudgetMb = random.Next(3) == 0 ? random.Next(1, 12) : null, MaxIndexes = random.Next(3) == 0 ? random.Next(1, 4) : null,
        };
        IndexResult result;
        try
        {
            result = RecommendIndexEngine.RunAsync(request).GetAwaiter().GetResult();
        }
        catch (SkillInputException nothing) when (nothing.Message.Contains("can be judged", StringComparison.Ordinal))
        {
            return;
        }
        Assert.True(request.BudgetMb is not { } budget || result.Recommendations.Sum(r => r.SizeBytes) <= budget * 1024 * 1024, request.QueriesText);
        Assert.True(request.MaxIndexes is not { } most || result.Recommendations.Length <= most, request.QueriesText);
        Assert.Equal(result.Recommendations.Length, result.Recommendations.Select(r => r.Sql[r.Sql.IndexOf(" ON ", StringComparison.Ordinal)..]).Distinct().Count());
        Assert.All(result.Recommendations, r => Assert.True(r.CostAfter < r.CostBefore && r.SizeBytes > 0 && !r.Queries.IsEmpty, r.Sql));
        Assert.True(result.Workload.CostAfter <= result.Workload.CostBefore * 1.0001, request.QueriesText);
        foreach (var index in result.Recommendations)
            app.Database.ExecuteAsync($"begin; {string.Concat(index.Requires)} {index.Sql.Replace("CONCURRENTLY ", "", StringComparison.Ordinal)} rollback", default).GetAwaiter().GetResult();
        var again = RecommendIndexEngine.RunAsync(request).GetAwaiter().GetResult();
        Assert.Equal(JsonSerializer.Serialize(result.Recommendations), JsonSerializer.Serialize(again.Recommendations));
    }

    private static string Statement(Random random)
    {
        string Filled(string text) => string.Format(CultureInfo.InvariantCulture, text, random.Next(1, 50), random.Next(1, 4));
        var weight = string.Create(CultureInfo.InvariantCulture, $"-- weight: {random.Next(1, 1000) / 10.0}\n");
        if (random.Next(4) == 0)
            return weight + Filled(Others[random.Next(Others.Length)]) + ";";
        var output = Outputs[random.Next(Outputs.Length)];
        var conditions = Enumerable.Range(0, random.Next(0, 4)).Select(_ => Filled(Conditions[random.Next(Conditions.Length)])).ToList();
        var where = conditions.Count == 0 ? "" : " WHERE " + string.Join(" AND ", conditions);
        var tail = output.Contains("count", StringComparison.Ordinal) ? output.StartsWith('t') ? " GROUP BY t.status" : "" : Orders[random.Next(Orders.Length)];
        return $"{weight}SELECT {output} FROM tasks t{where}{tail};";
    }
}
