using System.Collections.Frozen;

namespace AgentHost.Sql;

/// <summary>Writes names so that PostgreSQL reads them back as they are.</summary>
public static class SqlIdentifier
{
    /// <summary>
    /// The keywords of PostgreSQL 17 that cannot stand for every kind of name without quotes: all that its list
    /// (src/include/parser/kwlist.h) does not call unreserved.
    /// </summary>
    private static readonly FrozenSet<string> Keywords =
        """
            all analyse analyze and any array as asc asymmetric authorization between bigint binary bit boolean both case cast
            char character check coalesce collate collation column concurrently constraint create cross current_catalog
            current_date current_role current_schema current_time current_timestamp current_user dec decimal default deferrable
            desc distinct do else end except exists extract false fetch float for foreign freeze from full grant greatest group
            grouping having ilike in initially inner inout int integer intersect interval into is isnull join json json_array
            json_arrayagg json_exists json_object json_objectagg json_query json_scalar json_serialize json_table json_value
            lateral leading least left like limit localtime localtimestamp merge_action national natural nchar none normalize not
            notnull null nullif numeric offset on only or order out outer overlaps overlay placing position precision primary real
            references returning right row select session_user setof similar smallint some substring symmetric system_user table
            tablesample then time timestamp to trailing treat trim true union unique user using values varchar variadic verbose
            when where window with xmlattributes xmlconcat xmlelement xmlexists xmlforest xmlnamespaces xmlparse xmlpi xmlroot
            xmlserialize xmltable
            """.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries).ToFrozenSet(StringComparer.Ordinal);

    /// <summary>
    /// The name, in quotes where it needs them, as <c>quote_ident</c> does: <c>users</c>, <c>"order"</c>, <c>"Müller"</c>, <c>"a""b"</c>.
    /// </summary>
    /// <exception cref="ArgumentException">The name is empty or holds a NUL, so that no quoting makes it one.</exception>
    public static string Quote(string name)
    {
        if (name.Length == 0) throw new ArgumentException("A name cannot be empty.", nameof(name));
        if (name.Contains('\0')) throw new ArgumentException("A name cannot hold a NUL character.", nameof(name));
        return IsPlain(name) && !Keywords.Contains(name) ? name : $"\"{name.Replace("\"", "\"\"")}\"";
    }

    /// <summary>The name with its schema, where it has one, each part in quotes where it needs them.</summary>
    /// <exception cref="ArgumentException">As for <see cref="Quote(string)"/>.</exception>
    public static string Quote(QualifiedName name) => name.Schema is null ? Quote(name.Name) : $"{Quote(name.Schema)}.{Quote(name.Name)}";

    private static bool IsPlain(string name)
    {
        if (!char.IsAsciiLetterLower(name[0]) && name[0] != '_') return false;
        foreach (var c in name)
            if (!char.IsAsciiLetterLower(c) && !char.IsAsciiDigit(c) && c != '_')
                return false;
        return true;
    }
}
