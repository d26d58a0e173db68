using System.Collections.Immutable;
using AgentHost.Sql.Statements;

namespace AgentHost.Sql;

/// <summary>Edits of a table that concern nothing but itself.</summary>
internal static class TableEdits
{
    public static TableModel Change(this TableModel table, string column, Func<ColumnModel, ColumnModel> change) =>
        table with { Columns = [.. table.Columns.Select(c => c.Name == column ? change(c) : c)] };

    /// <summary>Without a column and the indexes and constraints that need it.</summary>
    public static TableModel Without(this TableModel table, string column) => table with
    {
        Columns = table.Columns.RemoveAll(c => c.Name == column),
        Constraints = table.Constraints.RemoveAll(c => c.Columns.Contains(column) || c.Include.Contains(column) || c.Check?.Columns.Contains(column) == true),
        Indexes = table.Indexes.RemoveAll(i => i.Uses(column)),
    };

    /// <summary>Without a constraint and its index.</summary>
    public static TableModel WithoutConstraint(this TableModel table, string name) => table with
    {
        Constraints = table.Constraints.RemoveAll(c => c.Name == name),
        Indexes = table.Indexes.RemoveAll(i => i.Constraint == name),
    };

    public static TableModel RenameConstraint(this TableModel table, string from, string to) => table with
    {
        Constraints = [.. table.Constraints.Select(c => c.Name == from ? c with { Name = to } : c)],
        Indexes = [.. table.Indexes.Select(i => i.Constraint == from ? i with { Name = to, Constraint = to } : i)],
    };

    /// <summary>With a column renamed wherever the table names it; the text of expressions stays as it was written.</summary>
    public static TableModel Rename(this TableModel table, string from, string to)
    {
        ImmutableArray<string> Names(ImmutableArray<string> names) => names.Contains(from) ? names.Replace(from, to) : names;
        Expression? In(Expression? e) => e is null ? null : e with { Columns = Names(e.Columns), NotNullColumns = Names(e.NotNullColumns) };
        return table with
        {
            Columns = [.. table.Columns.Select(c => (c.Name == from ? c with { Name = to } : c) with { Generated = In(c.Generated) })],
            Policies = [.. table.Policies.Select(p => p with { Columns = Names(p.Columns) })],
            Constraints = [.. table.Constraints.Select(c => c with { Columns = Names(c.Columns), Include = Names(c.Include), Check = In(c.Check) })],
            Indexes =
            [
                .. table.Indexes.Select(i => i with
                {
                    Keys = [.. i.Keys.Select(k => k with { Column = k.Column == from ? to : k.Column, Expression = In(k.Expression) })],
                    Include = Names(i.Include),
                    Predicate = In(i.Predicate),
                }),
            ],
        };
    }
}
