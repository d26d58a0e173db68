using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace AgentHost.Skills.ExplainPlan;

/// <summary>
/// Finds the JSON in what people paste: psql's table (heading, dashes, <c>+</c> at line ends, row count), auto_explain's log lines,
/// CSV output, or the bare document. Noise is blanked out, never cut, so that lines and columns in errors are those of the paste.
/// </summary>
internal static partial class PlanText
{
    private const int MaxCharacters = 64 * 1024 * 1024;
    private const int MaxStarts = 20;

    // Two levels of JSON for each level of the plan, and a few around and inside.
    private const int MaxJsonDepth = 2 * PlanReader.MaxDepth + 32;

    /// <summary>The first JSON value in the text that holds a plan.</summary>
    /// <exception cref="SkillInputException">There is none; the message says what the text seems to be and what to do.</exception>
    public static JsonElement FindJson(string text)
    {
        if (text.Length > MaxCharacters)
            throw new SkillInputException($"The plan has {text.Length:N0} characters; at most {MaxCharacters:N0} are read. Explain a part of the query.");
        if (string.IsNullOrWhiteSpace(text))
            throw new SkillInputException($"The plan is empty. {HowToExplain}");
        var clean = Unquote(Unwrap(text));
        SkillInputException? error = null;
        foreach (var start in Starts(clean))
        {
            try
            {
                var value = Parse(clean, start);
                if (HoldsPlan(value))
                    return value;
                error ??= new SkillInputException($"The JSON that starts at {Place(clean, start)} has no \"Plan\". {HowToExplain}");
            }
            catch (JsonException e)
            {
                error ??= Broken(clean, start, e);
            }
        }
        throw NotJson(text) ?? error ?? new SkillInputException($"No plan was found in the text. {HowToExplain}");
    }

    internal const string HowToExplain = "Give the output of: EXPLAIN (ANALYZE, BUFFERS, FORMAT JSON) <query>.";

    private static JsonElement Parse(string text, int start)
    {
        var bytes = Encoding.UTF8.GetBytes(text[start..]);
        var reader = new Utf8JsonReader(bytes, new JsonReaderOptions { MaxDepth = MaxJsonDepth, AllowTrailingCommas = true });
        return JsonElement.ParseValue(ref reader);
    }

    private static bool HoldsPlan(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.Object => value.TryGetProperty("Plan", out var plan) ? plan.ValueKind == JsonValueKind.Object
            : value.TryGetProperty("QUERY PLAN", out _) || value.TryGetProperty("Node Type", out _),
        JsonValueKind.Array => value.EnumerateArray().Any(HoldsPlan),
        _ => false,
    };

    /// <summary>Lines that open with a bracket: the document, or noise such as a log line's <c>[time]</c>.</summary>
    private static IEnumerable<int> Starts(string text)
    {
        var found = 0;
        var atLineStart = true;
        for (var i = 0; i < text.Length && found < MaxStarts; i++)
        {
            if (text[i] is '\n' or '\r')
            {
                atLineStart = true;
            }
            else if (atLineStart && !char.IsWhiteSpace(text[i]) && text[i] != '\uFEFF')
            {
                atLineStart = false;
                if (text[i] is '[' or '{')
                {
                    found++;
                    yield return i;
                }
            }
        }
    }

    /// <summary>Blanks psql's table drawing. JSON never breaks a line inside a string, so a line's end is never data.</summary>
    private static string Unwrap(string text)
    {
        if (!PsqlHeading().IsMatch(text) && !PsqlContinuation().IsMatch(text))
            return text;
        var clean = new StringBuilder(text);
        foreach (var line in Line().EnumerateMatches(text))
        {
            var start = line.Index;
            var end = start + line.Length - 1;
            while (end >= start && char.IsWhiteSpace(text[end]))
                end--;
            if (end >= start && text[end] == '|')
                clean[end--] = ' ';
            while (end >= start && char.IsWhiteSpace(text[end]))
                end--;
            if (end >= start && text[end] is '+' or '↵')
                clean[end] = ' ';
            while (start <= end && char.IsWhiteSpace(text[start]))
                start++;
            if (start <= end && text[start] == '|')
                clean[start] = ' ';
        }
        return clean.ToString();
    }

