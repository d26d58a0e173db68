using AgentHost.Sql;
using AgentHost.Sql.Statements;
using AgentHost.Sql.Versions;

namespace AgentHost.Skills.ReviewMigration;

/// <summary>What a statement uses that its target version does not have (release notes of 11 to 18).</summary>
internal static class NewerThan
{
    /// <summary>The features that came after the target, with the version that brought them and where they stand.</summary>
    public static IEnumerable<(string What, int Since, SourceSpan Span)> Find(StatementContext context) =>
        Uses(context).Where(use => use.Since > context.PgVersion).Concat(Calls(context))
            .Concat(SyntaxVersions.YoungerThan(context.PgVersion, context.Text).Select(use => (use.What, use.Since, context.Statement.Span)))
            .DistinctBy(use => use.What);

    /// <summary>The built-in functions that it calls and that some version brought; one that the schema has is the team's own.</summary>
    private static IEnumerable<(string What, int Since, SourceSpan Span)> Calls(StatementContext context)
    {
        if (context.Statement is RowStatement { Functions: var called } row)
        {
            foreach (var function in called)
                if (Since(context, function) is { } since)
                    yield return ($"{function}()", since, row.Span);
        }

        foreach (var expression in Expressions(context.Statement))
        {
            foreach (var function in expression?.Functions ?? [])
                if (Since(context, function) is { } since)
                    yield return ($"{function}()", since, expression!.Span);
        }
    }

    private static int? Since(StatementContext context, QualifiedName function) =>
        SyntaxVersions.OfFunction(function) is { } since && since > context.PgVersion && context.Schema.Function(function) is null ? since : null;

    private static IEnumerable<Expression?> Expressions(Statement statement)
    {
        switch (statement)
        {
            case CreateTable create:
                foreach (var expression in create.Columns.SelectMany(Expressions).Concat(create.Constraints.Select(constraint => constraint.Check)))
                    yield return expression;
                break;
            case AlterTable alter:
                foreach (var action in alter.Actions)
                {
                    if (action is SetDefault set)
                        yield return set.Default;
                    else if (action is AddConstraint add)
                        yield return add.Constraint.Check;
                    else if (action is AlterColumnType change)
                        yield return change.Using;
                    else if (action is AddColumn { Column: var column })
                        foreach (var expression in Expressions(column))
                            yield return expression;
                }

                break;
            case CreateIndex create:
                yield return create.Predicate;
                foreach (var key in create.Keys)
                    yield return key.Expression;
                break;
        }
    }

    private static IEnumerable<Expression?> Expressions(ColumnDefinition column)
    {
        yield return column.Default;
        yield return column.Generated;
        foreach (var constraint in column.Constraints)
            yield return constraint.Check;
    }

    private static IEnumerable<(string What, int Since, SourceSpan Span)> Uses(StatementContext context) => context.Statement switch
    {
        CreateIndex create => Of(context, create),
        Reindex { Concurrently: true } reindex => [("REINDEX CONCURRENTLY", 12, reindex.Span)],
        CreateTable create => create.Columns.SelectMany(column => Of(column))
            .Concat(create.Constraints.Concat(create.Columns.SelectMany(column => column.Constraints)).SelectMany(Of))
            .Concat(create.IsPartitioned && create.Constraints.Any(constraint => constraint.Kind is ConstraintKind.PrimaryKey or ConstraintKind.Unique) ? [("a key on a partitioned table", 11, create.Span)] : [])
            .Concat(create.IsDefaultPartition ? [("a DEFAULT partition", 11, create.Span)] : []),
        AlterTable alter => alter.Actions.SelectMany(action => Of(context, alter, action)),
        RowStatement { Verb: RowVerb.Merge } merge => [("MERGE", 15, merge.Span)],
        CreateView { IsSecurityInvoker: true } view => [("security_invoker", 15, view.Span)],
        CreateTrigger { OrReplace: true } trigger => [("CREATE OR REPLACE TRIGGER", 14, trigger.Span)],
        CreateFunction { HasStandardBody: true } create => [("a function body in SQL-standard form", 14, create.Span)],
        Call call => [("CALL", 11, call.Span)],
        _ => [],
    };

    private static IEnumerable<(string, int, SourceSpan)> Of(StatementContext context, CreateIndex create)
    {
        if (create.NullsNotDistinct)
            yield return ("NULLS NOT DISTINCT", 15, create.Span);
        if (!create.Include.IsEmpty)
            yield return ("INCLUDE", 11, create.Span);
        if (create.Only || context.Schema.Table(create.Table) is { IsPartitioned: true })
            yield return ("an index on a partitioned table", 11, create.Span);
    }

    private static IEnumerable<(string, int, SourceSpan)> Of(ColumnDefinition column)
    {
        if (column.Generated is not null)
            yield return ("a generated column", 12, column.Span);
        if (column.Type.Name is { Schema: null, Name: "int4multirange" or "int8multirange" or "nummultirange" or "datemultirange" or "tsmultirange" or "tstzmultirange" })
            yield return ("a multirange", 14, column.Span);
    }

    private static IEnumerable<(string, int, SourceSpan)> Of(TableConstraint constraint)
    {
        if (constraint.NullsNotDistinct)
            yield return ("NULLS NOT DISTINCT", 15, constraint.Span);
        if (!constraint.Include.IsEmpty)
            yield return ("INCLUDE", 11, constraint.Span);
        if (!constraint.OnDeleteColumns.IsEmpty)
            yield return ("ON DELETE SET NULL with columns", 15, constraint.Span);
    }

    private static IEnumerable<(string, int, SourceSpan)> Of(StatementContext context, AlterTable alter, AlterAction action)
    {
        switch (action)
        {
            case DetachPartition { Concurrently: true }:
                return [("DETACH PARTITION CONCURRENTLY", 14, action.Span)];
            case AddColumn add:
                return Of(add.Column).Concat(add.Column.Constraints.SelectMany(Of));
            case AddConstraint { Constraint: { Kind: ConstraintKind.ForeignKey } key } when context.Schema.Table(alter.Table) is { IsPartitioned: true }:
                return key.NotValid ? [("a NOT VALID foreign key on a partitioned table", 18, action.Span)] : [("a foreign key on a partitioned table", 11, action.Span)];
            case AddConstraint { Constraint: { References: { } target } } when context.Schema.Table(target) is { IsPartitioned: true }:
                return [("a foreign key to a partitioned table", 12, action.Span)];
            case AddConstraint add:
                return Of(add.Constraint);
            case OtherAction { Kind: "AT_SetAccessMethod" }:
                return [("SET ACCESS METHOD", 15, action.Span)];
            case OtherAction { Kind: "AT_SetCompression" }:
                return [("SET COMPRESSION", 14, action.Span)];
            case OtherAction { Kind: "AT_DropExpression" }:
                return [("DROP EXPRESSION", 13, action.Span)];
            case OtherAction { Kind: "AT_SetExpression" }:
                return [("SET EXPRESSION", 17, action.Span)];
            case OtherAction { Options: var options } when options.Any(option => option.Key == "security_invoker"):
                return [("security_invoker", 15, action.Span)];
            default:
                return [];
        }
    }
}
