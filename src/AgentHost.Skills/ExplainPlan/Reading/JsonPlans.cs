using System.Text;
using System.Text.Json;

namespace AgentHost.Skills.ExplainPlan.Reading;

/// <summary>Reads FORMAT JSON. The document is read token by token, so that of one that was cut off everything before the cut is there.</summary>
internal static class JsonPlans
{
    private const int MaxStarts = 20;

    /// <summary>The plans of the first document that holds any; null where nothing in the text starts like JSON.</summary>
    public static PlansRead? Read(string text)
    {
        var starts = Starts(text);
        if (starts.Count == 0)
            return null;
        PlansRead? first = null;
        var bytes = Encoding.UTF8.GetBytes(text);
        var taken = 0;
        foreach (var start in starts.Where(s => s.Byte >= taken))
        {
            // A bracket within what was read is no start of its own.
            var read = Read(text, bytes, start, out taken);
            if (read.Statements.Count > 0)
                return read;
            first ??= read;
        }
        return first;
    }

    /// <summary>Lines that open with a bracket: the document, or noise such as a log line's <c>[time]</c>.</summary>
    private static List<(int Char, int Byte)> Starts(string text)
    {
        var found = new List<(int, int)>();
        var bytes = 0;
        var counted = 0;
        var atLineStart = true;
        for (var i = 0; i < text.Length && found.Count < MaxStarts; i++)
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
                    bytes += Encoding.UTF8.GetByteCount(text.AsSpan(counted, i - counted));
                    counted = i;
                    found.Add((i, bytes));
                }
            }
        }
        return found.Count < MaxStarts && WithinLine(text) is { } inner && !found.Exists(f => f.Item1 == inner)
            ? [.. found, (inner, Encoding.UTF8.GetByteCount(text.AsSpan(0, inner)))]
            : found;
    }

    /// <summary>A document that begins behind other words: the brackets before its first key.</summary>
    private static int? WithinLine(string text)
    {
        var key = text.IndexOf("\"Plan\"", StringComparison.Ordinal);
        if (key < 0)
            key = text.IndexOf("\"Node Type\"", StringComparison.Ordinal);
        int? start = null;
        for (var i = key - 1; i >= 0 && (text[i] is '[' or '{' || char.IsWhiteSpace(text[i])); i--)
            start = text[i] is '[' or '{' ? i : start;
        return start;
    }

    private static PlansRead Read(string text, byte[] bytes, (int Char, int Byte) start, out int taken)
    {
        var document = new Document();
        var notes = new List<string>();
        string? trouble = null;
        // Not the final block: what ends too early is a pause to the reader, not an error.
        var reader = new Utf8JsonReader(bytes.AsSpan(start.Byte), isFinalBlock: false, new JsonReaderState(new JsonReaderOptions { MaxDepth = PlansRead.MaxLevels, AllowTrailingCommas = true }));
        try
        {
            while (!document.Complete && reader.Read())
                document.Take(ref reader, notes);
            if (!document.Complete)
                trouble = $"The plan ends at {TextPlace.Of(text, text.TrimEnd().Length)}, before its brackets are closed: it seems cut off.";
        }
        catch (JsonException e) when (e.Message.Contains("maximum configured depth", StringComparison.OrdinalIgnoreCase))
        {
            throw new SkillInputException(PlansRead.TooDeep, e);
        }
        catch (JsonException e)
        {
            var at = start.Char + Encoding.UTF8.GetCharCount(bytes.AsSpan(start.Byte, Offset(bytes.AsSpan(start.Byte), e)));
            trouble = $"The plan is no valid JSON at {TextPlace.Of(text, at)}: {Reason(e.Message)}";
        }
        taken = start.Byte + (int)reader.BytesConsumed;
        var statements = PlansRead.StatementsIn(document.Root);
        if (statements.Count == 0 && document.Rows is { Count: > 0 } rows && PlanFinder.FindIn(string.Join('\n', rows)) is { Statements.Count: > 0 } inner)
            return inner with { Trouble = trouble ?? inner.Trouble };
        if (statements.Count == 0 && trouble is null)
            trouble = $"The JSON that starts at {TextPlace.Of(text, start.Char)} has no \"Plan\" with a \"Node Type\".";
        return new PlansRead(statements, trouble, notes);
    }

    private static int Offset(ReadOnlySpan<byte> bytes, JsonException e)
    {
        var line = e.LineNumber ?? 0;
        var at = 0;
        for (; line > 0 && bytes[at..].IndexOf((byte)'\n') is >= 0 and var end; line--)
            at += end + 1;
        return (int)Math.Min(bytes.Length, at + (e.BytePositionInLine ?? 0));
    }

    private static string Reason(string message)
    {
        var cut = message.IndexOf(" LineNumber:", StringComparison.Ordinal);
        return cut < 0 ? message : message[..cut];
    }

    /// <summary>Builds the values from the tokens.</summary>
    private sealed class Document
    {
        private readonly Stack<PlanValue> open = new();
        private string? name;

        public PlanValue? Root { get; private set; }

        public bool Complete { get; private set; }

        /// <summary>A driver's rows, which hold the plan as text: all of it, or a line each.</summary>
        public List<string> Rows { get; } = [];

        public void Take(ref Utf8JsonReader reader, List<string> notes)
        {
            switch (reader.TokenType)
            {
                case JsonTokenType.PropertyName:
                    name = Text(ref reader, notes);
                    break;
                case JsonTokenType.StartObject:
                    Open(new PlanGroup());
                    break;
                case JsonTokenType.StartArray:
                    Open(new PlanList());
                    break;
                case JsonTokenType.EndObject or JsonTokenType.EndArray:
                    open.Pop();
                    Complete = open.Count == 0;
                    break;
                case JsonTokenType.String:
                    var text = Text(ref reader, notes);
                    if (string.Equals(name, "QUERY PLAN", StringComparison.OrdinalIgnoreCase))
                        Rows.Add(text);
                    Put(new PlanScalar(text));
                    break;
                case JsonTokenType.Number or JsonTokenType.True or JsonTokenType.False:
                    Put(new PlanScalar(Encoding.UTF8.GetString(reader.ValueSpan)));
                    break;
                default: // null and comments hold nothing
                    name = null;
                    break;
            }
        }

        private void Open(PlanValue value)
        {
            Put(value);
            open.Push(value);
            Root ??= value;
        }

        private void Put(PlanValue value)
        {
            if (open.TryPeek(out var owner))
            {
                if (owner is PlanList list)
                    list.Values.Add(value);
                else if (owner is PlanGroup group && name is not null && !(name == "Node Type" && value is PlanScalar { IsFigure: true }))
                    group.Add(name, value);
            }
            name = null;
        }

        private static string Text(ref Utf8JsonReader reader, List<string> notes)
        {
            try
            {
                return reader.GetString()!;
            }
            catch (InvalidOperationException)
            {
                // Half a surrogate pair is found only when the string is asked for.
                const string Broken = "The plan holds a string with a broken \\u escape, shown as it came: it was cut or re-encoded on the way.";
                if (!notes.Contains(Broken))
                    notes.Add(Broken);
                return Encoding.UTF8.GetString(reader.ValueSpan);
            }
        }
    }
}
