using System.Text;

namespace AgentHost.Skills.ExplainPlan.Reading;

/// <summary>One statement's plan while its lines come in.</summary>
internal sealed class TextStatement
{
    private readonly Stack<Open> open = new();
    private readonly List<PlanGroup> nodes = [];
    private readonly Dictionary<PlanGroup, int> inputs = [];
    private (string Name, int Column)? planName;
    private PlanGroup? part;
    private (PlanGroup Group, int Column)? worker;
    private Value? value;
    private int pending;

    /// <param name="Node">A node.</param>
    /// <param name="Column">Where its arrow stands; of a named plan where its name stands, since its siblings are there.</param>
    private sealed record Open(PlanGroup Node, int Column);

    /// <summary>A property whose literal is not closed yet.</summary>
    private sealed record Value(PlanGroup Owner, string Key, StringBuilder Text, char? Quote, int Column);

    public TextStatement(PlanGroup top, int column, int line)
    {
        const int FromTopToArrow = 4;
        Base = column;
        FirstLine = LastLine = line;
        Group.Add("Plan", top);
        nodes.Add(top);
        // As if it had an arrow: its children's stand two columns right of its first letter.
        open.Push(new Open(top, column - FromTopToArrow));
    }

    public PlanGroup Group { get; } = new();

    /// <summary>The column of the top node's first letter.</summary>
    public int Base { get; }

    /// <summary>Whether nodes tell costs or what was measured.</summary>
    public bool HasFigures => nodes[0]["Total Cost"] is not null || nodes[0]["Actual Loops"] is not null;

    public int FirstLine { get; }

    public int LastLine { get; private set; }

    public bool Headless { get; set; }

    public bool Cut { get; set; }

    /// <summary>Lines between others of the plan that could not be read.</summary>
    public int Skipped { get; set; }

    private PlanGroup Current => open.Peek().Node;

    /// <summary>Adds a node; false where it cannot be below the top node.</summary>
    public bool Child(PlanGroup node, int column, int line)
    {
        var at = planName is { } named && named.Column < column ? named.Column : column;
        if (at <= Base && Headless)
            return false;
        if (at <= Base)
            throw new SkillInputException($"The plan's indentation was lost (line {line}), and with it the order of its nodes. Paste it as it came, in a code block, or give EXPLAIN (ANALYZE, BUFFERS, FORMAT JSON).");
        CloseValue();
        Seen(line);
        while (open.Count > 1 && open.Peek().Column >= at)
            open.Pop();
        var parent = open.Peek().Node;
        if (planName is { } plan)
        {
            node.Add("Parent Relationship", plan.Name.StartsWith("SubPlan", StringComparison.Ordinal) ? "SubPlan" : "InitPlan");
            node.Add("Subplan Name", plan.Name);
        }
        else
        {
            inputs[parent] = inputs.GetValueOrDefault(parent) + 1;
            node.Add("Parent Relationship", Relationship(parent.Text("Node Type")!, inputs[parent]));
        }
        planName = null;
        worker = null;
        part = null;
        parent.List("Plans").Values.Add(node);
        nodes.Add(node);
        open.Push(new Open(node, at));
        if (open.Count > PlanReader.MaxDepth)
            throw new SkillInputException(PlansRead.TooDeep);
        return true;
    }

    private static string Relationship(string parent, int input) => parent switch
    {
        "Append" or "Merge Append" or "BitmapAnd" or "BitmapOr" => "Member",
        "Subquery Scan" => "Subquery",
        "Custom Scan" => "child",
        "ModifyTable" when input > 1 => "Member",
        _ => input == 1 ? "Outer" : "Inner",
    };

    /// <summary>Takes a line that is no node; false where it belongs to no plan.</summary>
    public bool Take(string content, int column, int line)
    {
        if (column <= Base + 1 && TextSummary.Read(Group, content, ref part))
        {
            CloseValue();
            Seen(line);
            return true;
        }
        if (value is { } literal && (column < literal.Column || !IsProperty(content, out _, out _)))
        {
            literal.Text.Append('\n').Append(' ', Math.Max(0, column - Base)).Append(content);
            value = literal with { Quote = TextLists.OpenQuote(content, literal.Quote) };
            if (value.Quote is null)
                CloseValue();
            LastLine = line;
            return true;
        }
        if (column <= Base)
            return false;
        if (IsProperty(content, out var key, out var text))
        {
            Seen(line);
            if (part is not null)
                TextSummary.ReadPart(part, key, text, content);
            else
                Property(key, text, content, column);
        }
        else if (IsPlanName(content))
        {
            planName = (content, column);
        }
        else if (!IsTarget(content))
        {
            pending++;
        }
        return true;
    }

