namespace AgentHost.Skills.ExplainPlan.Reading;

/// <summary>The lines of FORMAT TEXT below the tree, that tell of the statement as a whole.</summary>
internal static class TextSummary
{
    /// <summary>Reads such a line; false where it is none.</summary>
    /// <param name="statement">What it is put into.</param>
    /// <param name="content">The line without indentation.</param>
    /// <param name="part">The group whose lines follow, indented: planning, JIT, serialization; null where none do.</param>
    public static bool Read(PlanGroup statement, string content, ref PlanGroup? part)
    {
        if (content.StartsWith("Trigger ", StringComparison.Ordinal) || content.StartsWith("Trigger: ", StringComparison.Ordinal))
        {
            part = null;
            return Trigger(statement, content);
        }
        if (!TextStatement.IsProperty(content, out var key, out var text))
            return false;
        switch (key)
        {
            case "Planning Time" or "Execution Time" or "Planning time" or "Execution time" or "Total runtime":
                part = null;
                statement.Add(key switch { "Planning time" => "Planning Time", "Execution time" or "Total runtime" => "Execution Time", _ => key }, text.Split(' ')[0]);
                return true;
            case "Query Identifier":
                part = null;
                statement.Add(key, text);
                return true;
            case "Settings":
                part = null;
                statement.Add(key, Settings(text));
                return true;
            case "Planning" or "JIT" when text.Length == 0:
                part = new PlanGroup();
                statement.Add(key, part);
                return true;
            case "Serialization":
                part = Serialization(text);
                statement.Add(key, part);
                return true;
            default:
                return false;
        }
    }

    /// <summary><c>work_mem = '64MB', search_path = 'a, ''b'''</c>.</summary>
    private static PlanGroup Settings(string text)
    {
        var settings = new PlanGroup();
        foreach (var pair in TextLists.Split(text))
        {
            var sign = pair.IndexOf(" = ", StringComparison.Ordinal);
            if (sign > 0)
                settings.Add(pair[..sign], Unquoted(pair[(sign + 3)..]));
        }
        return settings;
    }

    private static string Unquoted(string value) => value is ['\'', .., '\''] ? value[1..^1] : value;

    private static PlanGroup Serialization(string text)
    {
        var group = new PlanGroup();
        foreach (var word in text.Split(' ', StringSplitOptions.RemoveEmptyEntries))
        {
            var sign = word.IndexOf('=', StringComparison.Ordinal);
            if (sign > 0 && word[..sign] switch { "time" => "Time", "output" => "Output Volume", "format" => "Format", _ => null } is { } name)
                group.Add(name, TextFigures.Kilobytes(word[(sign + 1)..]));
        }
        return group;
    }

    /// <summary><c>Trigger t for constraint c on orders: time=1.5 calls=3</c>; without VERBOSE a constraint's trigger has no name.</summary>
    private static bool Trigger(PlanGroup statement, string content)
    {
        var end = content.LastIndexOf(": ", StringComparison.Ordinal);
        if (end < 0)
            return false;
        var group = new PlanGroup();
        foreach (var word in content[(end + 2)..].Split(' '))
        {
            if (word.StartsWith("time=", StringComparison.Ordinal))
                group.Add("Time", word[5..]);
            else if (word.StartsWith("calls=", StringComparison.Ordinal))
                group.Add("Calls", word[6..]);
        }
        if (group["Calls"] is null)
            return false;
        var head = content[..end];
        if (head.LastIndexOf(" on ", StringComparison.Ordinal) is > 0 and var on)
        {
            group.Add("Relation", head[(on + 4)..]);
            head = head[..on];
        }
        const string Constraint = " for constraint ";
        if (head.IndexOf(Constraint, StringComparison.Ordinal) is > 0 and var at)
        {
            group.Add("Constraint Name", head[(at + Constraint.Length)..]);
            head = head[..at];
        }
        if (head.Length > "Trigger ".Length)
            group.Add("Trigger Name", head["Trigger ".Length..]);
        statement.List("Triggers").Values.Add(group);
        return true;
    }

    /// <summary>Reads a line that stands indented below <paramref name="part"/>.</summary>
    public static void ReadPart(PlanGroup part, string key, string text, string content)
    {
        if (key == "Functions")
            part.Add(key, text);
        else if (key is "Options" or "Timing")
            part.Add(key, Jit(text));
        else
            _ = TextFigures.Read(part, null, key, text, content);
    }

    /// <summary><c>Generation 0.6 ms (Deform 0.1 ms), Inlining 0.0 ms, … Total 1.2 ms</c>, or flags likewise.</summary>
    private static PlanGroup Jit(string text)
    {
        var group = new PlanGroup();
        // Since 17 a part stands in brackets behind the whole that holds it.
        foreach (var pair in text.Split([", ", " (", "), "], StringSplitOptions.RemoveEmptyEntries))
        {
            var words = pair.TrimEnd(')').Split(' ');
            if (words.Length >= 2)
                group.Add(words[0], words[1]);
        }
        return group;
    }
}
