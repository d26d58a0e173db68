using AgentHost.Sql.Syntax;

namespace AgentHost.Skills.RecommendIndex.Rewrites;

/// <summary>Whether a query level gives a row for several: aggregates and windows, by PostgreSQL's own names (manual, 9.21).</summary>
internal static class Aggregates
{
    private static readonly HashSet<string> Names = new(StringComparer.Ordinal)
    {
        "count", "sum", "avg", "min", "max", "array_agg", "string_agg", "bool_and", "bool_or", "every", "json_agg", "jsonb_agg", "json_object_agg", "jsonb_object_agg", "bit_and", "bit_or", "bit_xor",
        "range_agg", "range_intersect_agg", "xmlagg", "any_value", "stddev", "stddev_pop", "stddev_samp", "variance", "var_pop", "var_samp", "corr", "covar_pop", "covar_samp", "percentile_cont",
        "percentile_disc", "mode",
    };

    public static bool In(SelectSyntax level) => !level.GroupBy.IsEmpty || level.Having is not null || level.Targets.SelectMany(t => t.Value.All()).Any(Is);

    // A call with FILTER, OVER or DISTINCT is one whatever its name.
    public static bool Is(SyntaxNode node) => node.Kind == NodeKind.Call && (node.IsModified || node.IsOverStar || Names.Contains(node.Name));
}
