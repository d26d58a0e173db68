using System.Text.RegularExpressions;
using AgentHost.Sql;

namespace AgentHost.Skills.ReviewMigration;

/// <summary>How a relation is called in messages and evidence: quoted where SQL needs it, with its schema unless that is public.</summary>
internal static class RelationNames
{
    /// <summary>The name to show for one that is resolved.</summary>
    public static string Shown(QualifiedName resolved) => SqlIdentifier.Quote(resolved.Schema is "public" ? resolved with { Schema = null } : resolved);

    /// <summary>As <see cref="Shown(QualifiedName)"/>, for the catalog's <c>schema.name</c>.</summary>
    public static string Shown(string catalogName) =>
        catalogName.Split('.', 2) is [var schema, var name] ? Shown(new QualifiedName(schema, name)) : SqlIdentifier.Quote(catalogName);

    /// <summary>A message with a relation called as it is called everywhere, in place of how the file wrote it.</summary>
    public static string InMessage(string message, QualifiedName written, QualifiedName resolved)
    {
        var (old, shown) = (SqlIdentifier.Quote(written), Shown(resolved));
        return old == shown
            ? message
            : Regex.Replace(message, $"""(?<![\w."]){Regex.Escape(old)}(?![\w"])""", shown.Replace("$", "$$", StringComparison.Ordinal), RegexOptions.None, TimeSpan.FromSeconds(1));
    }
}
