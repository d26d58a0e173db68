using AgentHost.Postgres;
using AgentHost.Skills.RecommendIndex;
using Npgsql;

namespace AgentHost.Skills.Tests.RecommendIndex;

public sealed class PartitionedBuildTests
{
    private const string Schema = """
        create table events (id bigint not null, tenant int not null, at date not null, body text not null) partition by range (at);
        create table events_2024 partition of events for values from ('2024-01-01') to ('2025-01-01');
        create table events_2025 partition of events for values from ('2025-01-01') to ('2026-01-01') partition by hash (tenant);
        create table events_2025_a partition of events_2025 for values with (modulus 2, remainder 0);
        create table "Events 2025 b" partition of events_2025 for values with (modulus 2, remainder 1);
        insert into events select i, hashint4(i) & 1023, date '2024-01-01' + i % 700, repeat('x', 60) from generate_series(1, 60000) i;
        """;

    [Fact]
    public async Task An_index_of_a_partitioned_table_is_built_concurrently_partition_by_partition_and_valid_in_the_end()
    {
        await using var database = await (await PrivateServer.ConnectAsync()).CreateScratchAsync();
        await database.ExecuteAsync(Schema);
        await database.ExecuteAsync("vacuum analyze");
        await using var target = await ReadOnlyTarget.ConnectAsync("app", database.ConnectionString);
        var result = await RecommendIndexEngine.RunAsync(new IndexRequest { Target = target, QueriesText = "SELECT id, body FROM events WHERE tenant = 77" });
        var index = Assert.Single(result.Recommendations);
        var statements = index.Sql.Split('\n');
        Assert.Equal("CREATE INDEX events_tenant_idx ON ONLY public.events USING btree (tenant);", statements[0]);
        Assert.Equal("CREATE INDEX CONCURRENTLY events_2024_tenant_idx ON public.events_2024 USING btree (tenant);", statements[1]);
        Assert.Equal("ALTER INDEX public.events_tenant_idx ATTACH PARTITION public.events_2024_tenant_idx;", statements[2]);
        Assert.Equal(9, statements.Length);
        Assert.Contains("… and 6 more statements for its partitions", IndexText.Render(result), StringComparison.Ordinal);

        await using var open = await database.OpenAsync();
        foreach (var statement in statements)
        {
            await using var command = new NpgsqlCommand(statement, open);
            await command.ExecuteNonQueryAsync();
        }
        await using var valid = new NpgsqlCommand("select count(*) filter (where indisvalid) || ' of ' || count(*) from pg_index where indrelid::regclass::text ~* 'events'", open);
        Assert.Equal("5 of 5", await valid.ExecuteScalarAsync());
        Assert.Empty((await RecommendIndexEngine.RunAsync(new IndexRequest { Target = target, QueriesText = "SELECT id, body FROM events WHERE tenant = 77" })).Recommendations);
    }
}
