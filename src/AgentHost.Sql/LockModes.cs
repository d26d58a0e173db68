namespace AgentHost.Sql;

/// <summary>Names of lock modes and what they block.</summary>
public static class LockModes
{
    /// <summary>The name as SQL writes it: <c>ACCESS EXCLUSIVE</c>.</summary>
    public static string ToSql(this LockMode mode) => mode switch
    {
        LockMode.None => "NONE",
        LockMode.AccessShare => "ACCESS SHARE",
        LockMode.RowShare => "ROW SHARE",
        LockMode.RowExclusive => "ROW EXCLUSIVE",
        LockMode.ShareUpdateExclusive => "SHARE UPDATE EXCLUSIVE",
        LockMode.Share => "SHARE",
        LockMode.ShareRowExclusive => "SHARE ROW EXCLUSIVE",
        LockMode.Exclusive => "EXCLUSIVE",
        LockMode.AccessExclusive => "ACCESS EXCLUSIVE",
        _ => throw new ArgumentOutOfRangeException(nameof(mode), mode, "Not a table-level lock mode."),
    };

    /// <summary>Reads <c>pg_locks.mode</c>: <c>AccessExclusiveLock</c>.</summary>
    /// <exception cref="FormatException">The text is not a table-level lock mode.</exception>
    public static LockMode FromCatalog(string mode) =>
        mode.EndsWith("Lock", StringComparison.Ordinal) && Enum.TryParse<LockMode>(mode[..^4], out var parsed) && parsed != LockMode.None
            ? parsed
            : throw new FormatException($"'{mode}' is not a table-level lock mode of pg_locks.");

    /// <summary>True where an INSERT, UPDATE or DELETE of others must wait.</summary>
    public static bool BlocksWrites(this LockMode mode) => mode >= LockMode.Share;

    /// <summary>True where even a SELECT of others must wait.</summary>
    public static bool BlocksReads(this LockMode mode) => mode == LockMode.AccessExclusive;
}
