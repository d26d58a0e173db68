namespace AgentHost.Workspaces;

/// <summary>A text and the name it is known by in answers: a path as the caller wrote it, or <c>&lt;text&gt;</c>.</summary>
internal sealed record NamedText(string Name, string Text)
{
    /// <summary>Whether Flyway's file beside it says <c>executeInTransaction=false</c>.</summary>
    public bool NoTransaction { get; init; }
}
