using AgentHost.Postgres;
using AgentHost.Postgres.Catalog;
using AgentHost.Postgres.Twins;
using AgentHost.Skills.RecommendIndex;

namespace AgentHost.Skills.Tests.RecommendIndex;

public sealed class RedactedAdviceTests
{
    private const string Queries = """
        SELECT id FROM notes WHERE kind = 'rare kind' AND at > '2024-01-10';
        SELECT id FROM notes WHERE title LIKE 'Invoice 4%' ORDER BY id;
        SELECT count(*) FROM notes WHERE kind = 'usual kind';
        """;

    [Fact]
    public async Task A_redacted_snapshot_with_its_key_is_advised_like_the_plain_one()
    {
        await using var database = await (await PrivateServer.ConnectAsync()).CreateScratchAsync();
        await database.ExecuteAsync("""
            create table notes (id int primary key, kind text not null, title text not null, at timestamptz not null) with (autovacuum_enabled = off);
            insert into notes select i, case when i % 500 = 0 then 'rare kind' else 'usual kind' end, 'Invoice ' || i, timestamptz '2024-01-01' + i * interval '1 minute' from generate_series(1, 60000) i;
            analyze notes;
            """);
        await using var target = await ReadOnlyTarget.ConnectAsync("app", database.ConnectionString);
        var plain = await AgentHost.Postgres.Catalog.CatalogReader.ReadAsync(target, statistics: true);
        var redacted = Redaction.Of(plain);
        var (expected, advised, blind) = (await AdviseAsync(plain), await AdviseAsync(redacted), await AdviseAsync(redacted with { RedactionKey = null }));
        Assert.InRange(advised.Workload.CostBefore, 0.99 * expected.Workload.CostBefore, 1.01 * expected.Workload.CostBefore);
        Assert.InRange(advised.Workload.CostAfter, 0.5 * expected.Workload.CostAfter, 1.5 * expected.Workload.CostAfter);
        Assert.All(advised.Recommendations, r => Assert.DoesNotContain("WHERE", r.Sql, StringComparison.Ordinal));
        Assert.Contains("Redacted", advised.Notice, StringComparison.Ordinal);
        Assert.Contains("its key is not there", blind.Notice, StringComparison.Ordinal);
    }

    private static Task<IndexResult> AdviseAsync(CatalogSnapshot snapshot) => RecommendIndexEngine.RunAsync(new IndexRequest { Snapshot = snapshot, QueriesText = Queries });
}
