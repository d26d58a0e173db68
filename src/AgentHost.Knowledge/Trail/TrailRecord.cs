namespace AgentHost.Knowledge.Trail;

/// <summary>What one call concluded, in a line. It holds no SQL unless the workspace's configuration asks for that.</summary>
/// <param name="When">When it ended, to the second.</param>
/// <param name="Tool">The tool, as <c>review_migration</c>.</param>
/// <param name="Subject">What it was about: file names, tables, counts.</param>
/// <param name="Verdict">What it concluded, as <c>unsafe: set-not-null-scan</c>, or why it was refused.</param>
public sealed record TrailRecord(DateTimeOffset When, string Tool, string Subject, string Verdict)
{
    /// <summary>The client's name; null where it told none.</summary>
    public string? Client { get; init; }

    /// <summary>The statements; null unless the configuration asks for them.</summary>
    public string? Sql { get; init; }
}
