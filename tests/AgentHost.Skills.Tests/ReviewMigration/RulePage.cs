using System.Collections.Immutable;
using System.Text.RegularExpressions;
using AgentHost.Skills.ReviewMigration;
using YamlDotNet.Serialization;

namespace AgentHost.Skills.Tests.ReviewMigration;

/// <summary>A page of skills/review-migration/rules, read as the tests need it.</summary>
internal sealed partial record RulePage(string Id, IReadOnlyDictionary<string, string> Front, string Text, ImmutableArray<RuleExample> Examples)
{
    public static string Folder => Path.Combine(AppContext.BaseDirectory, "skills", "review-migration", "rules");

    public static IEnumerable<string> Ids => Directory.GetFiles(Folder, "*.md").Select(file => Path.GetFileNameWithoutExtension(file)!).Order(StringComparer.Ordinal);

    public string Schema => Of("schema").Single().Sql;

    /// <summary>Whether only a run can find the hazard.</summary>
    public bool NeedsProof => Front.GetValueOrDefault("proof") == "needed";

    /// <summary>Whether a run answers the question that the finding asks, so that the finding goes.</summary>
    public bool IsSettledByProof => Front.GetValueOrDefault("proof") == "settles";

    public IEnumerable<RuleExample> Of(string kind) => Examples.Where(example => example.Kind == kind);

    public static RulePage Read(string id)
    {
        string text = File.ReadAllText(Path.Combine(Folder, id + ".md"));
        var front = new DeserializerBuilder().Build().Deserialize<Dictionary<string, string>>(text.Split("---\n")[1]);
        return new(id, front, text,
            [.. Fence().Matches(text).Select(match => new RuleExample(match.Groups["kind"].Value, match.Groups["sql"].Value, Option(match.Groups["rest"].Value, "sqlstate"))
            {
                Version = int.Parse(Option(match.Groups["rest"].Value, "version") ?? "17"),
                Transaction = Option(match.Groups["rest"].Value, "transaction") == "on" ? TransactionMode.On : TransactionMode.Off,
            })]);
    }

    private static string? Option(string info, string name) =>
        info.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(option => option.Split('=')).FirstOrDefault(option => option[0] == name)?[1];

    [GeneratedRegex(@"^```sql (?<kind>\w+)(?<rest>[^\n]*)\n(?<sql>.*?)^```", RegexOptions.Multiline | RegexOptions.Singleline | RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Fence();
}

/// <summary>A fenced SQL example: <c>schema</c>, <c>bad</c>, <c>good</c> or <c>fine</c>; a bad one may name the SQLSTATE it fails with.</summary>
internal sealed record RuleExample(string Kind, string Sql, string? SqlState)
{
    /// <summary>The target that the example is about; only one for the private server's version is run.</summary>
    public int Version { get; init; } = 17;

    /// <summary>Whether the runner wraps the example in a transaction.</summary>
    public TransactionMode Transaction { get; init; } = TransactionMode.Off;

    /// <summary>Whether the private server shows what the example claims.</summary>
    public bool Runs => Version == 17;
}
