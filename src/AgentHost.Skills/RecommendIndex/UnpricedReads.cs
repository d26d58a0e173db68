using System.Collections.Immutable;
using AgentHost.Skills.RecommendIndex.Pricing;
using AgentHost.Sql;
using AgentHost.Sql.Queries;

namespace AgentHost.Skills.RecommendIndex;

/// <summary>Names the queries that go on reading a whole table for a condition that no priced index serves, and what to try.</summary>
internal sealed class UnpricedReads(IReadOnlyList<AnalysedQuery> queries, ImmutableArray<PricedPlan> plans, IReadOnlyDictionary<string, string> refusals)
{
    /// <summary>In the workload's order; at most one a query, table and condition.</summary>
    public ImmutableArray<UnpricedRead> All()
    {
        var found = ImmutableArray.CreateBuilder<UnpricedRead>();
        for (var q = 0; q < queries.Count; q++)
        {
            foreach (var (use, table) in queries[q].Uses.Where(u => u.Table.IsIndexable && plans[q].WholeReads.Contains(u.Table.Name.Name)))
            {
                foreach (var condition in use.Unserved)
                {
                    if (Reason(condition, use, table) is { } reason)
                        found.Add(new UnpricedRead(queries[q].Query.Name, table.Name.ToString(), reason.Why) { Sql = reason.Sql });
                }
            }
        }
        return [.. found.Distinct()];
    }

    private (string Why, string? Sql)? Reason(UnservedPredicate condition, RelationUse use, TableFacts table)
    {
        var columns = condition.Columns.Select(c => table.Columns.GetValueOrDefault(c)).OfType<ColumnFacts>().ToList();
        if (columns.Count == 0)
            return null;
        var names = string.Join(", ", columns.Select(c => c.Name));
        return condition.Kind switch
        {
            UnservedKind.Operator => Operator(condition.Operator ?? "", columns[0], table),
            UnservedKind.Pattern when condition.Operator?.StartsWith('!') != true => Pattern(columns[0], table),
            UnservedKind.Disjunction => ($"OR across {names} is served only where each arm has an index, and no such set was worth it: write a UNION of one query an arm.", null),
            UnservedKind.Expression when condition.HasExpression => Expression(condition, use),
            UnservedKind.Expression => ($"the expression on {names} cannot be an index's key as it is written (a parameter, a subquery or another table's column is in it).", null),
            _ => null,
        };
    }

    private static (string, string?)? Operator(string op, ColumnFacts column, TableFacts table)
    {
        if (op == "=")
            return ($"= ANY ({column.Name}) on an array column uses no index: write {column.Name} @> ARRAY[…], which GIN answers.", null);
        // Arithmetic, <-> and operators of extensions: nothing is known about them.
        if (op is not ("@>" or "<@" or "&&" or "@@" or "@?" or "?" or "?|" or "?&") || HasIndex(table, column, "gin", "gist", "spgist", "rum"))
            return null;
        return ($"an index for {column.Name} {op} … was priced and not taken: too many rows hold what is looked for, by the statistics. Measure it on a copy if that is not so.", null);
    }

    private static (string, string?)? Pattern(ColumnFacts column, TableFacts table) => HasIndex(table, column, "gin", "gist") ? null
        : ($"the pattern on {column.Name} has no fixed beginning in the query's text (a leading %, ILIKE or a parameter) and no three letters in a row that trigrams (pg_trgm) could look for "
            + "in few rows; a parameter is better given as a typical literal.", null);

    private (string, string?) Expression(UnservedPredicate condition, RelationUse use)
    {
        var expression = use.Expressions.FirstOrDefault(e => e.Columns.SequenceEqual(condition.Columns))?.Expression ?? string.Join(", ", condition.Columns);
        var refusal = refusals.OrderBy(r => r.Key, StringComparer.Ordinal).FirstOrDefault(r => r.Key.Contains($"({expression})", StringComparison.Ordinal)).Value;
        return refusal is not null && refusal.Contains("IMMUTABLE", StringComparison.OrdinalIgnoreCase)
            ? ($"{expression} cannot be indexed, since it depends on settings such as the time zone (not immutable): compare the bare column with a range instead.", null)
            : ($"an index on {expression} was tried and not taken: too many rows match, by the statistics.", null);
    }

    private static bool HasIndex(TableFacts table, ColumnFacts column, params ReadOnlySpan<string> methods)
    {
        foreach (var index in table.Indexes)
        {
            if (methods.Contains(index.Method) && index.Keys.Any(k => k.Column == column.Number))
                return true;
        }
        return false;
    }
}
