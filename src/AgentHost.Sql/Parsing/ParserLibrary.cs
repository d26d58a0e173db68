using System.Runtime.InteropServices;

namespace AgentHost.Sql.Parsing;

/// <summary>Finds and loads libpg_query 17-6, once, when the first text is parsed.</summary>
public static unsafe class ParserLibrary
{
    private const string FileName = "libpg_query.so.1706.0";
    private static readonly Lazy<Functions> Loaded = new(() => LoadFrom(FilePath), LazyThreadSafetyMode.PublicationOnly);

    /// <summary>Where the library is looked for: <c>AGENTHOST_PG_QUERY</c>, else inside <see cref="DataFolder.Installation"/>.</summary>
    public static string FilePath => Environment.GetEnvironmentVariable("AGENTHOST_PG_QUERY") is { Length: > 0 } path
        ? path
        : Path.Combine(DataFolder.Installation, "usr/lib/x86_64-linux-gnu", FileName);

    internal static Functions Load() => Loaded.Value;

    /// <exception cref="ParserUnavailableException">There is no such file, or it is not libpg_query.</exception>
    internal static Functions LoadFrom(string path)
    {
        if (!File.Exists(path))
            throw new ParserUnavailableException(
                $"The SQL parser library is not at {path}. Run eng/install-postgres to install it, or './agenthost doctor' to see what is missing.");
        try
        {
            var library = NativeLibrary.Load(path);
            return new Functions(
                (delegate* unmanaged<byte*, LibPgQuery.ParseResult>)NativeLibrary.GetExport(library, "pg_query_parse"),
                (delegate* unmanaged<LibPgQuery.ParseResult, void>)NativeLibrary.GetExport(library, "pg_query_free_parse_result"),
                (delegate* unmanaged<byte*, PlPgSqlParser.ParseResult>)NativeLibrary.GetExport(library, "pg_query_parse_plpgsql"),
                (delegate* unmanaged<PlPgSqlParser.ParseResult, void>)NativeLibrary.GetExport(library, "pg_query_free_plpgsql_parse_result"));
        }
        catch (Exception e) when (e is DllNotFoundException or EntryPointNotFoundException or BadImageFormatException)
        {
            throw new ParserUnavailableException(
                $"The SQL parser library at {path} cannot be loaded: {e.Message} Run eng/install-postgres again, or './agenthost doctor'.", e);
        }
    }

    internal sealed class Functions(
        delegate* unmanaged<byte*, LibPgQuery.ParseResult> parse, delegate* unmanaged<LibPgQuery.ParseResult, void> free,
        delegate* unmanaged<byte*, PlPgSqlParser.ParseResult> parsePlPgSql, delegate* unmanaged<PlPgSqlParser.ParseResult, void> freePlPgSql)
    {
        public delegate* unmanaged<byte*, LibPgQuery.ParseResult> Parse { get; } = parse;

        public delegate* unmanaged<LibPgQuery.ParseResult, void> Free { get; } = free;

        public delegate* unmanaged<byte*, PlPgSqlParser.ParseResult> ParsePlPgSql { get; } = parsePlPgSql;

        public delegate* unmanaged<PlPgSqlParser.ParseResult, void> FreePlPgSql { get; } = freePlPgSql;
    }
}
