namespace AgentHost.TrainEmbeddings.Reading;

/// <summary>Two texts that mean the same: pulled together, and each away from the other pairs of its batch, unless these are of the same group.</summary>
internal readonly record struct Pair(string Group, string First, string Second);

/// <summary>What one source gives: texts, in which words stand near each other, and pairs.</summary>
internal sealed record Material(string Name, int TextWeight)
{
    public List<string> Texts { get; } = [];

    public List<Pair> Pairs { get; } = [];

    /// <summary>A paragraph's first sentence with the rest of its section: who reads one would look for the other (the inverse cloze task, Lee et al., 2019).</summary>
    public List<Pair> Cloze { get; } = [];

    /// <summary>Adds a section's pairs to <see cref="Cloze"/>.</summary>
    public void AddCloze(string group, string about, IReadOnlyList<string> paragraphs)
    {
        for (var i = 0; i < paragraphs.Count; i++)
        {
            var first = FirstSentence(paragraphs[i]);
            if (first.Length < 40) continue;
            Cloze.Add(new Pair(group, first, about + "\n" + string.Join('\n', paragraphs.Where((_, j) => j != i))));
        }
    }

    private static string FirstSentence(string text) => text.IndexOf(". ", StringComparison.Ordinal) is > 0 and var end ? text[..end] : text;
}
