using System.Text;

namespace AgentHost.Sql;

/// <summary>Names that PostgreSQL makes up (makeObjectName and ChooseRelationName, src/backend/commands/indexcmds.c).</summary>
internal static class ObjectNames
{
    /// <summary>NAMEDATALEN - 1: the most bytes of a name.</summary>
    private const int MaxBytes = 63;

    /// <summary>The first of <c>table_columns_label</c>, <c>table_columns_label1</c>, … that is not taken.</summary>
    public static string Choose(string table, IEnumerable<string> columns, string label, Func<string, bool> taken)
    {
        var addition = string.Join('_', Distinct(columns));
        for (var pass = 0; ; pass++)
        {
            var name = Make(table, addition, pass == 0 ? label : label + pass);
            if (!taken(name)) return name;
        }
    }

    /// <summary>The name of a column in an index's name: its own, its function's, or <c>expr</c>; a second one of the same name gets a number.</summary>
    private static IEnumerable<string> Distinct(IEnumerable<string> columns)
    {
        var seen = new HashSet<string>(StringComparer.Ordinal);
        foreach (var column in columns)
        {
            var name = column;
            for (var i = 1; !seen.Add(name); i++) name = column + i;
            yield return name;
        }
    }

    private static string Make(string table, string addition, string label)
    {
        var room = MaxBytes - label.Length - 1 - (addition.Length > 0 ? 1 : 0);
        var (first, second) = (Encoding.UTF8.GetByteCount(table), Encoding.UTF8.GetByteCount(addition));
        while (first + second > room)
        {
            if (first > second) first--;
            else second--;
        }
        return Cut(table, first) + (addition.Length > 0 ? "_" + Cut(addition, second) : "") + "_" + label;
    }

    /// <summary>As many whole characters as fit into so many bytes of UTF-8.</summary>
    private static string Cut(string name, int bytes)
    {
        var kept = new StringBuilder();
        foreach (var rune in name.EnumerateRunes())
        {
            if ((bytes -= rune.Utf8SequenceLength) < 0) break;
            kept.Append(rune);
        }
        return kept.ToString();
    }
}
