namespace AgentHost.Skills.ExplainPlan.Reading;

/// <summary>
/// Reads FORMAT TEXT line by line. The tree is in the indentation: a child's arrow stands six columns right of its parent's, the name of
/// an InitPlan, SubPlan or CTE where its arrow would stand, and what belongs to the whole statement below the first letter of the top node.
/// </summary>
internal sealed class TextPlans
{
    private readonly List<PlanGroup> statements = [];
    private readonly List<string> notes = [];
    private TextStatement? statement;
    private List<string>? query;
    private (string Title, int Column)? candidate;
    private (string Content, int Column)? broken;
    private bool heading;
    private int line;

    /// <summary>The plans in the text; null where no line looks like a node.</summary>
    public static PlansRead? Read(string text)
    {
        var reader = new TextPlans();
        foreach (var raw in text.AsSpan().EnumerateLines())
            reader.Take(raw);
        return reader.End();
    }

    private void Take(ReadOnlySpan<char> raw)
    {
        line++;
        var (column, content) = Measure(raw);
        if (content.Length == 0)
        {
            query?.Add("");
            return;
        }
        if (broken is { } wrapped)
        {
            // A node's line that an editor broke: its brackets are closed in the next one.
            broken = null;
            if (!content.StartsWith("->", StringComparison.Ordinal) && !TextStatement.IsProperty(content, out _, out _))
                (column, content) = (wrapped.Column, wrapped.Content + " " + content);
            else
                Node(wrapped.Content, wrapped.Column, whole: false);
        }
        if (IsBroken(content))
            broken = (content, column);
        else
            Line(content, column);
    }

    private void Line(string content, int column)
    {
        if (candidate is { } top)
        {
            candidate = null;
            // One bare word is a node only if what follows stands below it.
            if (column > top.Column && (content.StartsWith("->", StringComparison.Ordinal) || TextStatement.IsProperty(content, out _, out _) || TextStatement.IsPlanName(content)))
                Start(TextTitle.Read(top.Title, isNode: true)!, top.Column, line - 1);
        }
        var arrow = content.StartsWith("->", StringComparison.Ordinal);
        if (HasFigures(content) || (arrow && statement is not null))
            Node(content, column, whole: true);
        else if (statement?.Take(content, column, line) == true)
            return;
        else if (statement is null || column <= statement.Base)
            Outside(content, column);
    }

    /// <summary>A line that belongs to no plan, or is the top of one without figures (COSTS OFF).</summary>
    private void Outside(string content, int column)
    {
        if (query is not null)
        {
            if (!content.StartsWith("Query Parameters: ", StringComparison.Ordinal))
                query.Add(content);
        }
        else if (content.StartsWith("Query Text: ", StringComparison.Ordinal))
        {
            Finish();
            query = [content["Query Text: ".Length..]];
        }
        else if (content.TrimStart('-', '>', ' ') is { Length: > 0 } title && TextTitle.Read(title, isNode: false) is { } node)
        {
            if (heading || title.Contains(" on ", StringComparison.Ordinal))
                Start(node, column, line);
            else
                candidate = (title, column);
        }
        heading = content.Contains("QUERY PLAN", StringComparison.Ordinal);
    }

    private void Node(string content, int column, bool whole)
    {
        var arrow = content.StartsWith("->", StringComparison.Ordinal);
        var text = arrow ? content[2..].TrimStart() : content;
        var figures = Figures(text);
        var title = (figures < 0 ? text : text[..figures]).TrimEnd();
        // The log's own words may stand before a top node; nothing of it is a title.
        if (title.Length == 0 || TextTitle.Read(title, isNode: true) is not { } node)
            return;
        var closed = figures < 0 || TextFigures.OfNode(node, text.AsSpan(figures));
        if (arrow && statement is not null && statement.Child(node, column, line))
        {
            statement.Cut |= !whole || !closed;
            return;
        }
        if (!arrow && statement is not null && column > statement.Base + 1)
        {
            statement.Skipped++;
            return;
        }
        Start(node, column, line);
        statement!.Cut |= !whole || !closed;
        statement.Headless = arrow;
    }

    private void Start(PlanGroup node, int column, int at)
    {
        Finish();
        statement = new TextStatement(node, column, at);
        if (query is not null)
            statement.Group.Add("Query Text", string.Join('\n', query).TrimEnd());
        query = null;
    }

    private void Finish()
    {
        if (statement is null)
            return;
        if (statement.Headless)
            notes.Add($"The top of the plan is missing: it begins within, at line {statement.FirstLine}.");
        if (statement.Skipped > 0)
            notes.Add($"{statement.Skipped} {(statement.Skipped == 1 ? "line" : "lines")} within the plan could not be read and {(statement.Skipped == 1 ? "was" : "were")} left out.");
        statements.Add(statement.Finish());
        last = statement;
        statement = null;
    }

    private TextStatement? last;

    private PlansRead? End()
    {
        // Of a title without figures it is not known where it was cut: "Hash" may have been a Hash Join.
        if (broken is { } cut && Figures(cut.Content) < 0)
            statement!.Cut = true;
        else if (broken is { } within)
            Node(within.Content, within.Column, whole: false);
        if (candidate is { } alone && statements.Count == 0 && statement is null && heading)
            Start(TextTitle.Read(alone.Title, isNode: true)!, alone.Column, line);
        Finish();
        if (statements.Count == 0)
            return null;
        return new PlansRead(statements, last is { Cut: true } ? $"The plan is cut off at line {last.LastLine}." : null, notes);
    }

    /// <summary>Where the brackets with figures begin; -1 where there are none.</summary>
    private static int Figures(string text)
    {
        var at = -1;
        foreach (var sign in (ReadOnlySpan<string>)["(cost=", "(actual ", "(never executed"])
        {
            var found = text.IndexOf(sign, StringComparison.Ordinal);
            if (found >= 0 && (at < 0 || found < at))
                at = found;
        }
        return at;
    }

    private static bool HasFigures(string content)
    {
        var at = Figures(content);
        // A title stands before them, and no key with a colon: filters and log lines may quote a plan.
        return at > 0 && !TextStatement.IsProperty(content, out _, out _) && (content.StartsWith("->", StringComparison.Ordinal) || char.IsAsciiLetterUpper(content[0]));
    }

    /// <summary>A node's line whose figures are not closed, or are not there though others have some.</summary>
    private bool IsBroken(string content) =>
        HasFigures(content) ? content.LastIndexOf('(') > content.LastIndexOf(')')
            : statement is { HasFigures: true } && content.StartsWith("->", StringComparison.Ordinal);

    /// <summary>Indentation in columns (a tab goes to the next multiple of eight) and the text; a CSV field is freed of its quotes.</summary>
    private static (int Column, string Content) Measure(ReadOnlySpan<char> line)
    {
        var (column, start) = Indent(line);
        var content = line[start..].TrimEnd();
        if (content.Length < 2 || content[0] != '"' || content[^1] != '"' || content[^2] == ' ')
            return (column, content.ToString());
        var (inner, begin) = Indent(content[1..^1]);
        return (column + inner, content[(1 + begin)..^1].ToString().Replace("\"\"", "\"", StringComparison.Ordinal));
    }

    internal static (int Column, int Start) Indent(ReadOnlySpan<char> line)
    {
        const int Tab = 8;
        var column = 0;
        var i = 0;
        for (; i < line.Length && char.IsWhiteSpace(line[i]); i++)
            column = line[i] == '\t' ? column / Tab * Tab + Tab : column + 1;
        return (column, i);
    }
}
