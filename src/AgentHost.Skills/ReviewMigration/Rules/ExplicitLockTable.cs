using System.Collections.Immutable;
using AgentHost.Sql;
using AgentHost.Sql.Statements;

namespace AgentHost.Skills.ReviewMigration.Rules;

/// <summary>LOCK TABLE of an existing table in a mode that blocks reads or writes.</summary>
internal sealed class ExplicitLockTable : MigrationRule
{
    /// <inheritdoc />
    public override string Id => "explicit-lock-table";

    /// <inheritdoc />
    public override string Title => "LOCK TABLE blocks others until the transaction ends";

    /// <inheritdoc />
    public override string Manual => "PostgreSQL manual, LOCK";

    /// <inheritdoc />
    protected override ImmutableArray<Type> Concerns => [typeof(LockTable)];

    /// <inheritdoc />
    public override IEnumerable<Finding> Judge(StatementContext context)
    {
        if (context.Statement is not LockTable lockTable || !lockTable.Mode.BlocksWrites() || lockTable.Tables.FirstOrDefault(context.IsExisting) is not { } first)
            yield break;
        string who = lockTable.Mode.BlocksReads() ? "read or write" : "write";
        yield return Report(context, lockTable.Span, Severity.Error, first,
            $"No one can {who} {Quote(lockTable.Tables.Where(context.IsExisting))} ({lockTable.Mode.ToSql()}) until the transaction ends. "
            + "Let each statement take the lock it needs, or lock the rows with SELECT … FOR UPDATE.") with
        {
            Lock = lockTable.Mode,
        };
    }
}
