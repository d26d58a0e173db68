using System.Text.Json.Serialization;

namespace AgentHost.Skills.RecommendIndex.Drops;

/// <summary>An existing index that the database can do without.</summary>
/// <param name="Index">The index, qualified with its schema.</param>
/// <param name="Table">Its table, likewise.</param>
/// <param name="Cause">What makes it needless.</param>
/// <param name="Why">The reason, with what is freed.</param>
/// <param name="SizeBytes">The disk space that it takes.</param>
/// <param name="Sql">The statement to run, outside of a transaction.</param>
public sealed record IndexDrop(string Index, string Table, DropCause Cause, string Why, long SizeBytes, string Sql)
{
    /// <summary>How sure that is.</summary>
    public DropCertainty Certainty { get; init; }

    /// <summary>Whether it is only asked: somebody must know whether the index is needed.</summary>
    public bool IsQuestion => Certainty == DropCertainty.Ask;
}

/// <summary>How sure it is that an index is needless.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<DropCertainty>))]
public enum DropCertainty
{
    /// <summary>The schema says so: another index does all that it does.</summary>
    [JsonStringEnumMemberName("certain")] Certain,

    /// <summary>What was seen says so: look whether its counter stays 0, on replicas too, before it goes.</summary>
    [JsonStringEnumMemberName("verify")] Verify,

    /// <summary>Somebody has to know.</summary>
    [JsonStringEnumMemberName("ask")] Ask,
}

/// <summary>What makes an index needless.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<DropCause>))]
public enum DropCause
{
    /// <summary>What a concurrent build left behind that failed: written to, never read.</summary>
    [JsonStringEnumMemberName("invalid")] Invalid,

    /// <summary>Another index has the same keys.</summary>
    [JsonStringEnumMemberName("duplicate")] Duplicate,

    /// <summary>Its keys are the first ones of another index.</summary>
    [JsonStringEnumMemberName("covered")] Covered,

    /// <summary>Its keys are the first ones of a recommended index.</summary>
    [JsonStringEnumMemberName("replaced")] Replaced,

    /// <summary>All that is asked of it a partial index beside it answers, which is smaller.</summary>
    [JsonStringEnumMemberName("superseded")] Superseded,

    /// <summary>Nothing has read it since the counters began.</summary>
    [JsonStringEnumMemberName("unused")] Unused,

    /// <summary>Its values tell too few rows apart.</summary>
    [JsonStringEnumMemberName("lowValue")] LowValue,
}
