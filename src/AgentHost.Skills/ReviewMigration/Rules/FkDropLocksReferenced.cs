using System.Collections.Immutable;
using AgentHost.Sql;
using AgentHost.Sql.Statements;

namespace AgentHost.Skills.ReviewMigration.Rules;

/// <summary>A foreign key, or a table with foreign keys, is dropped.</summary>
internal sealed class FkDropLocksReferenced : MigrationRule
{
    /// <inheritdoc />
    public override string Id => "fk-drop-locks-referenced";

    /// <inheritdoc />
    public override string Title => "Dropping a foreign key locks the referenced table as well";

    /// <inheritdoc />
    public override string Manual => "PostgreSQL manual, ALTER TABLE, DROP CONSTRAINT";

    /// <inheritdoc />
    public override bool IsAdvice => true;

    /// <inheritdoc />
    protected override ImmutableArray<Type> Concerns => [typeof(DropConstraint), typeof(DropObjects)];

    /// <inheritdoc />
    public override IEnumerable<Finding> Judge(StatementContext context)
    {
        var keys = context.Statement switch
        {
            AlterTable { Kind: ObjectKind.Table } alter when context.IsExisting(alter.Table) => alter.Actions.OfType<DropConstraint>()
                .Select(drop => (Span: drop.Span, Table: alter.Table, Key: context.Schema.Table(alter.Table)?.Constraint(drop.Name))).ToList(),
            DropObjects { Kind: ObjectKind.Table } drop => drop.Names.Where(context.IsExisting)
                .SelectMany(name => (context.Schema.Table(name)?.Constraints ?? []).Select(key => (Span: drop.Span, Table: name, Key: (TableConstraint?)key))).ToList(),
            _ => [],
        };
        var targets = keys.Where(key => key.Key?.References is { } target && context.IsExisting(target) && context.Schema.Resolve(target) != context.Schema.Resolve(key.Table)).ToList();
        if (targets.Count == 0)
            yield break;
        yield return Report(context, targets[0].Span, Severity.Info, targets[0].Key!.References,
            $"Takes ACCESS EXCLUSIVE on {Quote(targets.Select(key => key.Key!.References!).Distinct())} too, not only on {Quote(targets[0].Table)}: the triggers there go. Drop the keys one by one, with a lock_timeout.") with
        {
            Lock = LockMode.AccessExclusive,
        };
    }
}
