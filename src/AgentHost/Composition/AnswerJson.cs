using System.Collections.Immutable;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using AgentHost.Knowledge.Memory;

namespace AgentHost.Composition;

/// <summary>The JSON of every answer: camelCase, without nulls, SQL unescaped where JSON does not ask for more.</summary>
internal static class AnswerJson
{
    private static readonly Lazy<JsonSerializerOptions> Compact = new(() => Create(indented: false)), Indented = new(() => Create(indented: true));

    /// <summary>How a <typeparamref name="T"/> is written for programs.</summary>
    public static JsonTypeInfo<T> For<T>() => (JsonTypeInfo<T>)Compact.Value.GetTypeInfo(typeof(T));

    /// <summary>How a <typeparamref name="T"/> is written for <c>--format json</c>.</summary>
    public static JsonTypeInfo<T> Readable<T>() => (JsonTypeInfo<T>)Indented.Value.GetTypeInfo(typeof(T));

    private static JsonSerializerOptions Create(bool indented) => new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        WriteIndented = indented,
        TypeInfoResolver = HostJson.Default.WithAddedModifier(ForWritingOnly),
    };

    // Answers are written, never read: that a property is required of a constructor, or is left out of the JSON, is then no contradiction.
    private static void ForWritingOnly(JsonTypeInfo type)
    {
        foreach (var property in type.Properties)
        {
            property.IsRequired = false;
            if (type.Type == typeof(Revision) && property.PropertyType == typeof(ImmutableArray<string>))
                property.ShouldSerialize = static (_, value) => value is ImmutableArray<string> { IsDefaultOrEmpty: false };
        }
    }
}
