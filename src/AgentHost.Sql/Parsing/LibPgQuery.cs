using System.Runtime.CompilerServices;
using System.Runtime.ExceptionServices;
using System.Runtime.InteropServices;
using System.Text.Json;

namespace AgentHost.Sql.Parsing;

/// <summary>Calls <c>pg_query_parse</c> (https://github.com/pganalyze/libpg_query) on a stack that is deep enough.</summary>
internal static unsafe class LibPgQuery
{
    /// <summary>
    /// Stack that a token may cost: writing the tree recurses, measured at 129 bytes a token for prefix operators (<c>NOT NOT …</c>), the
    /// dearest, and at 65 for the chains that the grammar does not bound (<c>1+1+…</c>).
    /// </summary>
    private const int StackOfToken = 256;

    /// <summary>What the grammar's own tables and everything but recursion need, measured at 20 KiB.</summary>
    private const int StackOfCall = 1 << 18;

    /// <summary>
    /// Up to so many tokens the calling thread's stack will do: 256 tokens at 256 bytes and the call itself fit in the 128 KiB which
    /// <see cref="RuntimeHelpers.TryEnsureSufficientExecutionStack"/> vouches for.
    /// </summary>
    private const int FewTokens = 256;

    /// <summary>Bison's own limit for its stack of symbols (YYMAXDEPTH).</summary>
    private const string TooDeep = "memory exhausted";

    /// <summary>
    /// The deepest JSON that is read; an operator's operand is two levels below it, a UNION's branch one. JsonDocument's own work grows with the
    /// square of the depth, so that more would let a small text take minutes.
    /// </summary>
    private const int MaxJsonDepth = 2_000;

    private const int LongestReason = 200;

    private static readonly JsonDocumentOptions Deep = new() { MaxDepth = MaxJsonDepth };

    /// <summary>The tree of a text as JSON. The caller disposes it.</summary>
    public static JsonDocument Parse(SourceText source)
    {
        var parser = ParserLibrary.Load();
        if (source.Tokens.Length <= FewTokens && RuntimeHelpers.TryEnsureSufficientExecutionStack())
            return Read(Call(parser, source), source);
        byte[]? json = null;
        ExceptionDispatchInfo? failure = null;
        var thread = new Thread(
            () =>
            {
                try { json = Call(parser, source); }
                catch (Exception e) { failure = ExceptionDispatchInfo.Capture(e); }
            },
            StackOfCall + (StackOfToken * source.Tokens.Length)) { IsBackground = true, Name = "SQL parser" };
        thread.Start();
        thread.Join();
        failure?.Throw();
        return Read(json!, source);
    }

    private static JsonDocument Read(byte[] json, SourceText source)
    {
        try
        {
            return JsonDocument.Parse(json, Deep);
        }
        catch (JsonException)
        {
            throw TooDeepAt(DeepStatement(json, source));
        }
    }

    /// <summary>The statement in whose tree the reader gives up.</summary>
    private static SourceSpan DeepStatement(byte[] json, SourceText source)
    {
        var reader = new Utf8JsonReader(json, new JsonReaderOptions { MaxDepth = int.MaxValue });
        var statement = -1;
        while (reader.Read() && reader.CurrentDepth < MaxJsonDepth)
            if (reader.TokenType == JsonTokenType.PropertyName && reader.CurrentDepth == 3 && reader.ValueTextEquals("stmt"u8))
                statement++;
        return source.Statement(statement);
    }

    private static SqlInputException TooDeepAt(SourceSpan span) =>
        new($"Line {span.Line}, column {span.Column} nests too deeply to be read: too many brackets, operators or UNIONs inside one another. Write it flatter, or split it.", span);

    private static byte[] Call(ParserLibrary.Functions parser, SourceText source)
    {
        fixed (byte* text = source.Bytes)
        {
            var result = parser.Parse(text);
            try
            {
                if (result.Error is not null) throw Failure(result.Error, source);
                return MemoryMarshal.CreateReadOnlySpanFromNullTerminated(result.Tree).ToArray();
            }
            finally
            {
                parser.Free(result);
            }
        }
    }

    private static SqlInputException Failure(ParseError* error, SourceText source)
    {
        var reason = Marshal.PtrToStringUTF8((nint)error->Message) ?? "the parser failed without a message";
        var offset = source.OffsetOfCodePoint(error->CursorPosition - 1);
        var token = source.TokenAt(offset);
        var end = token < source.Tokens.Length && source.Tokens[token].Start == offset ? source.Tokens[token].End : offset;
        var span = source.Span(offset, end);
        return reason.StartsWith(TooDeep, StringComparison.Ordinal) ? TooDeepAt(span) : new SqlSyntaxException(Shorten(reason), span);
    }

    /// <summary>PostgreSQL quotes an unterminated string up to the end of the text.</summary>
    private static string Shorten(string reason) => reason.Length <= LongestReason ? reason : reason[..LongestReason].TrimEnd() + "…\"";

    /// <summary><c>PgQueryParseResult</c>.</summary>
    [StructLayout(LayoutKind.Sequential)]
    internal struct ParseResult
    {
        public byte* Tree;
        public byte* StandardError;
        public ParseError* Error;
    }

    /// <summary><c>PgQueryError</c>; the position counts code points from 1, 0 where there is none.</summary>
    [StructLayout(LayoutKind.Sequential)]
    internal struct ParseError
    {
        public byte* Message;
        public byte* Function;
        public byte* File;
        public int Line;
        public int CursorPosition;
        public byte* Context;
    }
}
