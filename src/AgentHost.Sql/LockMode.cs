using System.Text.Json.Serialization;

namespace AgentHost.Sql;

/// <summary>PostgreSQL's table-level lock modes, weakest first (manual, section 13.3.1). JSON writes them as SQL does.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<LockMode>))]
public enum LockMode
{
    [JsonStringEnumMemberName("NONE")] None = 0,
    [JsonStringEnumMemberName("ACCESS SHARE")] AccessShare = 1,
    [JsonStringEnumMemberName("ROW SHARE")] RowShare = 2,
    [JsonStringEnumMemberName("ROW EXCLUSIVE")] RowExclusive = 3,
    [JsonStringEnumMemberName("SHARE UPDATE EXCLUSIVE")] ShareUpdateExclusive = 4,
    [JsonStringEnumMemberName("SHARE")] Share = 5,
    [JsonStringEnumMemberName("SHARE ROW EXCLUSIVE")] ShareRowExclusive = 6,
    [JsonStringEnumMemberName("EXCLUSIVE")] Exclusive = 7,
    [JsonStringEnumMemberName("ACCESS EXCLUSIVE")] AccessExclusive = 8,
}
