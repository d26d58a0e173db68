namespace AgentHost.Skills.ExplainPlan.Reading;

/// <summary>The lines of FORMAT TEXT that hold several figures, under the names that the other formats give them.</summary>
internal static class TextFigures
{
    /// <summary>The figures of a node's line: <c>(cost=0.00..1.01 rows=1 width=4) (actual time=0.01..0.02 rows=1 loops=1)</c>.</summary>
    /// <returns>Whether all brackets are closed; figures within an open one may be cut and are left out.</returns>
    public static bool OfNode(PlanGroup node, ReadOnlySpan<char> figures)
    {
        while (true)
        {
            var open = figures.IndexOf('(');
            if (open < 0)
                return true;
            var close = figures[open..].IndexOf(')');
            if (close < 0)
                return false;
            var group = figures[(open + 1)..(open + close)];
            figures = figures[(open + close + 1)..];
            if (group.StartsWith("cost=", StringComparison.Ordinal))
                Assignments(node, group, static key => key switch { "rows" => "Plan Rows", "width" => "Plan Width", _ => null }, "Startup Cost", "Total Cost");
            else if (group.StartsWith("actual ", StringComparison.Ordinal))
                Actual(node, group[7..]);
            else if (group.SequenceEqual("never executed"))
                Never(node);
        }
    }

    /// <summary>What ANALYZE measured, of a node or of one of its workers.</summary>
    public static void Actual(PlanGroup into, ReadOnlySpan<char> figures) =>
        Assignments(into, figures, static key => key switch { "rows" => "Actual Rows", "loops" => "Actual Loops", _ => null }, "Actual Startup Time", "Actual Total Time");

    private static void Never(PlanGroup node)
    {
        node.Add("Actual Rows", "0");
        node.Add("Actual Loops", "0");
    }

    /// <summary>Words <c>key=value</c>; a value <c>a..b</c> is a start and an end.</summary>
    private static void Assignments(PlanGroup into, ReadOnlySpan<char> text, Func<string, string?> name, string? start = null, string? end = null)
    {
        foreach (var range in text.Split(' '))
        {
            var word = text[range];
            var sign = word.IndexOf('=');
            if (sign <= 0)
                continue;
            var value = word[(sign + 1)..].TrimEnd(',');
            if (start is not null && value.IndexOf("..") is > 0 and var dots)
            {
                into.Add(start, value[..dots].ToString());
                into.Add(end!, value[(dots + 2)..].ToString());
            }
            else if (name(word[..sign].ToString()) is { } known)
            {
                into.Add(known, value.ToString());
            }
        }
    }

    /// <summary>Reads such a line into the node or worker; false where it is an ordinary property.</summary>
    public static bool Read(PlanGroup into, string? nodeType, string key, string value, string line)
    {
        switch (key)
        {
            case "Sort Method" or "Buckets" or "Planned Partitions" or "Batches" or "Peak Memory Usage" or "Memory Usage" or "Hits" or "Storage" or "Full-sort Groups" or "Pre-sorted Groups" or "Disk Usage" or "HashAgg Batches":
                Pairs(into, nodeType, line);
                return true;
            case "Heap Blocks":
                Assignments(into, value, static k => k switch { "exact" => "Exact Heap Blocks", "lossy" => "Lossy Heap Blocks", _ => null });
                return true;
            case "Buffers":
                Kinds(into, value, static (kind, word) => $"{kind ?? "Shared"} {word} Blocks");
                return true;
            case "I/O Timings":
                Kinds(into, value, static (kind, word) => $"{(kind is null ? "" : kind + " ")}I/O {word} Time");
                return true;
            case "WAL":
                Assignments(into, value.Replace("buffers full=", "full=", StringComparison.Ordinal), static k => k switch { "records" => "WAL Records", "fpi" => "WAL FPI", "bytes" => "WAL Bytes", "full" => "WAL Buffers Full", _ => null });
                return true;
            case "Tuples":
                Assignments(into, value, static k => k switch { "inserted" => "Tuples Inserted", "updated" => "Tuples Updated", "deleted" => "Tuples Deleted", "skipped" => "Tuples Skipped", _ => null });
                return true;
            case "Memory" when value.StartsWith("used=", StringComparison.Ordinal):
                Assignments(into, value.Replace("kB", "", StringComparison.Ordinal), static k => k switch { "used" => "Memory Used", "allocated" => "Memory Allocated", _ => null });
                return true;
            case "Sampling":
                Sampling(into, value);
                return true;
            default:
                return false;
        }
    }

