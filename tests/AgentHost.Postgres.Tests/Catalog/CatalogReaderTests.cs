using AgentHost.Postgres.Catalog;
using AgentHost.Sql;

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
}
