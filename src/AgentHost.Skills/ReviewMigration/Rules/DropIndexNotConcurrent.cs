using System.Collections.Immutable;
using AgentHost.Skills.ReviewMigration.Fixing;
using AgentHost.Sql;
using AgentHost.Sql.Statements;

namespace AgentHost.Skills.ReviewMigration.Rules;

/// <summary>DROP INDEX without CONCURRENTLY of an index on an existing table.</summary>
internal sealed class DropIndexNotConcurrent : MigrationRule
{
    /// <inheritdoc />
    public override string Id => "drop-index-not-concurrent";

    /// <inheritdoc />
    public override string Title => "DROP INDEX waits for, and then blocks, everyone on the table";

    /// <inheritdoc />
    public override string Manual => "PostgreSQL manual, DROP INDEX, CONCURRENTLY";

    /// <inheritdoc />
    protected override ImmutableArray<Type> Concerns => [typeof(DropObjects)];

    /// <inheritdoc />
    public override IEnumerable<Finding> Judge(StatementContext context)
    {
        if (context.Statement is not DropObjects { Kind: ObjectKind.Index, Concurrently: false } drop)
            yield break;
        foreach (var name in drop.Names)
        {
            var index = context.Schema.Index(name);
            if (index is null ? IsNowhere(context, drop, name) : !context.IsExisting(index.Table))
                continue;
            bool isPartitioned = index is not null && context.Schema.Table(index.Table) is { IsPartitioned: true };
            string table = index is null ? "its table" : Quote(index.Table);
            yield return Report(context, drop.Span, Severity.Error, index?.Table,
                $"Dropping {Quote(name)} takes ACCESS EXCLUSIVE on {table}: it waits for every running query and everyone queues behind it. "
                + (isPartitioned ? "An index of a partitioned table has no CONCURRENTLY: set a short lock_timeout and retry." : "Use DROP INDEX CONCURRENTLY, outside a transaction.")) with
            {
                Lock = LockMode.AccessExclusive,
                Fix = isPartitioned || drop.Cascade ? null : Fix.Of(drop.Names.Length == 1 ? "Drop it concurrently" : "Drop them concurrently, one by one", drop.Span, [.. Steps(drop)]),
            };
        }
    }

    private static IEnumerable<FixStep> Steps(DropObjects drop) =>
        drop.Names.Select(name => new FixStep($"DROP INDEX CONCURRENTLY {(drop.IfExists ? "IF EXISTS " : "")}{Quote(name)}", FixRun.Outside));

    /// <summary>Whether an index that the schema does not know can be no existing one: IF EXISTS says it may be gone, or this file made its table.</summary>
    private static bool IsNowhere(StatementContext context, DropObjects drop, QualifiedName name) =>
        (drop.IfExists && context.KnowsSchema)
        || context.IsPrecededBy<CreateIndex>((create, schema) => create.Name == name.Name && !context.IsExisting(schema.Resolve(create.Table)));
}
