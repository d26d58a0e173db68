namespace AgentHost.Postgres;

/// <summary>How long a user's database may take, and how long we may hold anything of it.</summary>
/// <param name="Connect">Until a connection stands; whole seconds.</param>
/// <param name="Statement"><c>statement_timeout</c>: the longest that one statement runs.</param>
/// <param name="Lock"><c>lock_timeout</c>: the longest wait for a lock.</param>
/// <param name="Idle"><c>idle_in_transaction_session_timeout</c>: the longest that the server keeps a transaction that we forgot.</param>
public sealed record TargetTimeouts(TimeSpan Connect, TimeSpan Statement, TimeSpan Lock, TimeSpan Idle)
{
    /// <summary>10 s, 30 s, 2 s, 60 s.</summary>
    public static TargetTimeouts Default { get; } =
        new(TimeSpan.FromSeconds(10), TimeSpan.FromSeconds(30), TimeSpan.FromSeconds(2), TimeSpan.FromSeconds(60));

    /// <summary>The settings of a session that cannot write, by name.</summary>
    internal IEnumerable<(string Name, string Value)> Settings =>
    [
        ("default_transaction_read_only", "on"),
        ("statement_timeout", Milliseconds(Statement)),
        ("lock_timeout", Milliseconds(Lock)),
        ("idle_in_transaction_session_timeout", Milliseconds(Idle)),
        // Otherwise a backslash could end a string for the server where the parser saw it go on.
        ("standard_conforming_strings", "on"),
    ];

    private static string Milliseconds(TimeSpan time) => ((long)Math.Max(1, time.TotalMilliseconds)).ToString(System.Globalization.CultureInfo.InvariantCulture);
}
