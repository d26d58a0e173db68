using System.Text.RegularExpressions;

namespace AgentHost.Skills.ExplainPlan.Reading;

/// <summary>
/// Takes off what stands around a pasted plan: psql's table drawing in any language, <c>\x</c>'s column names, quotation marks of mail and
/// Markdown, fences, the prefixes of syslog and containers. It is blanked out, never cut, so that lines and columns in errors are those of the paste.
/// </summary>
internal static partial class PasteCleaner
{
    private static readonly System.Buffers.SearchValues<char> Drawing = System.Buffers.SearchValues.Create("-+|─━═│║┼┬┴├┤┌┐└┘╔╗╚╝╠╣╟╢╤╧ ");

    public static string Clean(string text)
    {
        var clean = text.ToCharArray();
        var lines = Lines(text);
        foreach (var line in lines)
            Unquote(clean, line);
        if (Gutter(clean, lines) is { } gutter)
        {
            foreach (var line in lines.Where(l => IsGutter(clean, l, gutter)))
                Blank(clean, line.Start, line.Start + gutter + 1);
        }
        var table = false;
        foreach (var line in lines)
            table |= Rule(clean, line);
        table |= Continued().IsMatch(text);
        if (table)
        {
            foreach (var line in lines)
                Borders(clean, line);
        }
        return new string(clean);
    }

    private readonly record struct Line(int Start, int End);

    private static List<Line> Lines(string text)
    {
        var lines = new List<Line>();
        for (var start = 0; start < text.Length;)
        {
            var end = text.IndexOf('\n', start);
            if (end < 0)
                end = text.Length;
            lines.Add(new Line(start, end));
            start = end + 1;
        }
        return lines;
    }

    private static void Blank(char[] text, int start, int end) => text.AsSpan(start, end - start).Fill(' ');

    /// <summary>No line of a plan in any format begins with <c>&gt;</c> or with a fence.</summary>
    private static void Unquote(char[] text, Line line)
    {
        const char NoBreakSpace = '\u00A0';
        text.AsSpan(line.Start, line.End - line.Start).Replace(NoBreakSpace, ' ');
        var i = line.Start;
        while (i < line.End && text[i] is ' ' or '\t' or '>')
        {
            if (text[i] == '>')
                text[i] = ' ';
            i++;
        }
        var rest = text.AsSpan(i, line.End - i);
        if (rest.StartsWith("```") || rest.StartsWith("~~~"))
        {
            Blank(text, i, line.End);
        }
        else if (rest.IndexOf("#011") is >= 0 and var tab && Syslog().IsMatch(rest[..tab]))
        {
            // syslog writes a tab as #011 and puts its own words before every line.
            Blank(text, line.Start, i + tab + 4);
        }
    }

    /// <summary>The column of the bar behind which the text stands in most lines: <c>\x</c>'s column name, a container's name.</summary>
    private static int? Gutter(char[] text, List<Line> lines)
    {
        var bars = new Dictionary<int, int>();
        var filled = 0;
        foreach (var line in lines)
        {
            var span = text.AsSpan(line.Start, line.End - line.Start);
            if (span.IsWhiteSpace() || IsRule(span))
                continue;
            filled++;
            if (span.IndexOfAny('|', '│') is > 0 and var at && IsLabel(span[..at]))
                bars[at] = bars.GetValueOrDefault(at) + 1;
        }
        return bars.Count > 0 && bars.MaxBy(b => b.Value) is var most && most.Value * 2 >= filled ? most.Key : null;
    }

    private static bool IsGutter(char[] text, Line line, int at) =>
        line.End - line.Start > at && text[line.Start + at] is '|' or '│' && IsLabel(text.AsSpan(line.Start, at));

    private static bool IsLabel(ReadOnlySpan<char> label)
    {
        const int Longest = 60;
        if (label.Length > Longest)
            return false;
        foreach (var c in label)
        {
            if (!char.IsLetterOrDigit(c) && c is not (' ' or '-' or '_' or '.' or '+'))
                return false;
        }
        return true;
    }

    /// <summary>Blanks a line that is only drawn; whether it was one.</summary>
    private static bool Rule(char[] text, Line line)
    {
        var span = text.AsSpan(line.Start, line.End - line.Start);
        if (!IsRule(span))
            return false;
        span.Fill(' ');
        return true;
    }

    /// <summary>A heading's underline, or <c>-[ RECORD 1 ]---</c>.</summary>
    private static bool IsRule(ReadOnlySpan<char> line)
    {
        const int Shortest = 3;
        var trimmed = line.Trim();
        if (trimmed.Length < Shortest)
            return false;
        if (trimmed.StartsWith("-[ ") || trimmed.StartsWith("─[ ") || trimmed.StartsWith("* Record") || trimmed.StartsWith("┌─[ ") || trimmed.StartsWith("+-[ ") || trimmed.StartsWith("├─[ "))
            return true;
        return trimmed.IndexOfAnyExcept(Drawing) < 0 && (trimmed.Contains("--", StringComparison.Ordinal) || trimmed.Contains("──", StringComparison.Ordinal) || trimmed.Contains("══", StringComparison.Ordinal));
    }

    /// <summary>The frame and the sign that a value goes on. EXPLAIN never breaks a line inside a string, so a line's end is never data.</summary>
    private static void Borders(char[] text, Line line)
    {
        var (start, end) = (line.Start, line.End - 1);
        while (end >= start && char.IsWhiteSpace(text[end]))
            end--;
        if (end >= start && text[end] is '|' or '│' or '║')
            text[end--] = ' ';
        while (end >= start && char.IsWhiteSpace(text[end]))
            end--;
        if (end >= start && text[end] is '+' or '↵')
            text[end] = ' ';
        while (start <= end && char.IsWhiteSpace(text[start]))
            start++;
        if (start <= end && text[start] is '|' or '│' or '║')
            text[start] = ' ';
    }

    [GeneratedRegex(@"^[ \t|]*[\[{][ \t]*[+↵][ \t|]*\r?$", RegexOptions.Multiline, 5000)]
    private static partial Regex Continued();

    [GeneratedRegex(@"\[\d+\]: \[\d+-\d+\] ?$", RegexOptions.None, 1000)]
    private static partial Regex Syslog();
}
