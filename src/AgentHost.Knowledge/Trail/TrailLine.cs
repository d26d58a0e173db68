using System.Buffers;
using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;
using AgentHost.Knowledge.Memory;

namespace AgentHost.Knowledge.Trail;

/// <summary>The JSON of one record on one line.</summary>
internal static class TrailLine
{
    private const int LongestPart = 300, LongestSql = 8000;

    // A quote inside of a string is escaped, so these characters stand only where a record begins: behind a torn line, too.
    private const string Start = "{\"when\":";

    public static byte[] Write(TrailRecord record)
    {
        var buffer = new ArrayBufferWriter<byte>(256);
        using (var json = new Utf8JsonWriter(buffer, new JsonWriterOptions { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping }))
        {
            json.WriteStartObject();
            json.WriteString("when", record.When.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture));
            json.WriteString("tool", Cut(record.Tool, LongestPart));
            json.WriteString("subject", Cut(EntryText.Line(record.Subject), LongestPart));
            json.WriteString("verdict", Cut(EntryText.Line(record.Verdict), LongestPart));
            if (record.Client is { } client) json.WriteString("client", Cut(EntryText.Line(client), LongestPart));
            if (record.Sql is { } sql) json.WriteString("sql", Cut(sql, LongestSql));
            if (record.Plan is { } plan) Write(json, plan);
            json.WriteEndObject();
        }
        buffer.Write("\n"u8);
        return buffer.WrittenSpan.ToArray();
    }

    /// <summary>The record of a line, or null where it holds none.</summary>
    public static TrailRecord? Read(string line)
    {
        var start = line.LastIndexOf(Start, StringComparison.Ordinal);
        if (start < 0) return null;
        try
        {
            using var document = JsonDocument.Parse(line.AsMemory(start));
            var root = document.RootElement;
            return Text("when") is { } written && DateTimeOffset.TryParse(written, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out var when)
                && Text("tool") is { } tool && Text("subject") is { } subject && Text("verdict") is { } verdict
                ? new TrailRecord(when, tool, subject, verdict) { Client = Text("client"), Sql = Text("sql"), Plan = Plan(root) }
                : null;

            string? Text(string name) => root.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;
        }
        catch (JsonException)
        {
            return null; // A torn line: the disk was full, or the process died.
        }
    }

    private static void Write(Utf8JsonWriter json, TrailPlan plan)
    {
        json.WriteStartObject("plan");
        json.WriteString("query", plan.Query);
        json.WriteString("shape", plan.Shape);
        json.WriteString("outline", Cut(EntryText.Line(plan.Outline), LongestPart));
        if (plan.Ms is { } ms) json.WriteNumber("ms", ms);
        if (plan.Cost is { } cost) json.WriteNumber("cost", cost);
        json.WriteEndObject();
    }

    private static TrailPlan? Plan(JsonElement root)
    {
        if (!root.TryGetProperty("plan", out var plan) || plan.ValueKind != JsonValueKind.Object) return null;
        return Text("query") is { } query && Text("shape") is { } shape ? new TrailPlan(query, shape, Text("outline") ?? "", Number("ms"), Number("cost")) : null;

        string? Text(string name) => plan.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;
        double? Number(string name) => plan.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.Number ? value.GetDouble() : null;
    }

    // Half of a surrogate pair is no text: a cut never leaves one.
    private static string Cut(string text, int longest) =>
        text.Length <= longest ? text : string.Concat(text.AsSpan(0, char.IsHighSurrogate(text[longest - 2]) ? longest - 2 : longest - 1), "…");
}
