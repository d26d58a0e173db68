using System.Globalization;
using System.Text.Json;

namespace AgentHost.Skills.ExplainPlan.Reading;

/// <summary>
/// Reads YAML in the one form that EXPLAIN prints it, a value a line: texts in double quotes with JSON's escapes, figures bare. It takes a
/// fifth of the time of a whole YAML parser, to which everything else is left.
/// </summary>
internal sealed class YamlLines
{
    private readonly List<(int Indent, PlanValue Value)> open = [];
    private (int Indent, string Name)? key;

    /// <summary>The document; null where a line is not of that form.</summary>
    public static PlanValue? Read(ReadOnlySpan<char> text)
    {
        var reader = new YamlLines();
        PlanValue? root = null;
        foreach (var raw in text.EnumerateLines())
        {
            var line = raw.TrimEnd(' ');
            if (line.Length == 0)
                continue;
            var content = line.TrimStart(' ');
            var item = content.StartsWith("- ", StringComparison.Ordinal);
            if (root is null)
            {
                root = item ? new PlanList() : new PlanGroup();
                reader.open.Add((line.Length - content.Length, root));
            }
            if (!reader.Take(content, line.Length - content.Length, item))
                return null;
        }
        reader.CloseKey(int.MaxValue, isList: true);
        return root;
    }

    private bool Take(ReadOnlySpan<char> content, int indent, bool item)
    {
        if (key is { } waiting)
            CloseKey(indent > waiting.Indent ? indent : int.MaxValue, item || indent <= waiting.Indent);
        while (open.Count > 1 && open[^1].Indent > indent)
            open.RemoveAt(open.Count - 1);
        if (open.Count > PlansRead.MaxLevels || open[^1].Indent != indent)
            return false;
        if (!item)
            return open[^1].Value is PlanGroup group && Property(group, content, indent);
        if (open[^1].Value is not PlanList list)
            return false;
        content = content[2..];
        if (content[0] == '"')
        {
            if (Scalar(content) is not { } text)
                return false;
            list.Values.Add(new PlanScalar(text));
            return true;
        }
        var inner = new PlanGroup();
        list.Values.Add(inner);
        open.Add((indent + 2, inner));
        return Property(inner, content, indent + 2);
    }

    /// <summary>Gives the key that stood alone what follows: a list or a group, or an empty list where nothing does.</summary>
    private void CloseKey(int indent, bool isList)
    {
        if (key is not { } closed)
            return;
        key = null;
        var owner = (PlanGroup)open[^1].Value;
        PlanValue value = isList ? new PlanList() : new PlanGroup();
        owner.Add(closed.Name, value);
        if (indent != int.MaxValue)
            open.Add((indent, value));
    }

    private bool Property(PlanGroup group, ReadOnlySpan<char> content, int indent)
    {
        var colon = content.IndexOf(':');
        if (colon <= 0 || content[0] is '"' or '\'' or '[' or '{' or '&' or '*' or '!' or '?' or '-' or '#' or '%' or '|' or '>')
            return false;
        var name = content[..colon].ToString();
        if (colon + 1 == content.Length)
        {
            // A second list of that name would not be the one that is filled.
            if (group[name] is not null)
                return false;
            key = (indent, name);
            return true;
        }
        if (content[colon + 1] != ' ' || Scalar(content[(colon + 2)..]) is not { } text || (name == "Node Type" && content[colon + 2] != '"'))
            return false;
        group.Add(name, text);
        return true;
    }

    private static string? Scalar(ReadOnlySpan<char> value)
    {
        if (value is not ['"', ..])
            return value is "true" or "false" || double.TryParse(value, NumberStyles.Float, CultureInfo.InvariantCulture, out _) ? value.ToString() : null;
        if (value.Length < 2 || value[^1] != '"')
            return null;
        var inner = value[1..^1];
        if (inner.IndexOfAny('"', '\\') < 0)
            return inner.ToString();
        try
        {
            return JsonSerializer.Deserialize<string>(value);
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException or ArgumentException)
        {
            return null;
        }
    }
}
