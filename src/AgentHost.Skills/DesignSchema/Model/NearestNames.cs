namespace AgentHost.Skills.DesignSchema.Model;

/// <summary>Finds the known names that a misspelt one probably meant.</summary>
public static class NearestNames
{
    private const int MaxLength = 64;

    /// <summary>A sentence for the end of a message: "did you mean 'x'?", or the known names, or nothing where there are none.</summary>
    public static string Suggest(string wrong, IEnumerable<string> known)
    {
        var names = known.Distinct(StringComparer.Ordinal).ToList();
        if (names.Count == 0)
            return "";
        var near = names
            .Select(n => (Name: n, Distance: Distance(Fold(wrong), Fold(n))))
            .Where(n => n.Distance <= Math.Max(1, Math.Min(wrong.Length, n.Name.Length) / 3))
            .OrderBy(n => n.Distance).ThenBy(n => n.Name, StringComparer.Ordinal)
            .Take(3).Select(n => $"'{n.Name}'").ToList();
        if (near.Count > 0)
            return $"; did you mean {string.Join(" or ", near)}?";
        var shown = names.Take(30).ToList();
        return $"; known: {string.Join(", ", shown)}{(names.Count > shown.Count ? ", …" : "")}";
    }

    private static string Fold(string name) =>
        (name.Length > MaxLength ? name[..MaxLength] : name).Replace("_", "").Replace("-", "").Replace(" ", "").ToLowerInvariant();

    /// <summary>Damerau-Levenshtein distance with adjacent transpositions (optimal string alignment).</summary>
    private static int Distance(string a, string b)
    {
        var d = new int[a.Length + 1, b.Length + 1];
        for (var i = 0; i <= a.Length; i++)
            d[i, 0] = i;
        for (var j = 0; j <= b.Length; j++)
            d[0, j] = j;
        for (var i = 1; i <= a.Length; i++)
        {
            for (var j = 1; j <= b.Length; j++)
            {
                var cost = a[i - 1] == b[j - 1] ? 0 : 1;
                d[i, j] = Math.Min(Math.Min(d[i - 1, j] + 1, d[i, j - 1] + 1), d[i - 1, j - 1] + cost);
                if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1])
                    d[i, j] = Math.Min(d[i, j], d[i - 2, j - 2] + 1);
            }
        }
        return d[a.Length, b.Length];
    }
}
