using Npgsql;

namespace AgentHost.Postgres;

/// <summary>Tells the loss of a server from its answer.</summary>
internal static class ConnectionLoss
{
    /// <summary>
    /// Class 08: connection exceptions; 57P01 to 57P03: the server stops, crashed, or is starting (PostgreSQL manual, appendix A). A statement's own timeout is no loss.
    /// </summary>
    public static bool Is(NpgsqlException e) => e is PostgresException answer
        ? answer.SqlState.StartsWith("08", StringComparison.Ordinal)
            || answer.SqlState is PostgresErrorCodes.AdminShutdown or PostgresErrorCodes.CrashShutdown or PostgresErrorCodes.CannotConnectNow
        : e.InnerException is not TimeoutException;
}
