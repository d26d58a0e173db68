using System.Collections.Immutable;
using System.IO.Enumeration;
using System.Text;

namespace AgentHost.Knowledge.Memory;

/// <summary>
/// A scope as people write it: <c>public.orders</c>, <c>orders</c> (which means <c>public.orders</c>), <c>billing.*</c>, <c>*</c>.
/// Unquoted parts fold to lower case as in SQL; <c>*</c> and <c>?</c> stand for any characters and any one character of a part.
/// </summary>
internal readonly record struct ScopePattern(string Schema, string Name)
{
    public bool IsEverything => Schema == "*" && Name == "*";

    /// <summary>Whether it names one table and not a family of them.</summary>
    public bool IsExact => !Schema.AsSpan().ContainsAny('*', '?') && !Name.AsSpan().ContainsAny('*', '?');

    /// <summary>Reads a pattern; null where it is not one (empty, more than two parts, an open quote).</summary>
    public static ScopePattern? Read(string text)
    {
        var parts = Split(text.Trim());
        return parts switch
        {
            ["*"] => new ScopePattern("*", "*"),
            [var name] => new ScopePattern("public", name),
            [var schema, var name] => new ScopePattern(schema, name),
            _ => null,
        };
    }

    /// <summary>The patterns of an entry; what is none is left out (the reader of the file has told it).</summary>
    public static ImmutableArray<ScopePattern> ReadAll(MemoryEntry entry) => [.. entry.Scopes.Select(Read).OfType<ScopePattern>()];

    /// <summary>Whether a relation, written <c>schema.name</c> or <c>name</c> with its case already folded, is within the scope.</summary>
    public bool Covers(string relation)
    {
        var dot = relation.IndexOf('.', StringComparison.Ordinal);
        var schema = dot < 0 ? "public" : relation[..dot];
        return FileSystemName.MatchesSimpleExpression(Schema, schema, ignoreCase: false)
            && FileSystemName.MatchesSimpleExpression(Name, relation.AsSpan(dot + 1), ignoreCase: false);
    }

    private static List<string>? Split(string text)
    {
        var parts = new List<string>();
        var part = new StringBuilder();
        var quoted = false;
        foreach (var c in text)
        {
            if (c == '"') quoted = !quoted;
            else if (c == '.' && !quoted) { parts.Add(part.ToString()); part.Clear(); }
            else part.Append(quoted ? c : char.ToLowerInvariant(c));
        }
        parts.Add(part.ToString());
        return quoted || parts.Exists(p => p.Length == 0) ? null : parts;
    }
}
