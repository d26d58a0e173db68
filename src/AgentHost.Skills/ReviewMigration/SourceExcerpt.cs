using System.Globalization;
using System.Text;
using AgentHost.Sql;

namespace AgentHost.Skills.ReviewMigration;

/// <summary>A line of a source text with the offending part marked below it, for people at a terminal.</summary>
internal static class SourceExcerpt
{
    private const int TabWidth = 4;
    private const char Cut = '…';

    /// <summary>The line with its number, and a line of carets under as much of the span as stands in it.</summary>
    /// <param name="text">The whole source.</param>
    /// <param name="span">What to mark.</param>
    /// <param name="width">Columns to keep to; of a longer line the part around the span's beginning is shown.</param>
    public static (string Line, string Carets) Of(string text, SourceSpan span, int width)
    {
        int start = text.LastIndexOf('\n', Math.Max(0, span.Start - 1), Math.Min(span.Start, text.Length)) + 1;
        int end = text.AsSpan(span.Start).IndexOfAny('\r', '\n') is >= 0 and var length ? span.Start + length : text.Length;
        string margin = $"{span.Line.ToString(CultureInfo.InvariantCulture),5} | ";
        var (shown, from, to) = Layout(text.AsSpan(start, end - start), span.Start - start, Math.Min(span.Start + Math.Max(1, span.Length), end) - start, width - margin.Length);
        return (margin + shown, new string(' ', margin.Length - 2) + "| " + new string(' ', from) + new string('^', Math.Max(1, to - from)));
    }

    /// <summary>The line as columns of a terminal, and the columns between which the marked part stands.</summary>
    private static (string Shown, int From, int To) Layout(ReadOnlySpan<char> line, int markedFrom, int markedTo, int width)
    {
        var shown = new StringBuilder();
        int skip = Math.Max(0, Columns(line[..markedFrom]) - (width / 3));
        int column = 0, from = 0, to = 0, used = 0;
        if (skip > 0)
            used = Put(shown, Cut, 1);
        int at = 0;
        foreach (var rune in line.EnumerateRunes())
        {
            if (at == markedFrom)
                (from, to) = (used, used);
            int columns = Columns(rune);
            if (column >= skip && used + columns > width - 1)
            {
                Put(shown, Cut, 1);
                break;
            }

            if (column >= skip)
            {
                shown.Append(rune.Value == '\t' ? new string(' ', TabWidth) : Rune.IsControl(rune) ? "·" : rune.ToString());
                used += columns;
            }

            column += columns;
            at += rune.Utf16SequenceLength;
            if (at > markedFrom && at <= markedTo)
                to = used;
        }

        return (shown.ToString().TrimEnd(), from, to);
    }

    private static int Put(StringBuilder text, char c, int columns)
    {
        text.Append(c);
        return columns;
    }

    private static int Columns(ReadOnlySpan<char> text)
    {
        int columns = 0;
        foreach (var rune in text.EnumerateRunes())
            columns += Columns(rune);
        return columns;
    }

    /// <summary>How many columns a terminal gives a character: two to East Asian wide ones and emoji, none to combining marks (Unicode UAX 11).</summary>
    private static int Columns(Rune rune) => rune.Value switch
    {
        '\t' => TabWidth,
        _ when Rune.GetUnicodeCategory(rune) is UnicodeCategory.NonSpacingMark or UnicodeCategory.EnclosingMark or UnicodeCategory.Format => 0,
        >= 0x1100 and <= 0x115F or >= 0x2E80 and <= 0xA4CF or >= 0xAC00 and <= 0xD7A3 or >= 0xF900 and <= 0xFAFF or >= 0xFE30 and <= 0xFE6F or >= 0xFF00 and <= 0xFF60
            or >= 0xFFE0 and <= 0xFFE6 or >= 0x1F300 and <= 0x1FAFF or >= 0x20000 and <= 0x3FFFD => 2,
        _ => 1,
    };
}