    /// <summary>Turns a CSV field or a quoted JSON string that holds the document into the document.</summary>
    private static string Unquote(string text)
    {
        var match = CsvField().Match(text);
        return match.Success ? match.Groups["body"].Value.Replace("\"\"", "\"", StringComparison.Ordinal) : text;
    }

    private static SkillInputException Broken(string text, int start, JsonException e)
    {
        var line = LineOf(text, start) + (int)(e.LineNumber ?? 0);
        var column = (int)(e.BytePositionInLine ?? 0) + 1 + (e.LineNumber is null or 0 ? ColumnOf(text, start) - 1 : 0);
        var message = e.Message;
        if (message.Contains("maximum configured depth", StringComparison.OrdinalIgnoreCase))
            return new SkillInputException($"The plan is nested more than {PlanReader.MaxDepth} levels deep (line {line}, column {column}); explain a part of the query.", e);
        var truncated = message.Contains("end of data", StringComparison.OrdinalIgnoreCase)
            || message.Contains("depth to be zero at the end", StringComparison.OrdinalIgnoreCase)
            || message.Contains("open JSON object or array", StringComparison.OrdinalIgnoreCase);
        return truncated
            ? new SkillInputException($"The plan ends at line {line}, column {column}, before its brackets are closed: it seems cut off. Paste all of it.", e)
            : new SkillInputException($"The plan is no valid JSON at line {line}, column {column}: {Reason(message)} {HowToExplain}", e);
    }

    private static string Reason(string message)
    {
        var cut = message.IndexOf(" LineNumber:", StringComparison.Ordinal);
        return cut < 0 ? message : message[..cut];
    }

    private static SkillInputException? NotJson(string text)
    {
        var head = text.Length > 4000 ? text[..4000] : text;
        if (TextPlan().IsMatch(head))
            return new SkillInputException("This is a plan in text format, which has no exact figures for every node. Run EXPLAIN (ANALYZE, BUFFERS, FORMAT JSON) and give its output.");
        if (head.Contains("<explain", StringComparison.OrdinalIgnoreCase))
            return new SkillInputException("This is a plan in XML format. Run EXPLAIN (ANALYZE, BUFFERS, FORMAT JSON) and give its output.");
        if (YamlPlan().IsMatch(head))
            return new SkillInputException("This is a plan in YAML format. Run EXPLAIN (ANALYZE, BUFFERS, FORMAT JSON) and give its output.");
        return null;
    }

    private static string Place(string text, int at) => $"line {LineOf(text, at)}, column {ColumnOf(text, at)}";

    private static int LineOf(string text, int at) => 1 + text.AsSpan(0, at).Count('\n');

    private static int ColumnOf(string text, int at) => at - (at == 0 ? -1 : text.LastIndexOf('\n', at - 1));

    [GeneratedRegex(@"^[ \t|]*QUERY PLAN[ \t|]*\r?$", RegexOptions.Multiline, 5000)]
    private static partial Regex PsqlHeading();

    [GeneratedRegex(@"^[ \t|]*[\[{][ \t]*[+↵][ \t|]*\r?$", RegexOptions.Multiline, 5000)]
    private static partial Regex PsqlContinuation();

    [GeneratedRegex("[^\n]+", RegexOptions.None, 5000)]
    private static partial Regex Line();

    [GeneratedRegex("^\"(?<body>[\\[{][^\"]*(?:\"\"[^\"]*)*)\"[ \\t]*\\r?$", RegexOptions.Multiline, 5000)]
    private static partial Regex CsvField();

    [GeneratedRegex(@"\(cost=\d|\(actual (?:time|rows)=\d", RegexOptions.None, 1000)]
    private static partial Regex TextPlan();

    [GeneratedRegex(@"^\s*- Plan:|^\s*Node Type:", RegexOptions.Multiline, 1000)]
    private static partial Regex YamlPlan();
}
