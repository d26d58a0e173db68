using System.Collections.Immutable;
using AgentHost.Sql;
using AgentHost.Sql.Statements;

namespace AgentHost.Skills.ReviewMigration.Rules;

/// <summary>A CHECK that calls what is not immutable.</summary>
internal sealed class CheckVolatileExpression : MigrationRule
{
    /// <inheritdoc />
    public override string Id => "check-volatile-expression";

    /// <inheritdoc />
    public override string Title => "A CHECK that depends on the moment holds today and not tomorrow";

    /// <inheritdoc />
    public override string Manual => "PostgreSQL manual, 5.5.1 Check Constraints";

    /// <inheritdoc />
    public override bool IsAdvice => true;

    /// <inheritdoc />
    protected override ImmutableArray<Type> Concerns => [typeof(CreateTable), typeof(AddConstraint), typeof(AddColumn)];

    /// <inheritdoc />
    public override IEnumerable<Finding> Judge(StatementContext context)
    {
        var checks = context.Statement switch
        {
            CreateTable create => create.Constraints.Concat(create.Columns.SelectMany(column => column.Constraints)).Select(check => (Table: create.Table, Check: check)).ToList(),
            AlterTable { Kind: ObjectKind.Table } alter => alter.Actions.SelectMany(action => action switch
            {
                AddConstraint add => [(Table: alter.Table, Check: add.Constraint)],
                AddColumn add => add.Column.Constraints.Select(check => (Table: alter.Table, Check: check)).ToArray(),
                _ => [],
            }).ToList(),
            _ => [],
        };
        foreach (var (table, check) in checks)
        {
            if (check.Check?.Functions.FirstOrDefault(function => IsOfTheMoment(context, function)) is not { } culprit)
                continue;
            yield return Report(context, check.Span, Severity.Warning, table,
                $"{culprit}() gives another value later, but a CHECK is looked at only when a row is written: rows that passed stop holding, and a restore or VALIDATE of {Quote(table)} fails. Check it in a trigger or in the code.");
        }
    }

    /// <summary>Whether a function is known to give another value at another time.</summary>
    public static bool IsOfTheMoment(StatementContext context, QualifiedName function) => context.Schema.IsVolatile(function) == true
        || context.Schema.Function(function) is { Volatility: "stable" }
        || (function.Schema is null && function.Name is "now" or "current_timestamp" or "current_date" or "current_time" or "localtimestamp" or "localtime" or "statement_timestamp"
            or "transaction_timestamp" or "age" or "current_setting" or "current_user" or "session_user" or "user");
}