    private void Property(string key, string text, string content, int column)
    {
        CloseValue();
        if (key.StartsWith("Worker ", StringComparison.Ordinal) && int.TryParse(key.AsSpan(7), out var number))
        {
            worker = (new PlanGroup(), column);
            worker.Value.Group.Add("Worker Number", number.ToString(System.Globalization.CultureInfo.InvariantCulture));
            Current.List("Workers").Values.Add(worker.Value.Group);
            if (text.StartsWith("actual ", StringComparison.Ordinal))
                TextFigures.Actual(worker.Value.Group, text.AsSpan(7));
            else if (IsProperty(text, out var first, out var rest))
                _ = TextFigures.Read(worker.Value.Group, Current.Text("Node Type"), first, rest, text);
            return;
        }
        if (worker is { } inner && column > inner.Column)
        {
            _ = TextFigures.Read(inner.Group, Current.Text("Node Type"), key, text, content);
            return;
        }
        worker = null;
        if (TextFigures.Read(Current, Current.Text("Node Type"), key, text, content) || IsGroupingSet(key, text))
            return;
        value = new Value(Current, key, new StringBuilder(text), TextLists.OpenQuote(text, null), column);
        if (value.Quote is null)
            CloseValue();
    }

    private void CloseValue()
    {
        if (value is not { } done)
            return;
        value = null;
        var text = done.Text.ToString();
        if (!TextLists.IsList(done.Key))
        {
            done.Owner.Add(done.Key, text);
            return;
        }
        var list = new PlanList();
        list.Values.AddRange(TextLists.Split(text).Select(item => new PlanScalar(item)));
        done.Owner.Add(done.Key, list);
    }

    /// <summary>Several groupings in one aggregate have a line each, and in the other formats a list of their own.</summary>
    private bool IsGroupingSet(string key, string text)
    {
        if (Current.Text("Node Type") != "Aggregate" || key is not ("Group Key" or "Hash Key" or "Sort Key"))
            return false;
        if (key == "Group Key" && text != "()" && Current["Group Key"] is null && Current["Grouping Sets"] is null)
            return false;
        var sets = Current.List("Grouping Sets");
        if (Current["Group Key"] is { } first)
        {
            Current.Remove("Group Key");
            var earlier = new PlanGroup();
            earlier.Add("Group Key", first);
            sets.Values.Add(earlier);
        }
        var set = new PlanGroup();
        set.Add(key, text);
        sets.Values.Add(set);
        return true;
    }

    /// <summary>The tables of a ModifyTable that changes several.</summary>
    private bool IsTarget(string content)
    {
        if (Current.Text("Node Type") != "ModifyTable" || TextTitle.Read(content, isNode: false) is not { } target)
            return false;
        target.Remove("Node Type");
        target.Remove("Parallel Aware");
        Current.List("Target Tables").Values.Add(target);
        return true;
    }

    private void Seen(int line)
    {
        // Lines that could not be read count only where the plan goes on behind them.
        Skipped += pending;
        pending = 0;
        LastLine = line;
    }

    /// <summary>Completes what FORMAT TEXT leaves out because it is nothing.</summary>
    public PlanGroup Finish()
    {
        CloseValue();
        var timed = nodes.Exists(n => n["Actual Total Time"] is not null);
        var buffers = nodes.Exists(n => n["Shared Hit Blocks"] is not null || n["Shared Read Blocks"] is not null || n["Temp Read Blocks"] is not null || n["Local Hit Blocks"] is not null)
            || Group.Group("Planning")?["Shared Hit Blocks"] is not null;
        foreach (var node in nodes)
        {
            if (timed && node.Text("Actual Loops") == "0")
            {
                node.Add("Actual Startup Time", "0");
                node.Add("Actual Total Time", "0");
            }
            if (buffers)
                node.Add("Shared Hit Blocks", "0");
            Cut |= PlanInputs.Missing(node);
        }
        return Group;
    }

    /// <summary>A line <c>Key: value</c> as EXPLAIN writes it.</summary>
    public static bool IsProperty(string content, out string key, out string text)
    {
        const int LongestKey = 60;
        key = text = "";
        var colon = content.IndexOf(':', StringComparison.Ordinal);
        if (colon <= 0 || colon > LongestKey || (colon + 1 < content.Length && content[colon + 1] != ' ') || !char.IsAsciiLetterUpper(content[0]))
            return false;
        if (content.AsSpan(0, colon).IndexOfAnyExcept(KeyCharacters) >= 0)
            return false;
        key = content[..colon];
        text = content[(colon + 1)..].Trim();
        return true;
    }

    /// <summary>The name of a plan that stands on the line above its arrow.</summary>
    public static bool IsPlanName(string content) =>
        (content.StartsWith("InitPlan ", StringComparison.Ordinal) || content.StartsWith("SubPlan ", StringComparison.Ordinal) || content.StartsWith("CTE ", StringComparison.Ordinal))
        && !content.StartsWith("CTE Scan on ", StringComparison.Ordinal);

    private static readonly System.Buffers.SearchValues<char> KeyCharacters =
        System.Buffers.SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789 /-_.");
}
