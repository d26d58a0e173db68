using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using AgentHost.Skills.DesignSchema;
using AgentHost.Skills.ExplainPlan;
using AgentHost.Skills.ReviewMigration;

namespace AgentHost.Composition;

/// <summary>The JSON of every answer: camelCase, without nulls, compiled ahead so that the first call does not wait for reflection.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    GenerationMode = JsonSourceGenerationMode.Metadata)]
[JsonSerializable(typeof(MemoryEntries))]
[JsonSerializable(typeof(ReviewResult))]
[JsonSerializable(typeof(ExplainResult))]
[JsonSerializable(typeof(SearchResults))]
[JsonSerializable(typeof(DoctorReport))]
[JsonSerializable(typeof(DesignResult))]
internal sealed partial class HostJson : JsonSerializerContext
{
    /// <summary>For structured content and <c>--format json</c>: SQL stays readable, nothing is escaped that JSON does not ask for.</summary>
    public static HostJson Readable { get; } = new(new JsonSerializerOptions
    {
        PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        WriteIndented = true,
    });
}
