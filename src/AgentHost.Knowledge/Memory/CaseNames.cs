using System.Collections.Frozen;
using System.Text.RegularExpressions;

namespace AgentHost.Knowledge.Memory;

/// <summary>The names in a text: of columns and other objects, in prose every word.</summary>
internal static partial class CaseNames
{
    private static readonly FrozenSet<string> Keywords =
        ("select from where and or not null set add table column create index on in is as by order group limit update delete insert into values constraint check primary key references default now true false bigint "
        + "integer text numeric boolean timestamptz timestamp date interval unique using concurrently alter drop if exists public lock_timeout statement_timeout valid generated always identity count sum")
        .Split(' ').ToFrozenSet(StringComparer.Ordinal);

    public static HashSet<string> Of(string text)
    {
        var names = new HashSet<string>(StringComparer.Ordinal);
        foreach (var match in Word().EnumerateMatches(text)) names.Add(text.Substring(match.Index, match.Length).ToLowerInvariant());
        return names;
    }

    /// <summary>The names of a case without SQL's keywords, without its relations, and of queries without what they only put out.</summary>
    public static HashSet<string> Of(MemoryCase subject)
    {
        var isQuery = !subject.Text.Contains("create", StringComparison.OrdinalIgnoreCase);
        var (names, isPutOut) = (new HashSet<string>(StringComparer.Ordinal), false);
        foreach (var match in Word().EnumerateMatches(subject.Text))
        {
            var word = subject.Text.Substring(match.Index, match.Length).ToLowerInvariant();
            isPutOut = isQuery && (word == "select" || (isPutOut && word != "from"));
            if (!isPutOut) names.Add(word);
        }
        names.ExceptWith(Keywords);
        foreach (var relation in subject.Relations) names.ExceptWith(Of(relation.Replace('.', ' ')));
        return names;
    }

    [GeneratedRegex("[A-Za-z][A-Za-z0-9_]+", RegexOptions.None, 1000)]
    private static partial Regex Word();
}
