namespace AgentHost.Skills.ExplainPlan.Reading;

/// <summary>Turns a node's title in FORMAT TEXT back into the properties it was made from (<c>ExplainNode</c> in PostgreSQL's explain.c).</summary>
internal static class TextTitle
{
    private static readonly HashSet<string> Plain =
    [
        "Result", "ProjectSet", "Append", "Merge Append", "Recursive Union", "BitmapAnd", "BitmapOr", "Nested Loop", "Hash Join", "Merge Join", "Gather", "Gather Merge", "Materialize", "Memoize",
        "Sort", "Incremental Sort", "Group", "WindowAgg", "Unique", "LockRows", "Limit", "Hash", "Named Tuplestore Scan",
        "Seq Scan", "Sample Scan", "Index Scan", "Index Only Scan", "Bitmap Index Scan", "Bitmap Heap Scan", "Tid Scan", "Tid Range Scan", "Subquery Scan", "Function Scan", "Table Function Scan",
        "Values Scan", "CTE Scan", "WorkTable Scan", "Foreign Scan", "Custom Scan",
    ];

    private static readonly Dictionary<string, string> Strategies = new(StringComparer.Ordinal)
    {
        ["Aggregate"] = "Plain", ["GroupAggregate"] = "Sorted", ["HashAggregate"] = "Hashed", ["MixedAggregate"] = "Mixed",
    };

    private static readonly string[] SetCommands = ["Intersect", "Intersect All", "Except", "Except All"];

    /// <summary>The node; null where the title is none that PostgreSQL prints and the line gives no other sign of being a node.</summary>
    /// <param name="title">The line without indentation, arrow and figures.</param>
    /// <param name="isNode">Whether figures or an arrow show that it is one, so that an unknown name (an extension's) is taken as it is.</param>
    public static PlanGroup? Read(string title, bool isNode)
    {
        var node = new PlanGroup();
        var parallel = Cut(ref title, "Parallel ");
        var asynchronous = Cut(ref title, "Async ");
        var (name, index, target) = Parts(title);
        if (!Name(node, name, ref target) && !isNode)
            return null;
        if (node.Text("Node Type") is not { Length: > 0 } type)
            return null;
        node.Add("Parallel Aware", parallel ? "true" : "false");
        if (asynchronous)
            node.Add("Async Capable", "true");
        if (type is "Index Scan" or "Index Only Scan")
            node.Add("Scan Direction", name.EndsWith(" Backward", StringComparison.Ordinal) ? "Backward" : "Forward");
        if (index is not null && Identifier(ref index) is { } used)
            node.Add("Index Name", used);
        return target is null || Target(node, type, target) || isNode ? node : null;
    }

    private static bool Cut(ref string title, string prefix)
    {
        if (!title.StartsWith(prefix, StringComparison.Ordinal))
            return false;
        title = title[prefix.Length..];
        return true;
    }

    /// <summary>Name, what stands behind " using " and what stands behind " on ".</summary>
    private static (string Name, string? Index, string? Target) Parts(string title)
    {
        string? index = null;
        string? target = null;
        var name = title;
        if (title.IndexOf(" using ", StringComparison.Ordinal) is > 0 and var at)
        {
            name = title[..at];
            index = title[(at + 7)..];
            var rest = index;
            if (Identifier(ref rest) is not null && rest.StartsWith(" on ", StringComparison.Ordinal))
                target = rest[4..];
        }
        else if (title.IndexOf(" on ", StringComparison.Ordinal) is > 0 and var on)
        {
            name = title[..on];
            target = title[(on + 4)..];
        }
        return (name, index, target);
    }

    /// <summary>The properties that the name itself tells; false for a name that explain.c does not have.</summary>
    private static bool Name(PlanGroup node, string name, ref string? target)
    {
        var bare = name.EndsWith(" Backward", StringComparison.Ordinal) ? name[..^9] : name;
        if (Plain.Contains(bare))
        {
            node.Add("Node Type", bare);
            if (bare is "Hash Join" or "Merge Join" or "Nested Loop")
                node.Add("Join Type", "Inner");
            return true;
        }
        if (bare.EndsWith(" Join", StringComparison.Ordinal))
        {
            foreach (var (prefix, join) in (ReadOnlySpan<(string, string)>)[("Nested Loop ", "Nested Loop"), ("Hash ", "Hash Join"), ("Merge ", "Merge Join")])
            {
                if (!bare.StartsWith(prefix, StringComparison.Ordinal) || bare.Length < prefix.Length + 6)
                    continue;
                node.Add("Node Type", join);
                node.Add("Join Type", bare[prefix.Length..^5]);
                return true;
            }
        }
        if (Modifies(node, bare, target) || Aggregates(node, bare) || SetOperates(node, bare))
            return true;
        if (bare.StartsWith("Custom Scan (", StringComparison.Ordinal) && bare.EndsWith(')'))
        {
            node.Add("Node Type", "Custom Scan");
            node.Add("Custom Plan Provider", bare[13..^1]);
            return true;
        }
        node.Add("Node Type", bare);
        return false;
    }

