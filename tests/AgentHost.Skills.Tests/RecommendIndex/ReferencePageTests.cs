using AgentHost.Postgres;
using AgentHost.Sql.Queries;

namespace AgentHost.Skills.Tests.RecommendIndex;

public sealed class ReferencePageTests
{
    private static readonly string Folder = Path.Combine(AppContext.BaseDirectory, "skills", "recommend-index", "references");

    public static TheoryData<string> Pages => [.. Directory.GetFiles(Folder, "*.md").Select(p => Path.GetFileNameWithoutExtension(p)).Order(StringComparer.Ordinal)];

    [Theory]
    [MemberData(nameof(Pages))]
    public async Task The_sql_of_each_page_runs(string page)
    {
        var blocks = (await File.ReadAllTextAsync(Path.Combine(Folder, page + ".md"))).Split("```");
        var statements = blocks.Where(b => b.StartsWith("sql\n", StringComparison.Ordinal)).SelectMany(b => QueryScript.Parse(b[4..])).ToList();
        Assert.NotEmpty(statements);
        var server = await PrivateServer.ConnectAsync();
        await using var database = await server.CreateScratchAsync();
        foreach (var statement in statements)
            await database.ExecuteAsync(statement.Sql);
    }

    [Theory]
    [MemberData(nameof(Pages))]
    public async Task Each_page_is_of_a_length_to_read(string page)
    {
        var words = (await File.ReadAllTextAsync(Path.Combine(Folder, page + ".md"))).Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries).Length;
        Assert.InRange(words, 250, 700);
    }
}
