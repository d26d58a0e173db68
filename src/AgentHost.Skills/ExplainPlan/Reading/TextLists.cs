namespace AgentHost.Skills.ExplainPlan.Reading;

/// <summary>Lists that FORMAT TEXT prints in one line.</summary>
internal static class TextLists
{
    /// <summary>The properties that the other formats print as lists.</summary>
    public static bool IsList(string key) => key is "Output" or "Sort Key" or "Presorted Key" or "Group Key" or "Conflict Arbiter Indexes";

    /// <summary>Splits at the commas that stand outside of brackets and quotes.</summary>
    public static IEnumerable<string> Split(string value)
    {
        var start = 0;
        var depth = 0;
        char? quote = null;
        for (var i = 0; i < value.Length; i++)
        {
            var c = value[i];
            if (quote is not null)
            {
                if (c == quote)
                    quote = null;
            }
            else if (c is '\'' or '"')
            {
                quote = c;
            }
            else if (c is '(' or '[' or '{')
            {
                depth++;
            }
            else if (c is ')' or ']' or '}')
            {
                depth--;
            }
            else if (c == ',' && depth == 0)
            {
                yield return value[start..i].Trim();
                start = i + 1;
            }
        }
        yield return value[start..].Trim();
    }

    /// <summary>The quote that is still open behind a part of a value, of which the earlier parts left <paramref name="quote"/> open: its text goes on in the next line.</summary>
    public static char? OpenQuote(ReadOnlySpan<char> part, char? quote)
    {
        foreach (var c in part)
        {
            if (quote is null && c is '\'' or '"')
                quote = c;
            else if (c == quote)
                quote = null;
        }
        return quote;
    }
}