    private static bool Modifies(PlanGroup node, string name, string? target)
    {
        if (name is "Insert" or "Update" or "Delete" or "Merge" && target is not null)
        {
            node.Add("Node Type", "ModifyTable");
            node.Add("Operation", name);
            return true;
        }
        if (name is not ("Foreign Insert" or "Foreign Update" or "Foreign Delete"))
            return false;
        node.Add("Node Type", "Foreign Scan");
        node.Add("Operation", name[8..]);
        return true;
    }

    private static bool Aggregates(PlanGroup node, string name)
    {
        var mode = name.StartsWith("Partial ", StringComparison.Ordinal) ? "Partial" : name.StartsWith("Finalize ", StringComparison.Ordinal) ? "Finalize" : "Simple";
        if (!Strategies.TryGetValue(mode == "Simple" ? name : name[(mode.Length + 1)..], out var strategy))
            return false;
        node.Add("Node Type", "Aggregate");
        node.Add("Strategy", strategy);
        node.Add("Partial Mode", mode);
        return true;
    }

    private static bool SetOperates(PlanGroup node, string name)
    {
        var hashed = name.StartsWith("HashSetOp", StringComparison.Ordinal);
        if (!hashed && !name.StartsWith("SetOp", StringComparison.Ordinal))
            return false;
        var command = name[(hashed ? 9 : 5)..].TrimStart();
        if (command.Length > 0 && !SetCommands.Contains(command))
            return false;
        node.Add("Node Type", "SetOp");
        node.Add("Strategy", hashed ? "Hashed" : "Sorted");
        if (command.Length > 0)
            node.Add("Command", command);
        return true;
    }

    /// <summary>What is scanned or changed; false where more stands there than a name and an alias.</summary>
    private static bool Target(PlanGroup node, string type, string target)
    {
        var rest = target;
        if (Identifier(ref rest) is not { } first)
            return false;
        string? schema = null;
        if (rest.StartsWith('.'))
        {
            schema = first;
            rest = rest[1..];
            if (Identifier(ref rest) is not { } second)
                return false;
            first = second;
        }
        string? alias = null;
        if (rest.StartsWith(' '))
        {
            rest = rest[1..];
            alias = Identifier(ref rest);
        }
        if (type == "Bitmap Index Scan")
        {
            node.Add("Index Name", first);
            return rest.Length == 0;
        }
        var tag = type switch
        {
            "Function Scan" => "Function Name",
            "Table Function Scan" => "Table Function Name",
            "CTE Scan" or "WorkTable Scan" => "CTE Name",
            "Values Scan" or "Subquery Scan" => null,
            _ => "Relation Name",
        };
        if (tag is not null)
            node.Add(tag, first);
        if (schema is not null)
            node.Add("Schema", schema);
        node.Add("Alias", alias ?? first);
        return rest.Length == 0;
    }

    /// <summary>Takes a name off the front, without its quotes.</summary>
    internal static string? Identifier(ref string text)
    {
        if (text.StartsWith('"'))
        {
            for (var i = 1; i < text.Length; i++)
            {
                if (text[i] != '"')
                    continue;
                if (i + 1 < text.Length && text[i + 1] == '"')
                {
                    i++;
                    continue;
                }
                var name = text[1..i].Replace("\"\"", "\"", StringComparison.Ordinal);
                text = text[(i + 1)..];
                return name;
            }
            return null;
        }
        var end = text.AsSpan().IndexOfAny(' ', '.');
        if (end < 0)
            end = text.Length;
        if (end == 0)
            return null;
        var bare = text[..end];
        text = text[end..];
        return bare;
    }
}
