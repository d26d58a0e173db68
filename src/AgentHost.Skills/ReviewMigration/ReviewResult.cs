using System.Collections.Immutable;
using System.Text.Json.Serialization;
using AgentHost.Skills.ReviewMigration.Fixing;

namespace AgentHost.Skills.ReviewMigration;

/// <summary>The verdict on each file, and what the team decided before that bears on it.</summary>
/// <param name="Files">One entry a migration, in the order given.</param>
public sealed record ReviewResult(ImmutableArray<ReviewedFile> Files) : SkillResult
{
    /// <summary>What was left out of the review, such as down migrations of a folder; null where nothing was.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyList<string>? Notes { get; init; }

    /// <summary>The worst severity among findings that no decision waives; null where there is none.</summary>
    [JsonIgnore]
    public Severity? Worst => Files.SelectMany(file => file.Findings)
        .Where(finding => finding.WaivedBy is null)
        .Select(finding => (Severity?)finding.Severity)
        .Max();
}

/// <summary>What was found in one migration.</summary>
/// <param name="Path">Its name as given.</param>
/// <param name="Verdict">The sum of its findings.</param>
/// <param name="Findings">The findings in source order.</param>
public sealed record ReviewedFile(string Path, Verdict Verdict, ImmutableArray<Finding> Findings)
{
    /// <summary>What the reader must know to trust the verdict, such as why a proof was not possible; null where there is nothing to say.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyList<string>? Notes { get; init; }

    /// <summary>The text that the findings' places are places of; empty where it was not kept.</summary>
    [JsonIgnore]
    public string Source { get; init; } = "";

    /// <summary>The migration with its fixes in place; null where that was not asked for, or nothing was found.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public MigrationRewrite? Rewrite { get; init; }
}

/// <summary>Whether a migration can be run on a busy database.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<Verdict>))]
public enum Verdict
{
    /// <summary>Nothing at or above warning, and no code that was not looked into.</summary>
    [JsonStringEnumMemberName("safe")] Safe,

    /// <summary>Warnings or code that was not looked into, no errors.</summary>
    [JsonStringEnumMemberName("caution")] Caution,

    /// <summary>At least one error.</summary>
    [JsonStringEnumMemberName("unsafe")] Unsafe,
}
