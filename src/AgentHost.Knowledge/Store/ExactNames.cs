using System.Text.RegularExpressions;

namespace AgentHost.Knowledge.Store;

/// <summary>Names that are found by their letters and not by their meaning: settings, views, functions, SQLSTATEs.</summary>
internal static partial class ExactNames
{
    private const int LongestInWords = 7, MostWords = 80, Longest = 100;

    /// <summary>The names in a text, as their letters and digits alone: words with an underscore, SQLSTATEs, other words with digits.</summary>
    public static IEnumerable<string> In(string text) =>
        Name().Matches(text).Select(m => Letters(m.Value)).Where(n => n.Length is > 2 and <= Longest).Distinct(StringComparer.Ordinal);

    /// <summary>What neighbouring words of a query would be called if they were one name: "wal level" and "wal-level" are <c>wallevel</c>. Few of these exist.</summary>
    public static IEnumerable<string> SpeltIn(string query)
    {
        var words = Word().Matches(query).Select(m => m.Value.ToLowerInvariant()).Take(MostWords).ToArray();
        var spelt = new HashSet<string>(StringComparer.Ordinal);
        for (var first = 0; first < words.Length; first++)
        {
            var name = words[first];
            for (var next = first + 1; next < words.Length && next < first + LongestInWords; next++)
            {
                name += words[next];
                if (name.Length > Longest) break;
                if (name.Length > 4) spelt.Add(name);
            }
        }
        return spelt.Except(In(query), StringComparer.Ordinal);
    }

    private static string Letters(string name) => name.Replace("_", "", StringComparison.Ordinal).ToLowerInvariant();

    [GeneratedRegex(@"\b[A-Za-z][A-Za-z0-9]*(?:_[A-Za-z0-9]+)+\b|\b(?=[0-9A-Za-z]{5}\b)[0-9][0-9A-Za-z]*\b|\b[A-Za-z]+[0-9][A-Za-z0-9]*\b", RegexOptions.None, 1000)]
    private static partial Regex Name();

    [GeneratedRegex("[A-Za-z0-9]+", RegexOptions.None, 1000)]
    private static partial Regex Word();
}
