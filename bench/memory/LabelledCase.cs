using YamlDotNet.Serialization;
using YamlDotNet.Serialization.NamingConventions;

namespace AgentHost.Bench.Memory;

/// <summary>A case as an agent would bring it, with the entries that a careful engineer would want to see before answering.</summary>
public sealed record LabelledCase
{
    public string Name { get; init; } = "";

    public string Tool { get; init; } = "";

    public string Input { get; init; } = "";

    /// <summary>Ids that bear on it.</summary>
    public List<string> Bears { get; init; } = [];

    /// <summary>Ids about which two careful engineers could disagree: shown or not, they count neither way.</summary>
    public List<string> Maybe { get; init; } = [];

    /// <summary>Kept aside: measured with, never tuned by.</summary>
    public bool Held { get; init; }

    public static List<LabelledCase> Load(string file) =>
        new DeserializerBuilder().WithNamingConvention(CamelCaseNamingConvention.Instance).Build().Deserialize<List<LabelledCase>>(File.ReadAllText(file));
}
