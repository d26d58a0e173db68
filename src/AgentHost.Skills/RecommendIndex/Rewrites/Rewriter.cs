using System.Collections.Immutable;
using AgentHost.Postgres.Catalog;
using AgentHost.Skills.RecommendIndex.Workloads;
using AgentHost.Sql;
using AgentHost.Sql.Queries;
using AgentHost.Sql.Syntax;

namespace AgentHost.Skills.RecommendIndex.Rewrites;

/// <summary>Finds the queries of a workload that want to be written differently. Each is judged by itself; one that does not parse is passed over.</summary>
public static class Rewriter
{
    private static readonly ImmutableArray<Func<RewriteCase, IEnumerable<QueryRewrite>>> Rules =
    [
        LargeOffset.Find, SubqueryMembership.Find, WrappedColumns.Find, OrAcrossTables.Find, MissingJoin.Find, DistinctFanOut.Find, RandomOrder.Find, FunctionJoin.Find, CountForExistence.Find,
    ];

    /// <summary>The rewrites, in the workload's order; none for a query that is well as it is.</summary>
    public static ImmutableArray<QueryRewrite> Of(ImmutableArray<WeightedQuery> queries, CatalogSnapshot snapshot) => Of(queries, SchemaFacts.Of(snapshot));

    /// <param name="queries">The workload.</param>
    /// <param name="schema">The database.</param>
    /// <param name="isDear">Whether a query costs the workload something worth a word; null where nobody knows.</param>
    internal static ImmutableArray<QueryRewrite> Of(ImmutableArray<WeightedQuery> queries, SchemaFacts schema, Func<WeightedQuery, bool?>? isDear = null)
    {
        var found = ImmutableArray.CreateBuilder<QueryRewrite>();
        foreach (var query in queries)
        {
            if (Read(query.Sql) is not { Verb: not QueryVerb.Insert } syntax)
                continue;
            var dear = isDear?.Invoke(query);
            if (dear == false)
                continue;
            var subject = new RewriteCase(query, syntax, schema, dear == true);
            found.AddRange(Rules.SelectMany(rule => rule(subject)).Where(r => r.Sql is null || Read(r.Sql) is not null));
        }
        return found.DrainToImmutable();
    }

    private static QuerySyntax? Read(string sql)
    {
        try
        {
            return QuerySyntax.Read(sql);
        }
        catch (SqlInputException)
        {
            return null;
        }
    }
}
