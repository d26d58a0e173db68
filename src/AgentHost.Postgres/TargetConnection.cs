using System.Net.Sockets;
using Npgsql;

namespace AgentHost.Postgres;

/// <summary>How to reach a user's database, and how to speak of failures without its secrets.</summary>
/// <param name="Name">The name the user knows it by.</param>
/// <param name="Builder">The settings.</param>
internal sealed record TargetConnection(string Name, NpgsqlConnectionStringBuilder Builder)
{
    /// <summary>Reads an Npgsql keyword string or a <c>postgres://</c> URL (libpq's form, PostgreSQL manual 32.1.1.2).</summary>
    /// <exception cref="PostgresUnavailableException">It is neither; the message does not repeat it.</exception>
    public static TargetConnection Parse(string name, string text)
    {
        text = text.Trim();
        if (text.Length == 0)
            throw Unreadable(name, "it is empty");
        try
        {
            var builder = ConnectionUrl.IsUrl(text) ? ConnectionUrl.Parse(name, text) : new NpgsqlConnectionStringBuilder(text);
            if (string.IsNullOrEmpty(builder.Host))
                throw Unreadable(name, "it names no host");
            builder.PersistSecurityInfo = false;
            return new TargetConnection(name, builder);
        }
        catch (Exception e) when (e is ArgumentException or FormatException or OverflowException or InvalidCastException or NotSupportedException)
        {
            // The cause's own message may quote any part of the string, the password included.
            throw Unreadable(name, "it is neither a postgres:// URL nor a list of Keyword=value; pairs that Npgsql knows");
        }
    }

    /// <summary>The exception for a connection text that cannot be read.</summary>
    public static PostgresUnavailableException Unreadable(string name, string why) => new(
        $"The connection of '{name}' cannot be read: {why}. "
        + "Write postgres://user:password@host:5432/database?sslmode=require (percent-encode special characters), or Host=…;Port=…;Username=…;Password=…;Database=….");

    /// <summary>The text with the password and the key's passphrase blotted out.</summary>
    public string Redact(string text)
    {
        foreach (var secret in (string?[])[Builder.Password, Builder.Passfile, Builder.SslPassword])
        {
            if (!string.IsNullOrEmpty(secret))
                text = text.Replace(secret, "***", StringComparison.Ordinal).Replace(Uri.EscapeDataString(secret), "***", StringComparison.Ordinal);
        }

        return text;
    }

    /// <summary>What a failure to connect or to answer means to a user, and what to do. The cause is told, not attached: its text may hold secrets.</summary>
    public PostgresUnavailableException Unavailable(Exception cause) => new($"{What(cause)} {Remedy(cause)}");

    private string Where => $"'{Name}' ({Redact(Builder.Host ?? "")}:{Builder.Port}, database {Redact(Builder.Database ?? Builder.Username ?? "")})";

    private string What(Exception cause) => cause switch
    {
        PostgresException { SqlState: PostgresErrorCodes.InvalidPassword or PostgresErrorCodes.InvalidAuthorizationSpecification } e =>
            $"{Where} refused the sign-in: {Redact(e.MessageText)}.",
        PostgresException { SqlState: PostgresErrorCodes.InvalidCatalogName } e => $"{Where} does not exist: {Redact(e.MessageText)}.",
        PostgresException { SqlState: PostgresErrorCodes.QueryCanceled } => $"{Where} did not answer within the statement timeout.",
        PostgresException { SqlState: PostgresErrorCodes.LockNotAvailable } => $"{Where} has a lock in the way that was not given up within the lock timeout.",
        PostgresException e => $"{Where} answered with an error ({e.SqlState}): {Redact(e.MessageText)}.",
        _ when Root(cause) is TimeoutException or OperationCanceledException => $"{Where} did not answer in time.",
        _ => $"{Where} cannot be reached: {Redact(Root(cause).Message).TrimEnd('.')}.",
    };

    private static string Remedy(Exception cause) => cause switch
    {
        PostgresException { SqlState: PostgresErrorCodes.InvalidPassword or PostgresErrorCodes.InvalidAuthorizationSpecification } =>
            "Check the user and the password in the configured connection, and pg_hba.conf on the server.",
        PostgresException { SqlState: PostgresErrorCodes.InvalidCatalogName } => "Check the database's name in the configured connection.",
        PostgresException { SqlState: PostgresErrorCodes.TooManyConnections } => "Try again when fewer clients are connected.",
        PostgresException { SqlState: PostgresErrorCodes.CannotConnectNow } => "It is starting or stopping; try again in a moment.",
        PostgresException { SqlState: PostgresErrorCodes.QueryCanceled } => "Ask for less (EXPLAIN without ANALYZE, a smaller query), or allow a longer timeout.",
        PostgresException { SqlState: PostgresErrorCodes.LockNotAvailable } => "Somebody holds a strong lock (a migration?); try again when it is over.",
        PostgresException => "",
        _ when Root(cause) is SocketException => "Is the server running, are host and port right, does a firewall stand between?",
        _ => "Check host, port and sslmode in the configured connection.",
    };

    private static Exception Root(Exception e) => e is NpgsqlException { InnerException: { } inner } ? Root(inner) : e;
}
