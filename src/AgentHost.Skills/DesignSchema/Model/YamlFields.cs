using System.Globalization;

namespace AgentHost.Skills.DesignSchema.Model;

/// <summary>The keys of a mapping, looked up without regard to case, hyphens, spaces and underscores; unknown and repeated keys are problems.</summary>
internal sealed class YamlFields
{
    private readonly Dictionary<string, YamlNode> values = new(StringComparer.Ordinal);
    private readonly ProblemList problems;

    public YamlFields(YamlMap map, string what, ProblemList problems, params string[] known)
    {
        this.problems = problems;
        foreach (var (key, value) in map.Entries)
        {
            var name = known.FirstOrDefault(k => Fold(k) == Fold(key.Value));
            if (name is null)
                problems.Add(key, $"unknown key '{Names.Shorten(key.Value)}' in {what}{NearestNames.Suggest(key.Value, known)}");
            else if (!values.TryAdd(name, value))
                problems.Add(key, $"'{name}' is given twice in {what}");
        }
    }

    public YamlNode? this[string key] => values.GetValueOrDefault(key) is { } v and not YamlScalar { IsNull: true } ? v : null;

    public string? Text(string key)
    {
        if (this[key] is not { } node)
            return null;
        if (node is YamlScalar s)
            return s.Value;
        problems.Add(node, $"'{key}' must be a text");
        return null;
    }

    public bool? Flag(string key)
    {
        if (this[key] is not { } node)
            return null;
        switch ((node as YamlScalar)?.Value.ToLowerInvariant())
        {
            case "true" or "yes" or "on": return true;
            case "false" or "no" or "off": return false;
            default:
                problems.Add(node, $"'{key}' must be true or false");
                return null;
        }
    }

    public long? Whole(string key, long least, long most)
    {
        if (this[key] is not { } node)
            return null;
        var text = (node as YamlScalar)?.Value.Replace("_", "").Replace(",", "");
        if (long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var n) && n >= least && n <= most)
            return n;
        problems.Add(node, $"'{key}' must be a whole number from {least} to {most}");
        return null;
    }

    /// <summary>One of the given words (folded), or null with a problem.</summary>
    public T? Choice<T>(string key, params (string Word, T Value)[] choices) where T : struct
    {
        if (this[key] is not { } node)
            return null;
        var text = (node as YamlScalar)?.Value ?? "";
        foreach (var (word, value) in choices)
        {
            if (Fold(word) == Fold(text))
                return value;
        }
        problems.Add(node, $"'{Names.Shorten(text)}' is not a value of '{key}'{NearestNames.Suggest(text, choices.Select(c => c.Word))}");
        return null;
    }

    /// <summary>The items of a list; a lone value counts as a list of one.</summary>
    public IEnumerable<YamlNode> Items(string key) => this[key] switch
    {
        null => [],
        YamlList list => list.Items,
        var lone => [lone],
    };

    /// <summary>Names in a list.</summary>
    public IEnumerable<NameReference> References(string key) =>
        Items(key).Select(i => Names.Read(i, $"an item of '{key}'", problems)).OfType<NameReference>();

    /// <summary>Named parts, given as a mapping by name or as a list of mappings with 'name'.</summary>
    public IEnumerable<(YamlNode Name, YamlNode Body)> Named(string key)
    {
        switch (this[key])
        {
            case null:
                yield break;
            case YamlMap map:
                foreach (var (name, body) in map.Entries)
                    yield return (name, body);
                break;
            case YamlList list:
                foreach (var item in list.Items)
                {
                    if (item is YamlMap entry && entry.Entries.FirstOrDefault(e => Fold(e.Key.Value) == "name") is { } named)
                        yield return (named.Value, entry with { Entries = entry.Entries.Remove(named) });
                    else
                        problems.Add(item, $"an item of '{key}' needs a 'name'");
                }
                break;
            case { } other:
                problems.Add(other, $"'{key}' must be a mapping by name, or a list of items with 'name'");
                break;
        }
    }

    private static string Fold(string key) => key.Replace("_", "").Replace("-", "").Replace(" ", "").ToLowerInvariant();
}
