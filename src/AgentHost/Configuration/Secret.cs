namespace AgentHost.Configuration;

/// <summary>A text that is never printed: a password, a key, a connection string.</summary>
internal sealed class Secret(string text)
{
    /// <summary>The text itself, for the one place that needs it.</summary>
    public string Reveal() => text;

    /// <inheritdoc />
    public override string ToString() => "[hidden]";
}
