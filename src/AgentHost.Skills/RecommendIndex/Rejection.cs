using System.Collections.Immutable;
using System.Globalization;
using System.Text.RegularExpressions;
using AgentHost.Knowledge.Memory;

namespace AgentHost.Skills.RecommendIndex;

/// <summary>An index that a decision in force does not want: <c>public.orders (customer_id); cost 812 -> 9.1; rows 1200000; bytes 22020096</c>.</summary>
/// <param name="Decision">The decision.</param>
/// <param name="Table">The table, qualified, unquoted.</param>
/// <param name="Method">The access method, as <c>btree</c>.</param>
/// <param name="Columns">Keys in their order, unquoted, without direction.</param>
/// <param name="Figures">What was known then.</param>
internal sealed partial record Rejection(MemoryEntry Decision, string Table, string Method, ImmutableArray<string> Columns, RejectedFigures Figures)
{
    /// <summary>The index as the decision writes it; a choice against the rejection names it by the same words.</summary>
    public required string Written { get; init; }

    /// <summary>Reads a line of a decision; null where it is none about an index, with the reason where it seems to be meant as one.</summary>
    public static (Rejection? Rejection, string? Problem) Read(MemoryEntry decision, string line)
    {
        var parts = line.Split(';', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
        if (parts.Length == 0 || Index().Match(parts[0]) is not { Success: true } match)
            return (null, "it is not a table with its columns");
        ImmutableArray<string> columns = [.. Keys(match.Groups["keys"].Value).Select(Plain)];
        if (columns.Any(column => column.Length == 0))
            return (null, "a column is missing");
        var figures = new RejectedFigures(null, null, null, null);
        foreach (var part in parts.Skip(1))
        {
            if (Cost().Match(part) is { Success: true } cost)
                figures = figures with { Before = Number(cost.Groups["before"]), After = Number(cost.Groups["after"]) };
            else if (Count().Match(part) is { Success: true } count)
                figures = count.Groups["what"].Value.Equals("rows", StringComparison.OrdinalIgnoreCase) ? figures with { Rows = Number(count.Groups["value"]) } : figures with { Bytes = Number(count.Groups["value"]) };
            else if (Meant().IsMatch(part))
                return (null, $"'{part}' is no figure");
        }
        var table = string.Join('.', match.Groups["table"].Value.Split('.').Select(Plain));
        return (new Rejection(decision, table.Contains('.', StringComparison.Ordinal) ? table : $"public.{table}",
            match.Groups["method"].Success ? match.Groups["method"].Value.ToLowerInvariant() : "btree", columns, figures) { Written = parts[0] }, null);
    }

    /// <summary>Whether it is about this index: the same table, and the same keys in the same order, but for those compared with = whose order is free.</summary>
    public bool Covers(IndexCandidate index)
    {
        if (Method != index.Method || Table != index.Table.Name.ToString() || Columns.Length != index.Keys.Length)
            return false;
        var keys = index.Keys.Select(key => Plain(key.Column)).ToList();
        var free = index.EqualityKeys;
        return keys.Take(free).ToHashSet(StringComparer.Ordinal).SetEquals(Columns.Take(free)) && keys.Skip(free).SequenceEqual(Columns.Skip(free), StringComparer.Ordinal);
    }

    /// <summary>How an index is written in such a line.</summary>
    public static string Line(IndexCandidate index, IndexFigures figures) => $"{Name(index)}; {figures}";

    /// <summary>An index by its table and keys: <c>public.orders (customer_id, created_at)</c>.</summary>
    public static string Name(IndexCandidate index) => $"{index.Table.Name}{(index.IsBtree ? "" : " USING " + index.Method)} ({string.Join(", ", index.Keys.Select(key => key.Column))})";

    private static double Number(Group group) => double.Parse(group.Value.Replace(",", "", StringComparison.Ordinal).Replace("_", "", StringComparison.Ordinal), CultureInfo.InvariantCulture);

    private static IEnumerable<string> Keys(string list)
    {
        var (depth, start) = (0, 0);
        for (var i = 0; i < list.Length; i++)
        {
            depth += list[i] switch { '(' => 1, ')' => -1, _ => 0 };
            if (list[i] != ',' || depth > 0)
                continue;
            yield return list[start..i];
            start = i + 1;
        }
        yield return list[start..];
    }

    // Unquoted words fold to lower case; a direction, an operator class and parentheses around an expression say nothing of which index it is.
    private static string Plain(string key)
    {
        var text = Direction().Replace(key.Trim(), "").Trim();
        while (text.StartsWith('(') && text.EndsWith(')'))
            text = text[1..^1].Trim();
        return text.StartsWith('"') && text.EndsWith('"') && text.Length > 2 ? text[1..^1].Replace("\"\"", "\"", StringComparison.Ordinal) : text.ToLowerInvariant();
    }

    [GeneratedRegex("""^(?:(?:create\s+)?(?:index\s+)?(?:on\s+)?)(?<table>(?:"[^"]+"|[\w$]+)(?:\.(?:"[^"]+"|[\w$]+))?)\s*(?:using\s+(?<method>\w+)\s*)?\((?<keys>.+?)\)(?:\s+where\s.*)?$""", RegexOptions.IgnoreCase | RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Index();

    [GeneratedRegex(@"^cost\s+(?<before>[\d][\d,_]*(\.\d+)?)\s*(->|→|to)\s*(?<after>[\d][\d,_]*(\.\d+)?)$", RegexOptions.IgnoreCase | RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Cost();

    [GeneratedRegex(@"^(?<what>rows|bytes)\s+(?<value>\d[\d,_]*(\.\d+)?)$", RegexOptions.IgnoreCase | RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Count();

    [GeneratedRegex(@"^(cost|rows|bytes)\b", RegexOptions.IgnoreCase | RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Meant();

    [GeneratedRegex(@"(\s+\w+_ops)?(\s+(asc|desc))?(\s+nulls\s+(first|last))?$", RegexOptions.IgnoreCase | RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Direction();
}
