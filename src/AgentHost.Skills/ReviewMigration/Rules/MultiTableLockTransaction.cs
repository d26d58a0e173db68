using AgentHost.Sql;
using AgentHost.Sql.Statements;

namespace AgentHost.Skills.ReviewMigration.Rules;

/// <summary>ACCESS EXCLUSIVE on several existing tables in one transaction.</summary>
internal sealed class MultiTableLockTransaction : MigrationRule
{
    /// <inheritdoc />
    public override string Id => "multi-table-lock-txn";

    /// <inheritdoc />
    public override string Title => "Strong locks on several tables in one transaction invite deadlocks and add up their waits";

    /// <inheritdoc />
    public override string Manual => "PostgreSQL manual, 13.3.4 Deadlocks";

    /// <inheritdoc />
    public override bool IsAdvice => true;

    /// <inheritdoc />
    public override IEnumerable<Finding> Judge(StatementContext context)
    {
        if (context.Locks is not [{ Mode: LockMode.AccessExclusive }, ..])
            yield break;
        var held = context.StartOfTransaction.SelectMany(earlier => earlier.Locks).Where(request => request.Mode == LockMode.AccessExclusive).Select(request => context.Schema.Resolve(request.Relation)).Distinct().ToList();
        if (held.Count != 1 || context.Locks.FirstOrDefault(request => request.Mode == LockMode.AccessExclusive && context.Schema.Resolve(request.Relation) != held[0]) is not { } second)
            yield break;
        yield return Report(context, context.Statement.Span, Severity.Info, second.Relation,
            $"Asks for ACCESS EXCLUSIVE on {Quote(second.Relation)} while holding it on {Quote(held[0].Name)}: whoever uses both in the other order deadlocks, and both wait together. One transaction a table.") with
        {
            Lock = LockMode.AccessExclusive,
        };
    }
}
