using System.Collections.Immutable;
using System.Text.Json.Serialization;

namespace AgentHost.Skills.ReviewMigration.Fixing;

/// <summary>A migration written anew with the fixes of its findings in place.</summary>
/// <param name="Files">The files in the order in which the runner takes them; empty where nothing could be fixed.</param>
/// <param name="Fixed">What the files no longer do.</param>
/// <param name="Remaining">What they still do, and why.</param>
/// <param name="Checks">How it is known that the files are what they should be.</param>
public sealed record MigrationRewrite(
    ImmutableArray<RewrittenFile> Files, ImmutableArray<FixedFinding> Fixed, ImmutableArray<RemainingFinding> Remaining, ImmutableArray<string> Checks)
{
    /// <summary>Why nothing was rewritten although there are fixes; null where that is not so.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Refusal { get; init; }

    /// <summary>What the files do to the catalog beyond the original, as statements that do the same to it.</summary>
    [JsonIgnore]
    public ImmutableArray<string> Additions { get; init; } = [];
}

/// <summary>A file of a rewritten migration.</summary>
/// <param name="Name">Its name, in the folder of the original.</param>
/// <param name="Text">Its text, with the directives of the runner.</param>
/// <param name="InTransaction">Whether the runner is to wrap it in a transaction; null where the file cares for itself.</param>
public sealed record RewrittenFile(string Name, string Text, [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] bool? InTransaction)
{
    /// <summary>Flyway's configuration for the file, which goes beside it under its name and <c>.conf</c>; null where it needs none.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Config { get; init; }
}

/// <summary>A finding that a rewritten migration no longer gives.</summary>
/// <param name="Rule">The rule.</param>
/// <param name="Line">Its line in the original, 1-based.</param>
/// <param name="Title">What was done.</param>
public sealed record FixedFinding(string Rule, int Line, string Title);

/// <summary>A finding that a rewritten migration still gives.</summary>
/// <param name="Rule">The rule.</param>
/// <param name="Line">Its line in the original, 1-based.</param>
/// <param name="Severity">How bad it is.</param>
/// <param name="Why">Why it was left.</param>
public sealed record RemainingFinding(string Rule, int Line, Severity Severity, string Why);
