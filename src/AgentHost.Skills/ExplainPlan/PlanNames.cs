using AgentHost.Sql;

namespace AgentHost.Skills.ExplainPlan;

/// <summary>Names as SQL needs them. Conditions come quoted from EXPLAIN, relations do not.</summary>
internal static class PlanNames
{
    public static string Table(PlanNode node) => node.Schema is { } schema and not "public"
        ? SqlIdentifier.Quote(schema) + "." + SqlIdentifier.Quote(node.Relation ?? "")
        : SqlIdentifier.Quote(node.Relation ?? "");

    /// <summary>The statement that builds an index on those key columns or expressions without blocking writes.</summary>
    public static string CreateIndex(PlanNode node, IEnumerable<string> keys) =>
        $"CREATE INDEX CONCURRENTLY ON {Table(node)} ({string.Join(", ", keys)})";

    /// <summary>Key columns for a filter: those compared with = first, then one that is bounded, as a B-tree wants them.</summary>
    public static IReadOnlyList<string> Keys(IEnumerable<FilterClause> clauses)
    {
        const int MostColumns = 3;
        var usable = clauses.ToList();
        return
        [
            .. usable.Where(c => c.Kind == ClauseKind.Equality).Select(c => c.Subject)
                .Concat(usable.Where(c => c.Kind == ClauseKind.Range).Select(c => c.Subject).Take(1))
                .Where(s => s.Length > 0)
                .Distinct(StringComparer.Ordinal).Take(MostColumns),
        ];
    }

    public static string Shorten(string text, int length = 120) => text.Length <= length ? text : text[..(length - 1)] + "…";
}
