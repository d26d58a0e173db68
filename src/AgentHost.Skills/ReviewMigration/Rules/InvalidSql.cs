using AgentHost.Skills.ReviewMigration.Fixing;
using AgentHost.Sql;
using AgentHost.Sql.Statements;

namespace AgentHost.Skills.ReviewMigration.Rules;

/// <summary>A statement that parses, but that PostgreSQL refuses whatever the version.</summary>
internal sealed class InvalidSql : MigrationRule
{
    /// <inheritdoc />
    public override string Id => "invalid-sql";

    /// <inheritdoc />
    public override string Title => "PostgreSQL refuses the statement";

    /// <inheritdoc />
    public override string Manual => "PostgreSQL manual, the page of each statement";

    /// <inheritdoc />
    public override bool IsFact => true;

    /// <inheritdoc />
    public override bool Foresees(string sqlState) => true;

    /// <inheritdoc />
    public override IEnumerable<Finding> Judge(StatementContext context)
    {
        foreach (var (span, relation, message) in Contradictions.Find(context))
            yield return Report(context, span, Severity.Error, relation, "Refused: " + message);
        switch (context.Statement)
        {
            case CreateIndex { Concurrently: true, Only: false } create when context.Schema.Table(create.Table) is { IsPartitioned: true }:
                yield return Report(context, create.Span, Severity.Error, create.Table,
                    $"Refused: {Quote(create.Table)} is partitioned, and CREATE INDEX CONCURRENTLY is not. Create it ON ONLY the parent, concurrently on each partition, and attach those.") with
                {
                    Fix = PartitionedIndexFix.Of(context, create),
                };
                break;
            case CreateIndex { IsUnique: true } create when MissingKey(context, create) is { } missing:
                yield return Report(context, create.Span, Severity.Error, create.Table,
                    $"Refused: a unique index of a partitioned table must hold the partition key, and {Quote(missing)} is not in that of {Quote(create.Table)}. Add it to the index.");
                break;
            case DropObjects { Kind: ObjectKind.Index, Concurrently: true, Names: [var partitioned] } drop when IsOfPartitioned(context, partitioned):
                yield return Report(context, drop.Span, Severity.Error, null,
                    $"Refused: {Quote(partitioned)} is an index of a partitioned table, which no DROP INDEX CONCURRENTLY takes. DROP INDEX drops those of all partitions at once, under ACCESS EXCLUSIVE: with a short lock_timeout and retries.");
                break;
            case RefreshMaterializedView { Concurrently: true } refresh when context.Schema.View(refresh.View) is { IsMaterialized: true } view && !RefreshMatviewNotConcurrent.HasKey(view):
                yield return Report(context, refresh.Span, Severity.Error, refresh.View,
                    $"Refused: REFRESH CONCURRENTLY needs a unique index on plain columns and without WHERE, which {Quote(refresh.View)} lacks. Create one first.");
                break;
            case DropObjects { Kind: ObjectKind.Index, Concurrently: true } drop when drop.Names.Length > 1 || drop.Cascade:
                yield return Report(context, drop.Span, Severity.Error, null,
                    drop.Cascade ? "Refused: DROP INDEX CONCURRENTLY takes no CASCADE." : "Refused: DROP INDEX CONCURRENTLY takes one index. Write a statement for each.") with
                {
                    Fix = drop.Cascade ? null : Fix.Of("One index a statement", drop.Span, [.. drop.Names.Select(name => new FixStep($"DROP INDEX CONCURRENTLY {(drop.IfExists ? "IF EXISTS " : "")}{Quote(name)}", FixRun.Outside))]),
                };
                break;
            case CreateTable { IsPartitioned: true } create:
                foreach (var key in create.Constraints.Concat(create.Columns.SelectMany(column => column.Constraints)))
                {
                    if (MissingKey(create.PartitionKey, key) is { } missing)
                        yield return Report(context, key.Span, Severity.Error, create.Table, Message(create.Table, key, missing));
                }

                break;
            case AlterTable { Kind: ObjectKind.Table } alter:
                foreach (var finding in Judge(context, alter))
                    yield return finding;
                break;
        }
    }

    private IEnumerable<Finding> Judge(StatementContext context, AlterTable alter)
    {
        var table = context.Schema.Table(alter.Table);
        foreach (var action in alter.Actions)
        {
            if (action is DetachPartition { Concurrently: true } && context.Schema.PartitionsOf(alter.Table).Any(partition => partition.IsDefaultPartition))
            {
                yield return Report(context, action.Span, Severity.Error, alter.Table,
                    $"Refused: {Quote(alter.Table)} has a DEFAULT partition, beside which no partition is detached concurrently. Detach without CONCURRENTLY, with a short lock_timeout and retries.");
            }
            else if (action is AddConstraint { Constraint: { Kind: ConstraintKind.PrimaryKey or ConstraintKind.Unique } key } && table is { IsPartitioned: true })
            {
                if (key.UsingIndex is not null)
                    yield return Report(context, action.Span, Severity.Error, alter.Table, $"Refused: {Quote(alter.Table)} is partitioned, and a key there cannot be put on an index. Add the key itself.");
                else if (MissingKey(table.PartitionKey, key) is { } missing)
                    yield return Report(context, action.Span, Severity.Error, alter.Table, Message(alter.Table, key, missing));
            }
        }
    }

    /// <summary>A column of the partition key that a unique index of a partitioned table lacks.</summary>
    public static string? MissingKey(StatementContext context, CreateIndex create) => create.IsUnique && context.Schema.Table(create.Table) is { IsPartitioned: true } table
        ? table.PartitionKey.OfType<string>().FirstOrDefault(column => !create.Keys.Any(key => key.Column == column))
        : null;

    /// <summary>Whether an index is one of a partitioned table.</summary>
    public static bool IsOfPartitioned(StatementContext context, QualifiedName index) =>
        context.Schema.Index(index) is { } known && context.Schema.Table(known.Table) is { IsPartitioned: true };

    /// <summary>A column of the partition key that a unique key of the table lacks.</summary>
    private static string? MissingKey(System.Collections.Immutable.ImmutableArray<string?> partitionKey, TableConstraint key) =>
        key.Kind is ConstraintKind.PrimaryKey or ConstraintKind.Unique ? partitionKey.OfType<string>().FirstOrDefault(column => !key.Columns.Contains(column)) : null;

    private static string Message(QualifiedName table, TableConstraint key, string missing) =>
        $"Refused: a {(key.Kind == ConstraintKind.PrimaryKey ? "primary key" : "unique constraint")} of a partitioned table must hold the partition key, and {Quote(missing)} is not in that of {Quote(table)}. Add it to the key.";
}
