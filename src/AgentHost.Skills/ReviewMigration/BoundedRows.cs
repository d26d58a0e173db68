using AgentHost.Sql;
using AgentHost.Sql.Statements;

namespace AgentHost.Skills.ReviewMigration;

/// <summary>Whether a statement changes a number of rows that does not grow with the table.</summary>
internal static class BoundedRows
{
    /// <summary>What of a statement, itself or its common table expressions, changes a share of an existing table that grows with it.</summary>
    public static IEnumerable<RowStatement> Unbounded(StatementContext context, RowStatement row) => row.Writes.Prepend(row).Where(write =>
        write is { Verb: RowVerb.Update or RowVerb.Delete or RowVerb.Merge, Target: { } target } && context.IsExisting(target) && !RunnerTables.Has(target) && !IsBounded(context, write));

    /// <summary>Whether the query of an INSERT picks few rows of the one table that it reads.</summary>
    public static bool PicksFew(StatementContext context, RowStatement insert) =>
        insert.IsLimited || (insert.Relations.RemoveAll(relation => relation == insert.Target) is [var source] && IsBounded(insert, context.Schema.Table(source)));

    /// <summary>Whether it changes few rows, however often the code around it repeats it in the same transaction.</summary>
    private static bool IsBounded(StatementContext context, RowStatement row)
    {
        var table = context.Schema.Table(row.Target!);
        return context.Circumstances.Repeats switch
        {
            Repeats.No => IsBounded(row, table),
            Repeats.WhileSomething => row.Where is { } where && where.Comparisons.Any(equal => equal.Operator == "=" && Identifies(table, equal.Column, where)),
            _ => false,
        };
    }

    /// <summary>Whether its WHERE picks rows by key, by a range of one, or from rows that a LIMIT or VALUES bounds.</summary>
    private static bool IsBounded(RowStatement row, TableModel? table)
    {
        if (row.IsLimited || row.Where is not { } where)
            return row.IsLimited;
        return where.Comparisons.Any(equal => equal.Operator == "=" && Identifies(table, equal.Column, where))
            || where.Comparisons.GroupBy(comparison => comparison.Column, StringComparer.Ordinal).Any(range => IsKey(table, range.Key)
                && range.Any(low => low.Operator is ">" or ">=") && range.Any(high => high.Operator is "<" or "<="));
    }

    /// <summary>Whether equality on the column, with the other equalities, picks few rows: a unique key, or a reference to one row elsewhere.</summary>
    private static bool Identifies(TableModel? table, string column, Expression where)
    {
        if (table is null)
            return LooksLikeKey(column);
        var equal = where.Comparisons.Where(comparison => comparison.Operator == "=").Select(comparison => comparison.Column).ToHashSet(StringComparer.Ordinal);
        return table.Indexes.Any(index => index is { IsUnique: true, Predicate: null } && index.Keys.All(key => key.Column is not null && equal.Contains(key.Column)))
            || table.Constraints.Any(constraint => constraint.Kind == ConstraintKind.ForeignKey && constraint.Columns.Contains(column))
            || (!table.ColumnsAreKnown && LooksLikeKey(column)) || (table.Indexes.IsEmpty && LooksLikeKey(column));
    }

    private static bool IsKey(TableModel? table, string column) =>
        table is null ? LooksLikeKey(column) : table.Indexes.Any(index => index.IsUnique && index.Keys is [{ Column: { } first }, ..] && first == column) || LooksLikeKey(column);

    private static bool LooksLikeKey(string column) =>
        column.Equals("id", StringComparison.OrdinalIgnoreCase) || column.EndsWith("_id", StringComparison.OrdinalIgnoreCase) || column.EndsWith("Id", StringComparison.Ordinal)
        || column is "uuid" or "guid" or "key" or "slug" or "token" or "ctid";
}
