using System.Text;

namespace AgentHost.Skills.DesignSchema.Model;

/// <summary>Turns the words of a model into identifiers: snake case, plural tables.</summary>
internal static class Names
{
    /// <summary>PostgreSQL's identifier limit in bytes (NAMEDATALEN - 1).</summary>
    public const int MaxBytes = 63;

    /// <summary>Lower snake case: <c>projectTask</c>, <c>Project Task</c> and <c>project-task</c> give <c>project_task</c>; null where a character does not fit.</summary>
    public static string? ToSnakeCase(string written)
    {
        var result = new StringBuilder(written.Length + 4);
        for (var i = 0; i < written.Length; i++)
        {
            var c = written[i];
            if (c is ' ' or '-' or '_')
            {
                if (result.Length == 0 || result[^1] != '_')
                    result.Append('_');
                continue;
            }
            if (!char.IsLetterOrDigit(c))
                return null;
            var boundary = char.IsUpper(c) && i > 0 && result[^1] != '_'
                && (!char.IsUpper(written[i - 1]) || (i + 1 < written.Length && char.IsLower(written[i + 1])));
            if (boundary)
                result.Append('_');
            result.Append(char.ToLowerInvariant(c));
        }
        var name = result.ToString().TrimEnd('_');
        return name.Length == 0 || char.IsDigit(name[0]) || name[0] == '_' ? null : name;
    }

    /// <summary>Reads a place: name folded, or a problem.</summary>
    public static NameReference? Read(YamlNode node, string what, ProblemList problems)
    {
        if (node is not YamlScalar { IsNull: false } scalar)
        {
            problems.Add(node, $"{what} must be a name");
            return null;
        }
        if (ToSnakeCase(scalar.Value) is not { } name)
        {
            problems.Add(node, $"'{Shorten(scalar.Value)}' cannot name {what}: letters, digits, spaces, hyphens and underscores only, a letter first");
            return null;
        }
        if (Encoding.UTF8.GetByteCount(name) > MaxBytes)
        {
            problems.Add(node, $"'{Shorten(name)}' has {Encoding.UTF8.GetByteCount(name)} bytes; PostgreSQL keeps {MaxBytes} of an identifier");
            return null;
        }
        return new NameReference(name, scalar.Value, node.Line, node.Column);
    }

    /// <summary>The English plural by the common rules; a name that looks plural stays.</summary>
    public static string Pluralize(string name)
    {
        if (name.EndsWith("ss", StringComparison.Ordinal) || name.EndsWith("us", StringComparison.Ordinal)
            || name.EndsWith('x') || name.EndsWith('z') || name.EndsWith("ch", StringComparison.Ordinal) || name.EndsWith("sh", StringComparison.Ordinal))
            return name + "es";
        if (name.EndsWith("sis", StringComparison.Ordinal))
            return name[..^2] + "es";
        if (name.EndsWith('s') || name.EndsWith("people", StringComparison.Ordinal) || name.EndsWith("data", StringComparison.Ordinal))
            return name;
        if (name.EndsWith("person", StringComparison.Ordinal))
            return name[..^6] + "people";
        if (name.EndsWith("child", StringComparison.Ordinal))
            return name + "ren";
        return name.EndsWith('y') && name.Length > 1 && !"aeiou".Contains(name[^2]) ? name[..^1] + "ies" : name + "s";
    }

    /// <summary>A text short enough for a message, without line breaks.</summary>
    public static string Shorten(string text)
    {
        var line = text.ReplaceLineEndings(" ");
        return line.Length <= 60 ? line : line[..57] + "…";
    }
}
