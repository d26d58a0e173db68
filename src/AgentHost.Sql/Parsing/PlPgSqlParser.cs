using System.Runtime.ExceptionServices;
using System.Runtime.InteropServices;
using System.Text.Json;

namespace AgentHost.Sql.Parsing;

/// <summary>Calls <c>pg_query_parse_plpgsql</c> (https://github.com/pganalyze/libpg_query) on a stack that is deep enough.</summary>
internal static unsafe class PlPgSqlParser
{
    /// <summary>The most tokens of a body that is read: the library looks each name up among all variables, which grows with the square.</summary>
    public const int MaxTokens = 50_000;

    /// <summary>
    /// Bison's stack of 10,000 symbols bounds how deep blocks nest (3,000 measured); to write those took less than 1 MiB. What expressions cost
    /// grows with their tokens.
    /// </summary>
    private const int StackOfCall = 1 << 21, StackOfToken = 512;

    /// <summary>The deepest JSON that is read; a block costs three levels.</summary>
    private const int MaxJsonDepth = 1_000;

    private const int LongestReason = 120;

    private static readonly JsonDocumentOptions Deep = new() { MaxDepth = MaxJsonDepth };

    /// <summary>
    /// The tree of the one DO block, function or procedure that a text holds. Its body must be there and be a string: the library ends the process
    /// where it is not.
    /// </summary>
    /// <returns>The tree, which the caller disposes, or the reason why there is none.</returns>
    public static (JsonDocument? Tree, string? Refusal) Parse(SourceText source, int bodyTokens)
    {
        if (bodyTokens > MaxTokens) return (null, $"it has more than {MaxTokens:N0} words");
        var parser = ParserLibrary.Load();
        (byte[]? Json, string? Refusal) read = default;
        ExceptionDispatchInfo? failure = null;
        var thread = new Thread(
            () =>
            {
                try { read = Call(parser, source); }
                catch (Exception e) { failure = ExceptionDispatchInfo.Capture(e); }
            },
            StackOfCall + (StackOfToken * (source.Tokens.Length + bodyTokens))) { IsBackground = true, Name = "PL/pgSQL parser" };
        thread.Start();
        thread.Join();
        failure?.Throw();
        if (read.Json is null) return (null, read.Refusal);
        try
        {
            return (JsonDocument.Parse(read.Json, Deep), null);
        }
        catch (JsonException)
        {
            return (null, "it nests too deeply");
        }
    }

    private static (byte[]? Json, string? Refusal) Call(ParserLibrary.Functions parser, SourceText source)
    {
        fixed (byte* text = source.Bytes)
        {
            var result = parser.ParsePlPgSql(text);
            try
            {
                return result.Error is not null
                    ? (null, Shorten(Marshal.PtrToStringUTF8((nint)result.Error->Message) ?? "the parser failed without a message"))
                    : (MemoryMarshal.CreateReadOnlySpanFromNullTerminated(result.Tree).ToArray(), null);
            }
            finally
            {
                parser.FreePlPgSql(result);
            }
        }
    }

    private static string Shorten(string reason) => reason.Length <= LongestReason ? reason : reason[..LongestReason].TrimEnd() + "…";

    /// <summary><c>PgQueryPlpgsqlParseResult</c>.</summary>
    [StructLayout(LayoutKind.Sequential)]
    internal struct ParseResult
    {
        public byte* Tree;
        public LibPgQuery.ParseError* Error;
    }
}
