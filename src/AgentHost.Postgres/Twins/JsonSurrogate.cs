using System.Collections.Frozen;
using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace AgentHost.Postgres.Twins;

/// <summary>Puts other documents in the place of documents: the same structure, other names, texts and numbers, each the same wherever it occurs; a part is found in its surrogate as it was in the document.</summary>
/// <param name="key">What they are drawn with.</param>
/// <param name="known">What stays: it stands in the schema's own text.</param>
internal sealed class JsonSurrogate(SurrogateKey key, FrozenSet<string> known)
{
    private const int Length = 10;

    /// <summary>The surrogate; null where the text is no document.</summary>
    public string? Of(string document)
    {
        try
        {
            return Of(JsonNode.Parse(document))?.ToJsonString() ?? "null";
        }
        catch (Exception e) when (e is JsonException or ArgumentException) // names that occur twice
        {
            return null;
        }
    }

    /// <summary>A text or a name.</summary>
    public string Word(string word) => known.Contains(word) ? word : key.Letters("document", word, Length);

    private JsonNode? Of(JsonNode? node) => node switch
    {
        null => null,
        JsonObject members => new JsonObject(members.Select(m => KeyValuePair.Create(Word(m.Key), Of(m.Value)))),
        JsonArray items => new JsonArray([.. items.Select(Of)]),
        JsonValue value => value.GetValueKind() switch
        {
            JsonValueKind.String => JsonValue.Create(Word(value.GetValue<string>())),
            JsonValueKind.Number => JsonValue.Create(Number(value.ToJsonString())),
            _ => value.DeepClone(),
        },
        _ => null,
    };

    // 3 and 3.0 are one number to jsonb.
    private double Number(string number) => Math.Floor(key.Share("number", SurrogateKinds.Number(number)?.ToString("G29", CultureInfo.InvariantCulture) ?? number) * 1e12);
}
