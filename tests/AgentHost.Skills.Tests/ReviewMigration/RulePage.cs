using System.Collections.Immutable;
using System.Text.RegularExpressions;
using YamlDotNet.Serialization;

namespace AgentHost.Skills.Tests.ReviewMigration;

/// <summary>A page of skills/review-migration/rules, read as the tests need it.</summary>
internal sealed partial record RulePage(string Id, IReadOnlyDictionary<string, string> Front, string Text, ImmutableArray<RuleExample> Examples)
{
    public static string Folder => Path.Combine(AppContext.BaseDirectory, "skills", "review-migration", "rules");

    public static IEnumerable<string> Ids => Directory.GetFiles(Folder, "*.md").Select(file => Path.GetFileNameWithoutExtension(file)!).Order(StringComparer.Ordinal);

    public string Schema => Of("schema").Single().Sql;

    public IEnumerable<RuleExample> Of(string kind) => Examples.Where(example => example.Kind == kind);

    public static RulePage Read(string id)
    {
        string text = File.ReadAllText(Path.Combine(Folder, id + ".md"));
        var front = new DeserializerBuilder().Build().Deserialize<Dictionary<string, string>>(text.Split("---\n")[1]);
        return new(id, front, text,
            [.. Fence().Matches(text).Select(match => new RuleExample(match.Groups["kind"].Value, match.Groups["sql"].Value, SqlState(match.Groups["rest"].Value)))]);
    }

    private static string? SqlState(string info) => info.Split('=') is [_, var code] ? code.Trim() : null;

    [GeneratedRegex(@"^```sql (?<kind>\w+)(?<rest>[^\n]*)\n(?<sql>.*?)^```", RegexOptions.Multiline | RegexOptions.Singleline | RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Fence();
}

/// <summary>A fenced SQL example: <c>schema</c>, <c>bad</c>, <c>good</c> or <c>fine</c>; a bad one may name the SQLSTATE it fails with.</summary>
internal sealed record RuleExample(string Kind, string Sql, string? SqlState);
