namespace AgentHost.Sql.Parsing;

/// <summary>Where the lines of a text begin. A line ends with LF, CR LF or a CR alone.</summary>
internal sealed class LineIndex
{
    private readonly List<int> _starts = [0];

    public LineIndex(string text)
    {
        for (var at = 0; text.AsSpan(at).IndexOfAny('\n', '\r') is var next and >= 0;)
        {
            at += next + 1;
            if (text[at - 1] == '\r' && at < text.Length && text[at] == '\n') at++;
            _starts.Add(at);
        }
    }

    /// <summary>The span from one offset to another, with the line and column of its first character.</summary>
    public SourceSpan Span(int start, int end)
    {
        var found = _starts.BinarySearch(start);
        var line = found >= 0 ? found : ~found - 1;
        return new SourceSpan(start, end - start, line + 1, start - _starts[line] + 1);
    }
}
