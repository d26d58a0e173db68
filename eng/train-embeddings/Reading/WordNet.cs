using System.Globalization;

namespace AgentHost.TrainEmbeddings.Reading;

/// <summary>WordNet's database files: words of one meaning with its definition, so that everyday words and synonyms mean something.</summary>
internal static class WordNet
{
    public static Material Read(string folder, int textWeight)
    {
        var material = new Material("wordnet", textWeight);
        foreach (var file in (string[])["data.adj", "data.adv", "data.noun", "data.verb"])
            foreach (var line in File.ReadLines(Path.Combine(folder, file)))
                if (!line.StartsWith("  ", StringComparison.Ordinal)) ReadSynset(material, line);
        return material;
    }

    private static void ReadSynset(Material material, string line)
    {
        var bar = line.IndexOf(" | ", StringComparison.Ordinal);
        var fields = line[..bar].Split(' ');
        var count = int.Parse(fields[3], NumberStyles.HexNumber, CultureInfo.InvariantCulture);
        var names = Enumerable.Range(0, count).Select(i => fields[4 + 2 * i]).Select(n => (n.IndexOf('(', StringComparison.Ordinal) is > 0 and var mark ? n[..mark] : n).Replace('_', ' ')).ToArray();
        var gloss = line[(bar + 3)..].Trim();
        var definition = gloss.IndexOf("; \"", StringComparison.Ordinal) is > 0 and var end ? gloss[..end] : gloss;
        material.Texts.Add(string.Join(' ', names) + ": " + gloss);
        if (char.IsUpper(names[0][0])) return; // A proper name.
        material.Pairs.Add(new Pair(names[0], string.Join(", ", names), definition));
        if (names.Length > 1) material.Pairs.Add(new Pair(names[0], names[0], string.Join(", ", names[1..])));
    }
}
