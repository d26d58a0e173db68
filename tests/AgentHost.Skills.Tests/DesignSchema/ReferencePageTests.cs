using System.Text.RegularExpressions;
using AgentHost.Postgres;
using AgentHost.Skills.DesignSchema;

namespace AgentHost.Skills.Tests.DesignSchema;

public sealed partial class ReferencePageTests
{
    private static readonly string References = Path.Combine(Repository.Root, "skills", "design-schema", "references");

    public static TheoryData<string> Pages => [.. Directory.EnumerateFiles(References, "*.md").Select(f => Path.GetFileNameWithoutExtension(f)).Order(StringComparer.Ordinal)];

    [Theory]
    [MemberData(nameof(Pages))]
    public async Task The_sql_of_a_page_runs_as_it_stands(string page)
    {
        var text = await File.ReadAllTextAsync(Path.Combine(References, $"{page}.md"));
        var server = await PrivateServer.ConnectAsync();
        await using var scratch = await server.CreateScratchAsync();
        foreach (Match block in SqlBlock().Matches(text))
            await scratch.ExecuteAsync(block.Groups["sql"].Value);
    }

    [Theory]
    [MemberData(nameof(Pages))]
    public async Task A_page_has_250_to_700_words(string page)
    {
        var text = await File.ReadAllTextAsync(Path.Combine(References, $"{page}.md"));
        Assert.InRange(text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries).Length, 250, 700);
    }

    [Fact]
    public async Task Every_citation_names_a_page_and_a_heading_of_it()
    {
        var result = await DesignSchemaEngine.RunAsync(new DesignRequest("""
            tenancy: { mode: shared, entity: org }
            options: { softDelete: true }
            entities:
              org: {}
              code: { key: uuid, attributes: { a: 'enum of [x]', b: { type: 'enum of [y]', lookup: true }, m: money, t: text, at: instant } }
            relationships: [ { type: many-to-many, from: code, to: code }, { type: one-to-many, from: code, to: code } ]
            accessPatterns: [ { name: p, entity: code, sort: at } ]
            """));
        Assert.True(result.Decisions.Length >= 12);
        foreach (var citation in result.Decisions.Select(d => d.Citation))
        {
            var page = await File.ReadAllTextAsync(Path.Combine(References, $"{citation.Document}.md"));
            Assert.Contains($"\n## {citation.Section}\n", page);
        }
    }

    [GeneratedRegex(@"```sql\n(?<sql>.*?)```", RegexOptions.Singleline | RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex SqlBlock();
}
