namespace AgentHost.Sql;

/// <summary>The folder that holds the private PostgreSQL, the parser library and the store.</summary>
public static class DataFolder
{
    /// <summary>
    /// <c>AGENTHOST_HOME</c>, else <c>$XDG_DATA_HOME/agenthost</c>, else <c>/var/lib/agenthost</c> for root
    /// (whose home an unprivileged server cannot enter) and <c>~/.local/share/agenthost</c> for others.
    /// </summary>
    public static string Path { get; } = Resolve();

    /// <summary>The private PostgreSQL installation: a Debian file tree of its own (<c>usr/lib/postgresql/17/bin</c>, …).</summary>
    public static string Installation => System.IO.Path.Combine(Path, "postgresql-17");

    private static string Resolve()
    {
        if (Environment.GetEnvironmentVariable("AGENTHOST_HOME") is { Length: > 0 } home)
            return System.IO.Path.GetFullPath(home);
        if (Environment.GetEnvironmentVariable("XDG_DATA_HOME") is { Length: > 0 } data)
            return System.IO.Path.Combine(data, "agenthost");
        return Environment.IsPrivilegedProcess
            ? "/var/lib/agenthost"
            : System.IO.Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".local/share/agenthost");
    }
}
