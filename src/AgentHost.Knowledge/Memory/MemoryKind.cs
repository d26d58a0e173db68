using System.Text.Json.Serialization;

namespace AgentHost.Knowledge.Memory;

/// <summary>What an entry of the project's memory is.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<MemoryKind>))]
public enum MemoryKind
{
    /// <summary>Something found out about this project that will matter again.</summary>
    [JsonStringEnumMemberName("learning")] Learning,

    /// <summary>A choice the team made; it binds advice while it is in force.</summary>
    [JsonStringEnumMemberName("decision")] Decision,

    /// <summary>Something known to be wrong or unsettled.</summary>
    [JsonStringEnumMemberName("issue")] Issue,
}
