using System.Text.Json.Serialization;

namespace AgentHost.Skills;

/// <summary>How bad the consequence is, mildest first.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<Severity>))]
public enum Severity
{
    /// <summary>Policy or a question; nothing breaks.</summary>
    [JsonStringEnumMemberName("info")] Info,

    /// <summary>Can hurt under load or on some data.</summary>
    [JsonStringEnumMemberName("warning")] Warning,

    /// <summary>Blocks traffic, fails, loses data or breaks running code.</summary>
    [JsonStringEnumMemberName("error")] Error,
}
