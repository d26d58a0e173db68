using AgentHost.Skills.ReviewMigration.Fixing;
using AgentHost.Sql;
using AgentHost.Sql.Statements;

namespace AgentHost.Skills.ReviewMigration.Rules;

/// <summary>A statement that PostgreSQL refuses in a transaction block, in one.</summary>
internal sealed class NontransactionalInTransaction : MigrationRule
{
    /// <inheritdoc />
    public override string Id => "nontransactional-in-transaction";

    /// <inheritdoc />
    public override string Title => "Some statements cannot run inside a transaction block";

    /// <inheritdoc />
    public override string Manual => "PostgreSQL manual, CREATE INDEX, Building Indexes Concurrently";

    /// <inheritdoc />
    public override bool IsFact => true;

    /// <inheritdoc />
    public override bool Foresees(string sqlState) => sqlState is "25001" or "2D000";

    /// <inheritdoc />
    public override IEnumerable<Finding> Judge(StatementContext context)
    {
        if (context.RefusedEnd is { } end)
        {
            yield return Report(context, end, Severity.Error, null, context.Transaction.IsOpen
                ? $"Fails: COMMIT and ROLLBACK inside {Code(context)} cannot end a transaction that {context.Transaction.OpenedBy} has opened. {Remedy(context)}"
                : "Fails: a function cannot COMMIT or ROLLBACK; only a DO block and a procedure under CALL can.") with
            {
                Fix = context.Transaction.IsOpen && context.Statement is (DoBlock or Call) ? Apart.Of(context, context.Statement.Span, isWhole: true, FixRun.Outside) : null,
            };
            yield break;
        }

        if (context.Statement is DoBlock || !context.Transaction.IsOpen || NonTransactional.Describe(context.Statement) is not { } name)
            yield break;
        yield return Report(context, context.Statement.Span, Severity.Error, RelationOf(context.Statement),
            $"Fails: {name} cannot run inside a transaction block, and {context.Transaction.OpenedBy} has opened one. {Remedy(context)}") with
        {
            Fix = Apart.Of(context, context.Statement.Span, isWhole: true, FixRun.Outside),
        };
    }

    private static string Code(StatementContext context) => context.Statement is DoBlock ? "DO" : context.Statement is Call ? "a procedure" : "a function";

    private static string Remedy(StatementContext context) => context.Transaction.OpenedBy switch
    {
        "the DO block" or "CALL" => "Make it a statement of the migration, outside the code.",
        "BEGIN" => "Move it behind COMMIT.",
        "goose" => "Put it into a file of its own with \"-- +goose NO TRANSACTION\".",
        "dbmate" => "Put it into a file of its own with \"-- migrate:up transaction:false\".",
        _ => "Put it into a file of its own and tell the runner not to wrap it.",
    };

    private static QualifiedName? RelationOf(Statement statement) => statement switch
    {
        CreateIndex create => create.Table,
        DropObjects { Names: [var name, ..] } => name,
        AlterTable alter => alter.Table,
        _ => null,
    };
}
