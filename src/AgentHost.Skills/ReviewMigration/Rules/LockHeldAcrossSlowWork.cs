using AgentHost.Skills.ReviewMigration.Fixing;
using AgentHost.Skills.ReviewMigration.Sizes;
using AgentHost.Sql;
using AgentHost.Sql.Statements;

namespace AgentHost.Skills.ReviewMigration.Rules;

/// <summary>Work that grows with the table, in a transaction that already holds ACCESS EXCLUSIVE on an existing table.</summary>
internal sealed class LockHeldAcrossSlowWork : MigrationRule
{
    /// <inheritdoc />
    public override string Id => "lock-held-across-slow-work";

    /// <inheritdoc />
    public override string Title => "Slow work under a lock that an earlier statement of the transaction took";

    /// <inheritdoc />
    public override string Manual => "PostgreSQL manual, 13.3 Explicit Locking";

    /// <inheritdoc />
    public override TableWork Work => TableWork.Scan;

    /// <inheritdoc />
    public override IEnumerable<Finding> Judge(StatementContext context)
    {
        if (SlowWork.Describe(context) is not { } work)
            yield break;
        var holder = context.StartOfTransaction.Select(earlier => (Statement: earlier, Lock: earlier.Locks.FirstOrDefault(request => request.Mode == LockMode.AccessExclusive)))
            .FirstOrDefault(earlier => earlier.Lock is not null);
        if (holder.Lock is null)
            yield break;
        yield return Report(context, context.Statement.Span, Severity.Error, work.Relation,
            $"{work.What} while the transaction holds ACCESS EXCLUSIVE on {Quote(holder.Lock.Relation)} since line {holder.Statement.Statement.Span.Line}: no one can use {Quote(holder.Lock.Relation)} until it is done. "
            + "Put it into a transaction of its own.") with
        {
            Scans = true,
            Fix = Apart.Of(context, context.Statement.Span, isWhole: true, FixRun.Fresh),
        };
    }
}
