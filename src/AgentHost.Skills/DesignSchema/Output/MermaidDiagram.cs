using System.Globalization;
using System.Text;
using AgentHost.Skills.DesignSchema.Physical;

namespace AgentHost.Skills.DesignSchema.Output;

/// <summary>Draws a schema as a Mermaid <c>erDiagram</c> (mermaid.js.org/syntax/entityRelationshipDiagram).</summary>
internal static class MermaidDiagram
{
    public static string Draw(PhysicalSchema schema)
    {
        var text = new StringBuilder("erDiagram\n");
        foreach (var table in schema.Tables)
        {
            text.Append(CultureInfo.InvariantCulture, $"    {Entity(table.Name)} {{\n");
            var words = new HashSet<string>(table.Columns.Select(c => c.Name).Where(IsWord), StringComparer.Ordinal);
            foreach (var column in table.Columns)
                text.Append(CultureInfo.InvariantCulture, $"        {Type(column.SqlType)} {Word(column.Name, words)}{Keys(table, column)}{Comment(column)}\n");
            text.Append("    }\n");
        }
        foreach (var table in schema.Tables)
        {
            foreach (var key in table.ForeignKeys)
                text.Append(CultureInfo.InvariantCulture, $"    {Entity(key.References)} {Cardinality(table, key)} {Entity(table.Name)} : \"{Label(key)}\"\n");
        }
        return text.ToString();
    }

    /// <summary>The parent is exactly one, or zero or one where the key may be null; the child is many, or at most one where the key is unique.</summary>
    private static string Cardinality(Table table, ForeignKey key) =>
        (table.Columns.First(c => c.Name == key.OwnColumn).IsNullable ? "|o" : "||") + "--" + (key.IsOneToOne ? "o|" : "o{");

    private static string Keys(Table table, Column column)
    {
        var keys = new List<string>(3);
        if (table.PrimaryKey.Columns.Contains(column.Name))
            keys.Add("PK");
        if (table.ForeignKeys.Any(k => k.OwnColumn == column.Name))
            keys.Add("FK");
        if (table.Uniques.Select(u => u.Columns.AsEnumerable()).Concat(table.Indexes.Where(i => i.IsUnique && i.WhereNull.IsEmpty).Select(i => i.Columns.Select(c => c.Name)))
            .Any(u => u.Where(c => c != table.TenantColumn).SequenceEqual([column.Name])) && !keys.Contains("PK"))
            keys.Add("UK");
        return keys.Count == 0 ? "" : " " + string.Join(", ", keys);
    }

    private static string Label(ForeignKey key) =>
        (key.Label ?? (key.OwnColumn.EndsWith("_id", StringComparison.Ordinal) ? key.OwnColumn[..^3] : key.OwnColumn)).ReplaceLineEndings(" ").Replace('"', '\'');

    /// <summary>A quoted name stands for itself, whatever letters it has, and cannot be taken for a keyword.</summary>
    private static string Entity(string name) => $"\"{name}\"";

    /// <summary>Mermaid's attribute types have no spaces and no comma; the precision stays in the DDL.</summary>
    private static string Type(string sqlType) => sqlType.Split('(')[0].Replace(' ', '_');

    private static bool IsWord(string name) => name.All(char.IsAscii);

    /// <summary>
    /// Not every Mermaid takes other letters than ASCII's for an attribute: such a name is drawn without its accents (a letter that has no such form as a
    /// number), once in the table, and stands as it is in the comment.
    /// </summary>
    private static string Word(string name, HashSet<string> taken)
    {
        if (IsWord(name))
            return name;
        var plain = string.Concat(name.EnumerateRunes().Select(r => r.IsAscii ? r.ToString() : Plain(r)));
        var word = plain;
        for (var n = 2; !taken.Add(word); n++)
            word = $"{plain}_{n.ToString(CultureInfo.InvariantCulture)}";
        return word;
    }

    private static string Plain(Rune rune)
    {
        var i = rune.IsBmp ? Accented.IndexOf((char)rune.Value, StringComparison.Ordinal) : -1;
        return i >= 0 ? Unaccented[i].ToString() : rune.Value switch { 'ß' => "ss", 'æ' => "ae", 'œ' => "oe", 'þ' => "th", _ => $"u{rune.Value:x4}" };
    }

    private const string Accented = "àáâãäåāăąçćčďđèéêëēęěìíîïīıłľñńňòóôõöøőōŕřśšşţťùúûüůűūýÿźżžğ";
    private const string Unaccented = "aaaaaaaaacccddeeeeeeeiiiiiillnnnoooooooorrsssttuuuuuuuyyzzzg";

    private static string Comment(Column column)
    {
        string?[] notes = [IsWord(column.Name) ? null : column.Name, column.IsNullable ? "nullable" : null];
        var said = string.Join(", ", notes.OfType<string>());
        return said.Length == 0 ? "" : $" \"{said}\"";
    }
}
