namespace AgentHost.TrainEmbeddings.Reading;

/// <summary>Two texts that mean the same: pulled together, and each away from the other pairs of its batch, unless these are of the same group.</summary>
internal readonly record struct Pair(string Group, string First, string Second);

/// <summary>What one source gives: texts, in which words stand near each other, and pairs.</summary>
internal sealed record Material(string Name, int TextWeight)
{
    public List<string> Texts { get; } = [];

    public List<Pair> Pairs { get; } = [];
}
