using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace AgentHost.Skills.RecommendIndex.Workloads;

/// <summary>A message of a server's log.</summary>
/// <param name="Message">Its text, all its lines.</param>
/// <param name="Detail">The DETAIL that belongs to it, or null.</param>
/// <param name="Session">Whose it is; null where the log does not tell.</param>
internal sealed record LogEntry(string Message, string? Detail, string? Session = null);

/// <summary>Splits PostgreSQL's log into messages, whichever of its formats it has: stderr, csvlog, jsonlog (manual, 19.8). What belongs to no message is noise.</summary>
internal static partial class ServerLog
{
    /// <summary>Lines that are looked at to tell the format.</summary>
    private const int Looked = 2_000;

    private const int CsvSession = 5, CsvSeverity = 11, CsvMessage = 13, CsvDetail = 14;

    /// <summary>The messages about a statement's duration; null where the text is no log.</summary>
    public static List<LogEntry>? Entries(string text)
    {
        if (!text.Contains("duration: ", StringComparison.Ordinal))
            return null;
        var beginning = text.Split('\n', Looked + 1).Take(Looked).ToList();
        var entries = beginning.Exists(IsJsonLine) ? Json(text) : beginning.Exists(l => CsvLine().IsMatch(l)) ? Csv(text) : Plain(text);
        var found = entries.Where(e => e.Message.StartsWith("duration: ", StringComparison.Ordinal)).ToList();
        return found.Count > 0 ? found : null;
    }

    private static IEnumerable<LogEntry> Plain(string text)
    {
        StringBuilder? message = null;
        string? detail = null;
        var severity = "";
        string? session = null;
        LogEntry? last = null;
        foreach (var raw in text.Split('\n').Append("LOG:  "))
        {
            var line = raw.TrimEnd('\r');
            // Lines behind a message's first begin with a tab.
            if (!line.StartsWith('\t') && Severity().Match(line) is { Success: true } match)
            {
                if (message is not null && severity == "DETAIL")
                    detail = message.ToString();
                else if (message is not null && severity == "LOG")
                    (last, message) = (new LogEntry(message.ToString(), null, session), null);
                severity = match.Groups["severity"].Value;
                if (last is not null && severity != "DETAIL" && severity != "CONTEXT")
                {
                    yield return last with { Detail = detail };
                    (last, detail) = (null, null);
                }
                session = Process().Match(line, 0, match.Index) is { Success: true } process ? process.Groups["process"].Value : null;
                message = new StringBuilder(line[(match.Index + match.Length)..]);
            }
            else
            {
                message?.Append('\n').Append(line.StartsWith('\t') ? line[1..] : line);
            }
        }
    }

    private static IEnumerable<LogEntry> Json(string text)
    {
        foreach (var line in text.Split('\n').Where(IsJsonLine))
        {
            using var document = Parsed(line);
            if (document?.RootElement is { ValueKind: JsonValueKind.Object } root && root.TryGetProperty("message", out var message) && message.ValueKind == JsonValueKind.String)
                yield return new LogEntry(message.GetString()!, root.TryGetProperty("detail", out var detail) ? detail.GetString() : null, root.TryGetProperty("session_id", out var session) || root.TryGetProperty("pid", out session) ? session.ToString() : null);
        }
    }

    private static bool IsJsonLine(string line) => line.StartsWith('{') && line.Contains("\"message\"", StringComparison.Ordinal);

    private static JsonDocument? Parsed(string line)
    {
        try
        {
            return JsonDocument.Parse(line);
        }
        catch (JsonException)
        {
            return null; // a line that was cut off
        }
    }

    private static IEnumerable<LogEntry> Csv(string text)
    {
        var (fields, field, isQuoted) = (new List<string>(), new StringBuilder(), false);
        for (var i = 0; i <= text.Length; i++)
        {
            var c = i < text.Length ? text[i] : '\n';
            if (c == '"')
            {
                if (isQuoted && i + 1 < text.Length && text[i + 1] == '"')
                    field.Append(text[i++]);
                else
                    isQuoted = !isQuoted;
            }
            else if (c == ',' && !isQuoted)
            {
                fields.Add(field.ToString());
                field.Clear();
            }
            else if (c == '\n' && (!isQuoted || i == text.Length || (i + 1 < text.Length && CsvLine().IsMatch(Line(text, i + 1)))))
            {
                // A record begins with its time: what was open in the one before was cut off.
                fields.Add(field.ToString());
                field.Clear();
                if (fields.Count > CsvDetail && fields[CsvSeverity] == "LOG")
                    yield return new LogEntry(fields[CsvMessage], fields[CsvDetail] is { Length: > 0 } detail ? detail : null, fields[CsvSession]);
                fields.Clear();
                isQuoted = false;
            }
            else
            {
                field.Append(c);
            }
        }
    }

    private static string Line(string text, int start) => text[start..Math.Min(text.Length, start + 80)];

    [GeneratedRegex(@"(?:^|[\s\]:)])(?<severity>LOG|ERROR|FATAL|PANIC|WARNING|NOTICE|INFO|DEBUG\d?|DETAIL|HINT|STATEMENT|CONTEXT|QUERY|LOCATION):  ", RegexOptions.CultureInvariant, 1000)]
    private static partial Regex Severity();

    [GeneratedRegex(@"\[(?<process>\d+)(-\d+)?\]", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Process();

    [GeneratedRegex(@"^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d\.\d+ [^,]*,(""[^""]*"")?,(""[^""]*"")?,\d*,", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex CsvLine();
}
