namespace AgentHost.Knowledge.Store;

/// <summary>Leaves out texts that say what one before them says: the same words, but for a few.</summary>
internal sealed class DistinctTexts
{
    /// <summary>The share of words from which two texts are the same.</summary>
    private const double Same = 0.85;

    private readonly List<HashSet<string>> seen = [];

    /// <returns>Whether the text says something new.</returns>
    public bool Add(string text)
    {
        var words = Words.Of(text).ToHashSet(StringComparer.Ordinal);
        if (seen.Any(other => IsSame(words, other))) return false;
        seen.Add(words);
        return true;
    }

    private static bool IsSame(HashSet<string> a, HashSet<string> b)
    {
        if (Math.Min(a.Count, b.Count) < Same * Math.Max(a.Count, b.Count)) return false;
        var common = a.Count(b.Contains);
        return common >= Same * (a.Count + b.Count - common);
    }
}
