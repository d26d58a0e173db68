using System.Security.Cryptography;
using System.Text;
using AgentHost.Skills.DesignSchema.Model;

namespace AgentHost.Skills.DesignSchema.Physical;

/// <summary>Gives names to constraints and indexes: readable, unique in the schema, never cut by PostgreSQL's 63 bytes.</summary>
internal sealed class ObjectNames
{
    private readonly HashSet<string> taken = new(StringComparer.Ordinal);

    /// <summary>Keeps a name that is already decided (a table's) from being given again; false where it is taken.</summary>
    public bool Reserve(string name) => taken.Add(name);

    /// <summary><c>table_column_suffix</c>; where that is too long or taken, shortened with a hash of the whole.</summary>
    public string Make(string table, IEnumerable<string> columns, string suffix)
    {
        var full = string.Join('_', [table, .. columns, suffix]);
        var name = Fit(full, suffix);
        for (var n = 2; !taken.Add(name); n++)
            name = Fit($"{full}#{n}", suffix, always: true);
        return name;
    }

    /// <summary>A column's name of at most 63 bytes: <c>role_id</c>, shortened with a hash where the role is long.</summary>
    public static string KeyColumn(string role) => Fit($"{role}_id", "id");

    /// <summary>A lookup table's name, of at most 63 bytes.</summary>
    public static string LookupTable(string owner, string values) => Fit($"{owner}_{values}", "values");

    /// <summary>The name PostgreSQL gives an identity column's sequence where the table's name leaves room for it.</summary>
    public static string SequenceOf(string table) => $"{table}_id_seq";

    private static string Fit(string full, string suffix, bool always = false)
    {
        if (!always && Encoding.UTF8.GetByteCount(full) <= Names.MaxBytes)
            return full;
        var hash = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(full)))[..8];
        var tail = $"_{hash}_{suffix}";
        var head = new StringBuilder();
        var room = Names.MaxBytes - tail.Length;
        foreach (var rune in full[..Math.Max(0, full.Length - suffix.Length - 1)].EnumerateRunes())
        {
            if ((room -= rune.Utf8SequenceLength) < 0 || rune.Value == '#')
                break;
            head.Append(rune.ToString());
        }
        return head.ToString().TrimEnd('_') + tail;
    }
}
