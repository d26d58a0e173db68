using AgentHost.Knowledge.Memory;
using AgentHost.Skills.DesignSchema;
using AgentHost.Skills.DesignSchema.Following;

namespace AgentHost.Skills.Tests.DesignSchema;

public sealed class DesignCitationTests
{
    private static readonly string References = Path.Combine(Repository.Root, "skills", "design-schema", "references");

    [Fact]
    public async Task Every_choice_that_can_be_followed_names_a_page_and_a_heading_of_it()
    {
        foreach (var (choice, subject) in Subject.All)
        {
            Assert.Contains(choice.Value, MemorySubjects.All[choice.Subject]);
            Assert.Contains($"\n## {subject.Section}\n", await File.ReadAllTextAsync(Path.Combine(References, $"{subject.Document}.md")), StringComparison.Ordinal);
        }
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
}
