using System.Buffers;
using System.Collections.Immutable;
using System.Text;

namespace AgentHost.Knowledge.Memory;

/// <summary>Brings what callers give into the form in which an entry's parts are kept, so that no text can pass for another entry.</summary>
internal static class EntryText
{
    // Texts of these characters alone, which most are, stay as they are: nothing in them needs a look at each.
    private static readonly SearchValues<char> Printable = SearchValues.Create([.. Enumerable.Range(' ', '~' - ' ' + 1).Select(c => (char)c), '\n', '\t']);

    public const int LongestTitle = 200, LongestText = 64 * 1024, LongestItem = 200, MostItems = 50;

    /// <summary>One line: white space and control characters run together into single spaces.</summary>
    public static string Line(string value)
    {
        if (!value.AsSpan().ContainsAnyExcept(Printable) && !value.AsSpan().ContainsAny('\n', '\t') && !value.Contains("  ", StringComparison.Ordinal)) return value.Trim(' ');
        var line = new StringBuilder(value.Length);
        foreach (var rune in value.EnumerateRunes())
        {
            if (Rune.IsWhiteSpace(rune) || Rune.IsControl(rune) || IsInvisibleBreak(rune))
            {
                if (line.Length > 0 && line[^1] != ' ') line.Append(' ');
            }
            else
            {
                line.Append(rune.ToString());
            }
        }
        return line.ToString().Trim(' ');
    }

    /// <summary>Many lines: line ends become <c>\n</c>, other control characters go, blank lines at both ends and white space behind the last line go.</summary>
    public static string Body(string value)
    {
        var text = (value.AsSpan().ContainsAnyExcept(Printable) ? WithoutControls(value) : value).TrimEnd();
        var start = 0;
        for (int end; (end = text.IndexOf('\n', start)) >= 0 && text.AsSpan(start, end - start).IsWhiteSpace();) start = end + 1;
        return text[start..];
    }

    private static string WithoutControls(string value)
    {
        var body = new StringBuilder(value.Length);
        foreach (var rune in value.ReplaceLineEndings("\n").EnumerateRunes())
            if (!Rune.IsControl(rune) || rune.Value is '\n' or '\t') body.Append(rune.ToString());
        return body.ToString();
    }

    /// <summary>A list that is written on one line, separated by commas; doubles and empty items go.</summary>
    public static ImmutableArray<string> List(ReadOnlySpan<string> values) => Items(values, keepsParentheses: false);

    /// <summary>A list of <see cref="List"/>'s form whose items may hold commas within parentheses: the columns of an index.</summary>
    public static ImmutableArray<string> ChoiceList(ReadOnlySpan<string> values) => Items(values, keepsParentheses: true);

    private static ImmutableArray<string> Items(ReadOnlySpan<string> values, bool keepsParentheses)
    {
        var items = ImmutableArray.CreateBuilder<string>();
        foreach (var value in values)
        {
            var (start, depth) = (0, 0);
            for (var i = 0; i <= value.Length; i++)
            {
                if (i < value.Length && keepsParentheses) depth = value[i] switch { '(' => depth + 1, ')' => Math.Max(0, depth - 1), _ => depth };
                if (i < value.Length && (value[i] != ',' || depth > 0)) continue;
                var item = Line(value[start..i]);
                if (item.Length > 0 && !items.Contains(item, StringComparer.OrdinalIgnoreCase)) items.Add(item);
                start = i + 1;
            }
        }
        return items.DrainToImmutable();
    }

    /// <summary>Puts a backslash before a line of the body that would read as more than text: an entry's heading, a mark.</summary>
    public static string Escape(string body) => string.Join('\n', body.Split('\n').Select(line => IsSpecial(line) ? '\\' + line : line));

    /// <summary>Takes one backslash from a line that <see cref="Escape"/> has given one.</summary>
    public static ReadOnlySpan<char> Unescape(ReadOnlySpan<char> line) => line.StartsWith('\\') && IsSpecial(line) ? line[1..] : line;

    private static bool IsSpecial(ReadOnlySpan<char> line) => SectionLines.IsSpecial(line.TrimStart('\\'));

    private static bool IsInvisibleBreak(Rune rune) => rune.Value is 0x2028 or 0x2029 or 0xFEFF;
}
