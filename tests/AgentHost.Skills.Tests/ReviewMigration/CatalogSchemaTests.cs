using AgentHost.Postgres;
using AgentHost.Postgres.Catalog;
using AgentHost.Skills.DesignSchema;
using AgentHost.Skills.ReviewMigration;
using AgentHost.Skills.Tests.DesignSchema;
using AgentHost.Sql;

namespace AgentHost.Skills.Tests.ReviewMigration;

/// <summary>The catalogs of a database tell a review what the text that made it would.</summary>
public sealed class CatalogSchemaTests
{
    private const int Models = 12;

    /// <summary>A line in a text can say that an index is INVALID; running it makes one that is valid.</summary>
    public static TheoryData<string> Pages => [.. RulePage.Ids.Where(id => id != "concurrent-index-if-not-exists")];

    public static TheoryData<int> Seeds => [.. Enumerable.Range(1, Models)];

    [Fact]
    public async Task The_example_project_is_read_back_as_it_is() =>
        await ComesBackAsync(await File.ReadAllTextAsync(Path.Combine(Repository.Root, "examples/project-management/schema.sql")));

    [Theory]
    [MemberData(nameof(Seeds))]
    public async Task Whatever_the_designer_writes_is_read_back_as_it_is(int seed)
    {
        var designed = await DesignSchemaEngine.RunAsync(new DesignRequest(RandomModelTests.RandomModel.Make(seed).Text) { PgVersion = 17 });
        await ComesBackAsync(designed.Files.Single(file => file.Name.EndsWith("schema.sql", StringComparison.Ordinal)).Text!);
    }

    [Theory]
    [MemberData(nameof(Pages))]
    public async Task A_migration_is_judged_on_a_database_as_on_the_text_that_made_it(string id)
    {
        var page = RulePage.Read(id);
        var catalog = (await ReadAsync(page.Schema)) with { Relations = [] };
        foreach (var example in page.Of("bad").Concat(page.Of("good")).Concat(page.Of("fine")).Where(example => example.Version == 17))
        {
            var request = new ReviewRequest([new("migration.sql", example.Sql)]) { PgVersion = example.Version, Transaction = example.Transaction };
            var onText = await ReviewMigrationEngine.RunAsync(request with { Schema = [new("schema.sql", page.Schema)] });
            var onTarget = await ReviewMigrationEngine.RunAsync(request with { Target = catalog });
            Assert.Equal(Seen(onText), Seen(onTarget));
        }
    }

    private static IEnumerable<string> Seen(ReviewResult result) =>
        result.Files[0].Findings.Select(finding => $"{finding.Line}:{finding.Column} {finding.Severity} {finding.Rule}");

    private static async Task<CatalogSnapshot> ReadAsync(string schema)
    {
        await using var server = await PrivateServer.ConnectAsync();
        await using var database = await server.CreateScratchAsync();
        await database.ExecuteAsync(SqlParser.Parse(schema));
        await using var target = await ReadOnlyTarget.ConnectAsync("app", database.ConnectionString);
        return await CatalogReader.ReadAsync(target);
    }

    private static async Task ComesBackAsync(string schema)
    {
        await using var server = await PrivateServer.ConnectAsync();
        await using var database = await server.CreateScratchAsync();
        await database.ExecuteAsync(SqlParser.Parse(schema));
        await using var target = await ReadOnlyTarget.ConnectAsync("app", database.ConnectionString);
        var catalog = await CatalogReader.ReadAsync(target);
        await using var copy = await server.CreateScratchAsync();
        await copy.ExecuteAsync(SqlParser.Parse(catalog.Ddl));
        Assert.Equal(await database.DumpSchemaAsync(), await copy.DumpSchemaAsync());
    }
}
