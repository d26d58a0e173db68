using System.Text.Json.Serialization;
using AgentHost.Skills.DesignSchema;
using AgentHost.Skills.ExplainPlan;
using AgentHost.Skills.RecommendIndex;
using AgentHost.Skills.ReviewMigration;

namespace AgentHost.Composition;

/// <summary>The shapes of every answer, compiled ahead so that the first call does not wait for reflection.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    GenerationMode = JsonSourceGenerationMode.Metadata)]
[JsonSerializable(typeof(MemoryEntries))]
[JsonSerializable(typeof(MemoryCheckup))]
[JsonSerializable(typeof(ReviewResult))]
[JsonSerializable(typeof(ExplainResult))]
[JsonSerializable(typeof(IndexResult))]
[JsonSerializable(typeof(SearchResults))]
[JsonSerializable(typeof(SourceList))]
[JsonSerializable(typeof(Knowledge.Ingest.IngestReport))]
[JsonSerializable(typeof(Knowledge.Ingest.KnowledgeSource))]
[JsonSerializable(typeof(DoctorReport))]
[JsonSerializable(typeof(DesignResult))]
[JsonSerializable(typeof(Cli.WrittenTwin))]
[JsonSerializable(typeof(IReadOnlyDictionary<string, object?>))]
[JsonSerializable(typeof(string[]))]
[JsonSerializable(typeof(int))]
[JsonSerializable(typeof(bool))]
internal sealed partial class HostJson : JsonSerializerContext;
