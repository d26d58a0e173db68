using AgentHost.Sql;
using AgentHost.Sql.Statements;

namespace AgentHost.Skills.ReviewMigration.Rules;

/// <summary>A statement without IF [NOT] EXISTS in a file that may stop half-way.</summary>
internal sealed class MissingIfExistsGuard : MigrationRule
{
    /// <inheritdoc />
    public override string Id => "missing-if-exists-guard";

    /// <inheritdoc />
    public override string Title => "Outside a transaction a statement that cannot be repeated stops the next attempt";

    /// <inheritdoc />
    public override string Manual => "PostgreSQL manual, CREATE TABLE; ALTER TABLE";

    /// <inheritdoc />
    public override bool IsAdvice => true;

    /// <inheritdoc />
    public override IEnumerable<Finding> Judge(StatementContext context)
    {
        if (context.Transaction.IsOpen || Unguarded(context) is not { } guard || !CanStopHalfWay(context))
            yield break;
        yield return Report(context, context.Statement.Span, Severity.Info, null,
            $"If the file stops half-way, its next attempt stops here. Write {guard}, or run the file in one transaction.");
    }

    private static bool CanStopHalfWay(StatementContext context) =>
        context.Replay.Statements.Count(other => other.Statement is not (SetVariable or TransactionControl or RowStatement { IsRead: true })) > 1;

    private static string? Unguarded(StatementContext context) => context.Statement switch
    {
        CreateTable { IfNotExists: false, IsTemporary: false } => "CREATE TABLE IF NOT EXISTS",
        CreateIndex { IfNotExists: false, Concurrently: true } => "DROP INDEX CONCURRENTLY IF EXISTS before it (IF NOT EXISTS would keep an invalid leftover)",
        CreateIndex { IfNotExists: false } => "CREATE INDEX IF NOT EXISTS",
        DropObjects { IfExists: false } => "DROP … IF EXISTS",
        AlterTable alter when alter.Actions.Any(action => action is AddColumn { IfNotExists: false }) => "ADD COLUMN IF NOT EXISTS",
        AlterTable alter when alter.Actions.Any(action => action is DropColumn { IfExists: false }) => "DROP COLUMN IF EXISTS",
        AddEnumValue { IfNotExists: false } => "ADD VALUE IF NOT EXISTS",
        CreateSchema { IfNotExists: false } => "CREATE SCHEMA IF NOT EXISTS",
        _ => null,
    };
}
