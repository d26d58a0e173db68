using System.Collections.Immutable;
using System.Text;

namespace AgentHost.Sql.Parsing;

/// <summary>A text made ready for libpg_query: checked, split into tokens, encoded, and able to turn byte offsets back into spans.</summary>
internal sealed class SourceText
{
    /// <summary>A code point's first byte is noted for every so many bytes.</summary>
    private const int Stride = 64;

    private static readonly UTF8Encoding Strict = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);
    private readonly int[]? _offsetAtStride;
    private LineIndex? _lines;

    private SourceText(string text, ImmutableArray<Token> tokens, byte[] bytes)
    {
        Text = text;
        Tokens = tokens;
        Bytes = bytes;
        if (bytes.Length - 1 != text.Length) _offsetAtStride = IndexOffsets(bytes);
    }

    public string Text { get; }

    public ImmutableArray<Token> Tokens { get; }

    /// <summary>UTF-8, ended by a NUL; what psql keeps to itself is overwritten by spaces.</summary>
    public byte[] Bytes { get; }

    /// <exception cref="SqlInputException">The text cannot be given to the parser.</exception>
    public static SourceText Read(string text)
    {
        if (text.Length > SqlParser.MaxLength)
            throw new SqlInputException(
                $"The text has {text.Length:N0} characters; at most {SqlParser.MaxLength:N0} are read. Split it, or leave out the data of a dump.",
                new SourceSpan(0, 0, 1, 1));
        if (text.IndexOf('\0') is var nul and >= 0)
            throw At(text, nul, "holds a NUL character, which PostgreSQL cannot store or read. Is the file UTF-16 or binary? Save it as UTF-8.");
        var (tokens, psql) = Lexer.Tokenize(text);
        try
        {
            var sent = psql is null ? text : psql.Sent(text);
            var bytes = new byte[Strict.GetByteCount(sent) + 1];
            Strict.GetBytes(sent, bytes);
            return new SourceText(text, tokens, bytes);
        }
        catch (EncoderFallbackException e)
        {
            throw At(text, e.Index, "holds half a surrogate pair, which is no character. Save the file as UTF-8.");
        }
    }

    public SourceSpan Span(int start, int end) => (_lines ??= new LineIndex(Text)).Span(start, end);

    /// <summary>The span of the <paramref name="index"/>th statement, 0-based, by semicolons outside brackets.</summary>
    public SourceSpan Statement(int index)
    {
        var rest = new TokenRange(this, 0, Tokens.Length);
        while (!rest.IsEmpty)
        {
            var statement = rest.UpToSemicolon();
            if (!statement.IsEmpty && index-- == 0) return statement.Span;
            rest = rest.From(statement.End + 1);
        }
        return rest.Span;
    }

    /// <summary>The index of the first token that begins at or behind a byte offset of the parser's tree; the count where there is none.</summary>
    public int TokenAtByte(int byteOffset) => TokenAt(OffsetOfByte(byteOffset));

    /// <summary>The index of the first token that begins at or behind an offset.</summary>
    public int TokenAt(int offset)
    {
        var (low, high) = (0, Tokens.Length);
        while (low < high)
        {
            var middle = (low + high) >>> 1;
            if (Tokens[middle].Start < offset) low = middle + 1;
            else high = middle;
        }
        return low;
    }

    /// <summary>The offset in UTF-16 code units of a byte of <see cref="Bytes"/>.</summary>
    public int OffsetOfByte(int byteOffset)
    {
        if (_offsetAtStride is null) return byteOffset;
        var stride = byteOffset / Stride;
        return _offsetAtStride[stride] + CountUnits(Bytes.AsSpan(stride * Stride, byteOffset - (stride * Stride)));
    }

    /// <summary>The offset in UTF-16 code units of the <paramref name="codePoint"/>th code point, 0-based.</summary>
    public int OffsetOfCodePoint(int codePoint)
    {
        var offset = 0;
        for (; codePoint > 0 && offset < Text.Length; codePoint--) offset += char.IsHighSurrogate(Text[offset]) ? 2 : 1;
        return offset;
    }

    private static int[] IndexOffsets(byte[] bytes)
    {
        var index = new int[(bytes.Length / Stride) + 1];
        for (var i = 1; i < index.Length; i++) index[i] = index[i - 1] + CountUnits(bytes.AsSpan((i - 1) * Stride, Stride));
        return index;
    }

    /// <summary>UTF-16 code units of the code points that begin in these bytes.</summary>
    private static int CountUnits(ReadOnlySpan<byte> bytes)
    {
        var units = 0;
        foreach (var b in bytes)
            units += b < 0x80 || b is >= 0xC0 and < 0xF0 ? 1 : b >= 0xF0 ? 2 : 0;
        return units;
    }

    private static SqlInputException At(string text, int offset, string fault)
    {
        var span = new LineIndex(text).Span(offset, offset + 1);
        return new SqlInputException($"Line {span.Line}, column {span.Column} {fault}", span);
    }
}
