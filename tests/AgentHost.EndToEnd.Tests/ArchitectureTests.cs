using System.Text.RegularExpressions;
using System.Xml.Linq;

namespace AgentHost.EndToEnd.Tests;

/// <summary>The house keeps its shape: who may know whom.</summary>
public sealed partial class ArchitectureTests
{
    [Theory]
    [InlineData("AgentHost.Sql")]
    [InlineData("AgentHost.Postgres", "AgentHost.Sql")]
    [InlineData("AgentHost.Knowledge", "AgentHost.Postgres", "AgentHost.Sql")]
    [InlineData("AgentHost.Skills", "AgentHost.Knowledge", "AgentHost.Postgres", "AgentHost.Sql")]
    public void A_project_references_only_the_rooms_below_it(string project, params string[] allowed) =>
        Assert.Subset(allowed.ToHashSet(StringComparer.Ordinal), References(project, "ProjectReference").Select(path => Path.GetFileNameWithoutExtension(path)!).ToHashSet(StringComparer.Ordinal));

    [Theory]
    [InlineData("AgentHost.Sql")]
    [InlineData("AgentHost.Postgres")]
    [InlineData("AgentHost.Knowledge")]
    [InlineData("AgentHost.Skills")]
    public void No_room_but_the_host_knows_the_protocol_or_the_console(string project)
    {
        Assert.DoesNotContain(References(project, "PackageReference"), package =>
            package.StartsWith("ModelContextProtocol", StringComparison.Ordinal) || package is "Spectre.Console" or "System.CommandLine");
        Assert.Empty(Sources(project).Where(source => Regex.IsMatch(source.Text, @"using (ModelContextProtocol|Spectre|System\.CommandLine)|\bConsole\.", RegexOptions.ExplicitCapture, TimeSpan.FromSeconds(10)))
            .Select(source => source.Path));
    }

    [Fact]
    public void The_host_holds_no_sql()
    {
        Assert.DoesNotContain("Npgsql", References("AgentHost", "PackageReference"));
        Assert.Empty(Sources("AgentHost").Where(source => source.Text.Contains("Npgsql", StringComparison.Ordinal) || Sql().IsMatch(source.Text)).Select(source => source.Path));
    }

    [Fact]
    public void No_source_file_outgrows_three_hundred_lines() =>
        Assert.Empty(Directory.EnumerateDirectories(Path.Combine(Built.Repository, "src")).SelectMany(folder => Sources(Path.GetFileName(folder)))
            .Where(source => source.Text.AsSpan().Count('\n') > 330).Select(source => source.Path));

    [GeneratedRegex("""["](SELECT|INSERT INTO|UPDATE|DELETE FROM|CREATE|ALTER|DROP) [a-z_]+ """, RegexOptions.ExplicitCapture, 10_000)]
    private static partial Regex Sql();

    private static IEnumerable<string> References(string project, string kind) =>
        XDocument.Load(Path.Combine(Built.Repository, "src", project, project + ".csproj")).Descendants(kind).Select(element => element.Attribute("Include")!.Value);

    private static IEnumerable<(string Path, string Text)> Sources(string project) =>
        Directory.EnumerateFiles(Path.Combine(Built.Repository, "src", project), "*.cs", SearchOption.AllDirectories)
            .Where(path => !path.Contains("/obj/", StringComparison.Ordinal) && !path.Contains("/bin/", StringComparison.Ordinal))
            .Select(path => (Path.GetRelativePath(Built.Repository, path), File.ReadAllText(path)));
}
