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

    /// <summary>The plan that was explained; null where none was.</summary>
    public TrailPlan? Plan { get; init; }
}

/// <summary>By what a query and its plan are known again.</summary>
/// <param name="Query">The query's fingerprint.</param>
/// <param name="Shape">The plan's fingerprint.</param>
/// <param name="Outline">Its joins and scans: names of tables and indexes, no values.</param>
/// <param name="Ms">Milliseconds of execution; null where it was not run.</param>
/// <param name="Cost">The planner's cost; null where the plan does not say.</param>
public sealed record TrailPlan(string Query, string Shape, string Outline, double? Ms, double? Cost);
