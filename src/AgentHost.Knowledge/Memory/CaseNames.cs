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
        var text = subject.Text.Contains("create", StringComparison.OrdinalIgnoreCase) ? subject.Text : SelectList().Replace(subject.Text, " from ");
        var names = Of(text);
        names.ExceptWith(Keywords);
        foreach (var relation in subject.Relations) names.ExceptWith(Of(relation.Replace('.', ' ')));
        return names;
    }

    [GeneratedRegex("[A-Za-z][A-Za-z0-9_]+", RegexOptions.None, 1000)]
    private static partial Regex Word();

    [GeneratedRegex(@"\bselect\b.*?\bfrom\b", RegexOptions.IgnoreCase | RegexOptions.Singleline, 1000)]
    private static partial Regex SelectList();
}
