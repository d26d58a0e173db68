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
    protected override IEnumerable<Finding> Judge(StatementContext context)
    {
        if (!context.Transaction.IsOpen || NonTransactional.Describe(context.Statement) is not { } name)
            yield break;
        yield return Report(context, context.Statement.Span, Severity.Error, RelationOf(context.Statement),
            $"Fails: {name} cannot run inside a transaction block, and {context.Transaction.OpenedBy} has opened one. {Remedy(context)}");
    }

    private static string Remedy(StatementContext context) => context.Transaction.OpenedBy switch
    {
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
