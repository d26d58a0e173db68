using System.Text;
using System.Text.Json;

namespace AgentHost.Skills.ExplainPlan.Reading;

/// <summary>Takes plans out of what carries them as a value: CSV of psql, and the server's log as CSV or as JSON.</summary>
internal static class PasteSources
{
    private static readonly string[] Documents = ["[", "{", "<explain", "- Plan:", "Query Text: "];

    /// <summary>The texts that may hold plans, each on the lines it has in the paste.</summary>
    public static IReadOnlyList<string> Of(string text)
    {
        var entries = text.Contains("\"message\":\"duration: ", StringComparison.Ordinal) ? JsonLog(text).ToList() : [];
        if (entries.Count == 0 && text.Contains(",\"duration: ", StringComparison.Ordinal))
            entries = [.. CsvLog(text)];
        if (entries.Count == 0 && CsvField(text) is { } field)
            entries = [field];
        return entries.Count > 0 ? entries : [text];
    }

    /// <summary>The messages of auto_explain in a log of <c>log_destination = 'jsonlog'</c>: an entry is a line.</summary>
    private static IEnumerable<string> JsonLog(string text)
    {
        foreach (var line in text.Split('\n'))
        {
            const string Key = "\"message\":\"";
            var at = line.IndexOf(Key + "duration: ", StringComparison.Ordinal);
            if (at >= 0 && Unescaped(line.AsSpan(at + Key.Length)) is { } message && message.Contains("plan:\n", StringComparison.Ordinal))
                yield return message;
        }
    }

    /// <summary>A JSON string from behind its opening quote on; where it was cut off, as far as it goes.</summary>
    private static string? Unescaped(ReadOnlySpan<char> rest)
    {
        var end = 0;
        while (end < rest.Length && rest[end] != '"')
            end += rest[end] == '\\' ? 2 : 1;
        const int LongestEscape = 6;
        for (var cut = 0; cut <= LongestEscape && cut < Math.Min(end, rest.Length); cut++)
        {
            try
            {
                return JsonSerializer.Deserialize<string>(Encoding.UTF8.GetBytes($"\"{rest[..(Math.Min(end, rest.Length) - cut)]}\""));
            }
            catch (Exception e) when (e is JsonException or InvalidOperationException)
            {
                // An escape was cut in half: try again without it.
            }
        }
        return null;
    }

    /// <summary>The messages of auto_explain in a log of <c>log_destination = 'csvlog'</c>.</summary>
    private static IEnumerable<string> CsvLog(string text)
    {
        const string Start = ",\"duration: ";
        for (var at = text.IndexOf(Start, StringComparison.Ordinal); at >= 0;)
        {
            var (message, end) = Field(text, at + 1);
            if (message.Contains("plan:\n", StringComparison.Ordinal) || message.Contains("plan:\r\n", StringComparison.Ordinal))
                yield return message;
            at = end < text.Length ? text.IndexOf(Start, end, StringComparison.Ordinal) : -1;
        }
    }

    /// <summary>A field of <c>psql --csv</c> that holds a whole document.</summary>
    private static string? CsvField(string text)
    {
        for (var at = 0; at >= 0 && at < text.Length;)
        {
            if (text[at] == '"' && Array.Exists(Documents, d => text.AsSpan(at + 1).TrimStart().StartsWith(d, StringComparison.Ordinal)))
                return new string('\n', TextPlace.Line(text, at) - 1) + Field(text, at).Value;
            at = text.IndexOf('\n', at) is >= 0 and var end ? end + 1 : -1;
        }
        return null;
    }

    /// <summary>A quoted CSV field without its quotes, and where it ends; of one that was cut off what is there.</summary>
    private static (string Value, int End) Field(string text, int quote)
    {
        var value = new StringBuilder();
        for (var i = quote + 1; i < text.Length; i++)
        {
            if (text[i] != '"')
            {
                value.Append(text[i]);
            }
            else if (i + 1 < text.Length && text[i + 1] == '"')
            {
                value.Append('"');
                i++;
            }
            else
            {
                return (value.ToString(), i + 1);
            }
        }
        return (value.ToString(), text.Length);
    }
}