    /// <summary><c>shared hit=1 read=2, temp written=3</c>: words under the kind that stands before them.</summary>
    private static void Kinds(PlanGroup into, string value, Func<string?, string, string> name)
    {
        string? kind = null;
        foreach (var word in value.Split(' ', StringSplitOptions.RemoveEmptyEntries))
        {
            var sign = word.IndexOf('=', StringComparison.Ordinal);
            if (sign > 0)
                into.Add(name(kind, char.ToUpperInvariant(word[0]) + word[1..sign]), word[(sign + 1)..].TrimEnd(','));
            else
                kind = word switch { "shared" => "Shared", "local" => "Local", "temp" => "Temp", _ => null };
        }
    }

    /// <summary>Pairs <c>Key: value</c> with two spaces between.</summary>
    private static void Pairs(PlanGroup into, string? nodeType, string line)
    {
        var group = into;
        foreach (var pair in line.Split("  ", StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
        {
            var colon = pair.IndexOf(':', StringComparison.Ordinal);
            if (colon <= 0)
                continue;
            var (key, value) = (pair[..colon], pair[(colon + 1)..].Trim());
            if (key is "Full-sort Groups" or "Pre-sorted Groups")
            {
                group = new PlanGroup();
                group.Add("Group Count", value);
                into.Add(key, group);
            }
            else if (group != into)
            {
                Groups(group, key, Kilobytes(value));
            }
            else
            {
                Pair(into, nodeType, key, value);
            }
        }
    }

    private static void Pair(PlanGroup into, string? nodeType, string key, string value)
    {
        if (key is "Memory" or "Disk")
        {
            into.Add("Sort Space Used", Kilobytes(value));
            into.Add("Sort Space Type", key);
            return;
        }
        var name = key switch
        {
            "Buckets" => "Hash Buckets",
            "Batches" => nodeType == "Hash" ? "Hash Batches" : "HashAgg Batches",
            "Memory Usage" => "Peak Memory Usage",
            "Hits" or "Misses" or "Evictions" or "Overflows" => "Cache " + key,
            _ => key,
        };
        var originally = value.IndexOf(" (originally ", StringComparison.Ordinal);
        var now = originally < 0 ? value : value[..originally];
        into.Add(name, Kilobytes(now));
        if (nodeType == "Hash" && name is "Hash Buckets" or "Hash Batches")
            into.Add("Original " + name, originally < 0 ? now : value[(originally + 13)..].TrimEnd(')'));
    }

    private static void Groups(PlanGroup group, string key, string value)
    {
        if (key is "Sort Method" or "Sort Methods")
        {
            foreach (var method in value.Split(", "))
                group.List("Sort Methods Used").Values.Add(new PlanScalar(method));
            return;
        }
        var space = key.EndsWith(" Disk", StringComparison.Ordinal) ? "Sort Space Disk" : "Sort Space Memory";
        if (group.Group(space) is not { } figures)
            group.Add(space, figures = new PlanGroup());
        figures.Add(key.StartsWith("Peak", StringComparison.Ordinal) ? "Peak Sort Space Used" : "Average Sort Space Used", value);
    }

    private static void Sampling(PlanGroup into, string value)
    {
        const string Repeatable = " REPEATABLE (";
        var seed = value.LastIndexOf(Repeatable, StringComparison.Ordinal);
        if (seed > 0)
            into.Add("Repeatable Seed", value[(seed + Repeatable.Length)..].TrimEnd(')'));
        var call = seed > 0 ? value[..seed] : value;
        var open = call.IndexOf(" (", StringComparison.Ordinal);
        into.Add("Sampling Method", open < 0 ? call : call[..open]);
        var parameters = into.List("Sampling Parameters");
        if (open > 0)
            parameters.Values.AddRange(TextLists.Split(call[(open + 2)..].TrimEnd(')')).Select(p => new PlanScalar(p)));
    }

    internal static string Kilobytes(string value) => value.EndsWith("kB", StringComparison.Ordinal) ? value[..^2] : value;
}
