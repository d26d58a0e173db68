using System.Globalization;
using Npgsql;

namespace AgentHost.Postgres;

/// <summary>Connection URLs of libpq (PostgreSQL manual 32.1.1.2): several hosts, percent-encoding, parameters behind the question mark.</summary>
internal static class ConnectionUrl
{
    // Parameters that ORMs and poolers put into the same URL for themselves; they mean nothing to a direct connection.
    private static readonly HashSet<string> Foreign = new(StringComparer.Ordinal)
    {
        "pgbouncer", "connection_limit", "pool_timeout", "socket_timeout", "statement_cache_size", "prepared_statements", "gssencmode", "sslcompression",
        "keepalives", "keepalives_idle", "keepalives_interval", "keepalives_count", "tcp_user_timeout", "pool_max_conns", "supa", "workaround", "fallback_application_name",
    };

    public static bool IsUrl(string text) =>
        text.StartsWith("postgres://", StringComparison.OrdinalIgnoreCase) || text.StartsWith("postgresql://", StringComparison.OrdinalIgnoreCase);

    /// <exception cref="PostgresUnavailableException">A parameter is unknown; its value is not repeated.</exception>
    /// <exception cref="FormatException">A port or a number is none.</exception>
    public static NpgsqlConnectionStringBuilder Parse(string name, string text)
    {
        var builder = new NpgsqlConnectionStringBuilder();
        var rest = text[(text.IndexOf("://", StringComparison.Ordinal) + 3)..];
        var question = rest.IndexOf('?', StringComparison.Ordinal);
        var query = question < 0 ? "" : rest[(question + 1)..];
        rest = question < 0 ? rest : rest[..question];
        var slash = rest.IndexOf('/', StringComparison.Ordinal);
        if (slash >= 0 && slash < rest.Length - 1)
            builder.Database = Decode(rest[(slash + 1)..]);
        var authority = slash < 0 ? rest : rest[..slash];
        var at = authority.LastIndexOf('@');
        if (at >= 0)
        {
            var credentials = authority[..at].Split(':', 2);
            if (credentials[0].Length != 0)
                builder.Username = Decode(credentials[0]);
            if (credentials.Length == 2)
                builder.Password = Decode(credentials[1]);
        }

        SetHosts(builder, authority[(at + 1)..]);
        foreach (var pair in query.Split('&', StringSplitOptions.RemoveEmptyEntries))
        {
            var parts = pair.Split('=', 2);
            SetParameter(name, builder, Decode(parts[0]), parts.Length == 2 ? Decode(parts[1]) : "");
        }

        if (string.IsNullOrEmpty(builder.Host))
            builder.Host = "localhost";
        return builder;
    }

    private static void SetHosts(NpgsqlConnectionStringBuilder builder, string hosts)
    {
        if (hosts.Length == 0)
            return;
        if (hosts.Contains(',', StringComparison.Ordinal))
        {
            builder.Host = string.Join(',', hosts.Split(',').Select(Decode)); // Npgsql reads host:port,host:port itself
            return;
        }

        var colon = hosts.EndsWith(']') ? -1 : hosts.LastIndexOf(':');
        builder.Host = Decode(colon < 0 ? hosts : hosts[..colon]).Trim('[', ']');
        if (colon >= 0 && colon < hosts.Length - 1)
            builder.Port = Number(hosts[(colon + 1)..]);
    }

    private static void SetParameter(string name, NpgsqlConnectionStringBuilder builder, string key, string value)
    {
        switch (key)
        {
            case "host": builder.Host = value; break;
            case "port": builder.Port = Number(value); break;
            case "user": builder.Username = value; break;
            case "password": builder.Password = value; break;
            case "dbname": builder.Database = value; break;
            case "sslmode" or "ssl": builder["SSL Mode"] = SslModeOf(value); break;
            case "sslrootcert": builder.RootCertificate = value; break;
            case "sslcert": builder.SslCertificate = value; break;
            case "sslkey": builder.SslKey = value; break;
            case "sslpassword": builder.SslPassword = value; break;
            case "channel_binding": builder["Channel Binding"] = value; break;
            case "connect_timeout": builder.Timeout = Number(value); break;
            case "application_name": builder.ApplicationName = value; break;
            case "options": builder.Options = value; break;
            case "schema" or "search_path" or "currentSchema": builder.SearchPath = value; break;
            case "client_encoding": builder.ClientEncoding = value; break;
            case "target_session_attrs": builder.TargetSessionAttributes = value; break;
            default:
                if (!Foreign.Contains(key))
                {
                    // The key is told only where it looks like one: an unencoded '?' or '&' in a password ends up here, too.
                    var told = key.Length <= 30 && key.All(c => char.IsAsciiLetterLower(c) || c == '_') && value.Length != 0 && builder.Password is not null ? $" '{key}'" : "";
                    throw TargetConnection.Unreadable(name, $"its URL has an unknown parameter{told} behind the question mark");
                }

                break;
        }
    }

    private static string SslModeOf(string value) => value switch
    {
        "verify-ca" => nameof(SslMode.VerifyCA),
        "verify-full" => nameof(SslMode.VerifyFull),
        "true" => nameof(SslMode.Require),
        "false" => nameof(SslMode.Disable),
        _ => value,
    };

    private static int Number(string text) => int.Parse(text, NumberStyles.None, CultureInfo.InvariantCulture);

    private static string Decode(string text) => Uri.UnescapeDataString(text);
}
