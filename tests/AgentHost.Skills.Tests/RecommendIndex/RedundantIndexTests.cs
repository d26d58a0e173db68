using AgentHost.Postgres;
using AgentHost.Skills.RecommendIndex;

namespace AgentHost.Skills.Tests.RecommendIndex;

public sealed class RedundantIndexTests
{
    [Fact]
    public async Task Duplicates_and_prefixes_are_told_and_nothing_that_holds_a_rule()
    {
        var server = await PrivateServer.ConnectAsync();
        await using var database = await server.CreateScratchAsync();
        await database.ExecuteAsync("""
            create table t (id int primary key, a int, b int, c text, d text, e int not null, unique (b));
            create index dup_1 on t (a, b);
            create index dup_2 on t (a, b);
            create index prefix on t (a);
            create index not_prefix_desc on t (a desc, c);
            create index id_again on t (id);
            create unique index unique_e on t (e);
            create index longer_e on t (e, a);
            create index partial on t (c) where a > 5;
            create index partial_longer on t (c, d) where a > 6;
            create index text_pattern on t (c text_pattern_ops);
            create index c_longer on t (c, e);
            create index d_c on t (d collate "C");
            create index d_e on t (d, e);
            create index lower_c on t (lower(c));
            create index lower_c_a on t (lower(c), a);
            create index covering on t (d) include (b);
            create index hashed on t using hash (a);
            alter table t replica identity using index unique_e;
            """);
        await using var target = await ReadOnlyTarget.ConnectAsync("app", database.ConnectionString);
        var result = await RecommendIndexEngine.RunAsync(new IndexRequest { Target = target, QueriesText = "SELECT * FROM t WHERE a = 1" });
        Assert.Equal(
            ["public.dup_2", "public.id_again", "public.lower_c", "public.prefix"],
            result.Redundant.Select(r => r.Index).Order(StringComparer.Ordinal));
        Assert.Contains("dup_1", result.Redundant.Single(r => r.Index == "public.dup_2").Why, StringComparison.Ordinal);
    }
}
