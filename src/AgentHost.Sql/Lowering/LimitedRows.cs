using System.Text.Json;

namespace AgentHost.Sql.Lowering;

/// <summary>Tells the writes whose number of rows does not grow with a table, because VALUES or a LIMIT hands them the rows.</summary>
internal static class LimitedRows
{
    /// <summary>The queries of a statement's common table expressions in source order.</summary>
    public static IEnumerable<JsonElement> CommonQueries(JsonElement statement) => Common(statement).Select(common => common.Query);

    /// <summary>The common table expressions of a statement that give a limited number of rows.</summary>
    public static HashSet<string> CommonTables(JsonElement statement)
    {
        var few = new HashSet<string>(StringComparer.Ordinal);
        foreach (var (name, query) in Common(statement))
        {
            var (kind, body) = query.Unwrap();
            if (kind == "SelectStmt" ? IsLimited(body, few) : Bound(body, few))
                few.Add(name);
        }
        return few;
    }

    /// <summary>What decides about the rows of a statement: of INSERT its query, else itself.</summary>
    public static JsonElement Rows(JsonElement statement) => statement.Field("selectStmt")?.As("SelectStmt") ?? statement;

    /// <summary>Whether a write is bound to limited rows, given the common table expressions that are.</summary>
    public static bool Bound(JsonElement statement, HashSet<string> commonTables)
    {
        var write = Rows(statement);
        if (statement.Field("selectStmt") is not null && IsLimited(write, commonTables)) return true;
        var few = new HashSet<string>(commonTables, StringComparer.Ordinal);
        foreach (var source in write.Items("fromClause").Concat(write.Items("usingClause")).Concat(write.Field("sourceRelation") is { } merged ? [merged] : []))
            if (source.As("RangeSubselect") is { } query && query.Field("subquery")?.As("SelectStmt") is { } select && IsLimited(select, commonTables))
                few.Add(Alias(query) ?? "");
            else if (source.As("RangeVar") is { } table && IsIn(few, table))
                few.Add(Alias(table) ?? "");
        var pending = new Stack<JsonElement>();
        if (write.Field("whereClause") is { } where) pending.Push(where);
        if (write.Field("joinCondition") is { } join && !ReachesOtherRows(write)) pending.Push(join);
        while (pending.TryPop(out var condition))
        {
            if (condition.As("BoolExpr") is { } and && and.Text("boolop") == "AND_EXPR")
                foreach (var part in and.Items("args"))
                    pending.Push(part);
            else if (condition.As("SubLink") is { } membership && membership.Text("subLinkType") == "ANY_SUBLINK" && IsLimited(membership, few)
                || condition.As("A_Expr") is { } comparison && comparison.Strings("name") is ["="] && (TakesFrom(comparison, few) || Joins(comparison, few)))
                return true;
        }
        return false;
    }

    private static IEnumerable<(string Name, JsonElement Query)> Common(JsonElement statement) => statement.Field("withClause") is { } with
        ? with.Items("ctes").Select(item => item.GetProperty("CommonTableExpr")).Select(item => (item.Text("ctename") ?? "", item.GetProperty("ctequery")))
        : [];

    /// <summary>WHEN NOT MATCHED BY SOURCE, which acts on the rows that the join does not find.</summary>
    private static bool ReachesOtherRows(JsonElement merge) =>
        merge.Items("mergeWhenClauses").Any(when => when.As("MergeWhenClause")?.Text("matchKind") == "MERGE_WHEN_NOT_MATCHED_BY_SOURCE");

    /// <summary><c>= ANY (ARRAY(SELECT … LIMIT n))</c> and <c>= (SELECT … LIMIT 1)</c>.</summary>
    private static bool TakesFrom(JsonElement comparison, HashSet<string> few) =>
        comparison.Text("kind") is "AEXPR_OP_ANY" or "AEXPR_OP" && comparison.Field("rexpr")?.As("SubLink") is { } link && IsLimited(link, few);

    /// <summary>An equality of two columns of which one is of limited rows.</summary>
    private static bool Joins(JsonElement comparison, HashSet<string> few) =>
        Owner(comparison, "lexpr") is { } left && Owner(comparison, "rexpr") is { } right && few.Contains(left) != few.Contains(right);

    /// <summary>The relation that a column is said to be of, empty where it is not said; null where there is no column.</summary>
    private static string? Owner(JsonElement comparison, string side) =>
        comparison.Field(side)?.As("ColumnRef")?.Strings("fields") is { } names ? names is [.., var owner, _] ? owner : "" : null;

    private static bool IsLimited(JsonElement query, HashSet<string> few)
    {
        var select = query.Field("subselect")?.As("SelectStmt") ?? query;
        return select.Field("limitCount") is { } limit && limit.As("A_Const")?.Flag("isnull") != true || select.Field("valuesLists") is not null
            || select.Items("fromClause").ToList() is [var only] && only.As("RangeVar") is { } table && IsIn(few, table);
    }

    private static bool IsIn(HashSet<string> few, JsonElement table) => table.Text("schemaname") is null && few.Contains(table.Text("relname") ?? "");

    private static string? Alias(JsonElement source) => source.Field("alias")?.Text("aliasname") ?? source.Text("relname");
}
