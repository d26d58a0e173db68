using AgentHost.Postgres.Catalog;
using AgentHost.Sql;
using Npgsql;

namespace AgentHost.Postgres.Tests.Catalog;

public sealed class CatalogReaderTests
{
    public static TheoryData<string> Fixtures => [.. CatalogFixtures.Names];

    [Theory]
    [MemberData(nameof(Fixtures))]
    public async Task What_is_read_from_the_catalogs_makes_the_same_schema(string fixture)
    {
        await using var server = await PrivateServer.ConnectAsync();
        await using var original = await server.CreateScratchAsync();
        await original.ExecuteAsync(SqlParser.Parse(CatalogFixtures.Sql(fixture)));
        await using var target = await ReadOnlyTarget.ConnectAsync("app", original.ConnectionString);
        var snapshot = await CatalogReader.ReadAsync(target);
        await using var copy = await server.CreateScratchAsync();
        await copy.ExecuteAsync(SqlParser.Parse(snapshot.Ddl));
        Assert.Equal(await original.DumpSchemaAsync(), await copy.DumpSchemaAsync());
        Assert.Empty(snapshot.Notes);
        await using var again = await ReadOnlyTarget.ConnectAsync("copy", copy.ConnectionString);
        Assert.Equal(snapshot.Ddl, (await CatalogReader.ReadAsync(again)).Ddl);
    }

    /// <summary>Servers of other versions are not part of the installation: name some, separated by blanks, to have them read as well.</summary>
    [Fact]
    public async Task Other_versions_that_AGENTHOST_TEST_SERVERS_names_are_read_as_well()
    {
        await using var server = await PrivateServer.ConnectAsync();
        foreach (var address in ForeignDatabase.Servers)
        {
            foreach (var fixture in CatalogFixtures.Names)
            {
                await using var original = await ForeignDatabase.CreateAsync(address);
                await original.TryAsync(SqlParser.Parse(CatalogFixtures.Sql(fixture)));
                await original.TryAsync(CatalogFixtures.Newer);
                await using var target = await ReadOnlyTarget.ConnectAsync("other", original.Address);
                var snapshot = await CatalogReader.ReadAsync(target);
                await using var copy = await server.CreateScratchAsync();
                await copy.ExecuteAsync(SqlParser.Parse(snapshot.Ddl));
                await using var again = await ReadOnlyTarget.ConnectAsync("copy", copy.ConnectionString);
                var second = await CatalogReader.ReadAsync(again);
                Assert.Equal(Shape(snapshot), Shape(second));
            }
        }
    }

    private static IEnumerable<(string, string, char, int)> Shape(CatalogSnapshot snapshot) =>
        snapshot.Relations.Where(r => r.Name != "temporal").Select(r => (r.Schema, r.Name, r.Kind, r.Indexes.Length));

    [Fact]
    public async Task An_ordinary_role_reads_all_of_it_and_sizes_counters_and_open_transactions_come_along()
    {
        await using var server = await PrivateServer.ConnectAsync();
        await using var database = await server.CreateScratchAsync();
        await database.ExecuteAsync("""
            create table parts (id int primary key, note text) partition by range (id);
            create table parts_1 partition of parts for values from (0) to (1000);
            create table broken (a int);
            insert into broken values (1), (1);
            insert into parts select i, repeat('x', 50) from generate_series(1, 900) i;
            analyze parts_1;
            create table untouched (a int);
            create view seen as select * from parts;
            """);
        await using var holder = await database.OpenAsync();
        await using var transaction = await holder.BeginTransactionAsync();
        await using (var failing = new NpgsqlCommand("create unique index concurrently twice on broken (a)", await database.OpenAsync()))
            await Assert.ThrowsAsync<PostgresException>(() => failing.ExecuteNonQueryAsync());
        var role = database.Name + "_9";
        await database.ExecuteAsync($"create role {role} login");
        await using var target = await ReadOnlyTarget.ConnectAsync("app", new NpgsqlConnectionStringBuilder(database.ConnectionString) { Username = role }.ConnectionString);
        var snapshot = await CatalogReader.ReadAsync(target);

        var part = snapshot.Relations.Single(relation => relation.Name == "parts_1");
        Assert.Equal(("parts", 900.0), (part.ParentName, part.Rows));
        Assert.True(part.Pages > 5 && part.Indexes.Single() is { Name: "parts_1_pkey", IsValid: true, Pages: > 1 });
        Assert.Null(snapshot.Relations.Single(relation => relation.Name == "untouched").Rows);
        Assert.False(snapshot.Relations.Single(relation => relation.Name == "broken").Indexes.Single().IsValid);
        Assert.Contains("-- INVALID\nCREATE UNIQUE INDEX twice", snapshot.Ddl, StringComparison.Ordinal);
        Assert.Contains("CREATE VIEW public.seen", snapshot.Ddl, StringComparison.Ordinal);
        Assert.Equal("8192", snapshot.Settings["block_size"]);
        Assert.True(snapshot.Settings.ContainsKey("random_page_cost"));
        Assert.NotNull(snapshot.CountersSince);
        await database.ExecuteAsync($"drop role {role}");
    }

    [Fact]
    public async Task A_lock_in_the_way_is_said_and_not_waited_for_long()
    {
        await using var server = await PrivateServer.ConnectAsync();
        await using var database = await server.CreateScratchAsync();
        await database.ExecuteAsync("create table busy (a int); create view seen as select * from busy");
        await using var holder = await database.OpenAsync();
        await using var transaction = await holder.BeginTransactionAsync();
        await using (var locking = new NpgsqlCommand("lock table busy in access exclusive mode", holder))
            await locking.ExecuteNonQueryAsync();
        var hurried = TargetTimeouts.Default with { Lock = TimeSpan.FromMilliseconds(50) };
        await using var target = await ReadOnlyTarget.ConnectAsync("app", database.ConnectionString, hurried);
        var e = await Assert.ThrowsAsync<PostgresUnavailableException>(() => CatalogReader.ReadAsync(target));
        Assert.Contains("lock", e.Message, StringComparison.Ordinal);
    }
}
