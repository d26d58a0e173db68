using AgentHost.Sql;
using AgentHost.Sql.Statements;

namespace AgentHost.Skills.ReviewMigration.Fixing;

/// <summary>A constraint that is added without looking at the rows, and validated later under a weak lock.</summary>
internal static class ConstraintFix
{
    /// <summary>The steps for a CHECK or FOREIGN KEY of a table.</summary>
    /// <param name="context">The statement that adds it.</param>
    /// <param name="alter">The same.</param>
    /// <param name="constraint">The constraint, written as a table's or at a column.</param>
    /// <param name="column">The column that it is written at; null for a table's.</param>
    public static IEnumerable<FixStep> NotValid(StatementContext context, AlterTable alter, TableConstraint constraint, string? column = null)
    {
        var (table, name) = (SqlIdentifier.Quote(alter.Table), SqlIdentifier.Quote(Name(context, alter, constraint)));
        string definition = context.TextOf(constraint.Span);
        if (column is not null && constraint.Kind == ConstraintKind.ForeignKey)
            definition = definition.Insert(definition.IndexOf("REFERENCES", StringComparison.OrdinalIgnoreCase), $"FOREIGN KEY ({SqlIdentifier.Quote(column)}) ");
        yield return new($"ALTER TABLE {table} ADD {(constraint.Name is null ? $"CONSTRAINT {name} " : "")}{definition} NOT VALID");
        yield return new($"ALTER TABLE {table} VALIDATE CONSTRAINT {name}", FixRun.Last);
    }

    /// <summary>The name that the constraint has or that PostgreSQL makes up.</summary>
    public static string Name(StatementContext context, AlterTable alter, TableConstraint constraint) => constraint.Name
        ?? context.Schema.Apply(context.Statement).Table(alter.Table)?.Constraints.LastOrDefault(made => made.Kind == constraint.Kind && made.Span == constraint.Span)?.Name
        ?? constraint.Kind switch
        {
            ConstraintKind.ForeignKey => $"{alter.Table.Name}_{string.Join('_', constraint.Columns)}_fkey",
            ConstraintKind.Unique => $"{alter.Table.Name}_{string.Join('_', constraint.Columns)}_key",
            ConstraintKind.PrimaryKey => $"{alter.Table.Name}_pkey",
            _ => constraint.Check is { Columns: [var only] } ? $"{alter.Table.Name}_{only}_check" : $"{alter.Table.Name}_check",
        };
}
