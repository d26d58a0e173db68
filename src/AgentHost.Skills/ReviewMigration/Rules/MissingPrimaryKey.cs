using System.Collections.Immutable;
using AgentHost.Sql;
using AgentHost.Sql.Statements;

namespace AgentHost.Skills.ReviewMigration.Rules;

/// <summary>A new permanent table that has no primary key at the end of the file.</summary>
internal sealed class MissingPrimaryKey : MigrationRule
{
    /// <inheritdoc />
    public override string Id => "missing-primary-key";

    /// <inheritdoc />
    public override string Title => "A table without a primary key cannot tell its rows apart";

    /// <inheritdoc />
    public override string Manual => "PostgreSQL manual, 5.5.4 Primary Keys";

    /// <inheritdoc />
    public override bool IsAdvice => true;

    /// <inheritdoc />
    protected override ImmutableArray<Type> Concerns => [typeof(CreateTable)];

    /// <inheritdoc />
    public override IEnumerable<Finding> Judge(StatementContext context)
    {
        if (context.Statement is not CreateTable { IsTemporary: false, PartitionOf: null } create || !create.Like.IsEmpty || !create.Inherits.IsEmpty
            || (create.IfNotExists && context.Schema.Table(create.Table) is not null)
            || context.Replay.After.Table(context.Schema.Resolve(create.Table)) is not { PrimaryKey: null, PartitionOf: null })
        {
            yield break;
        }

        yield return Report(context, create.Span, Severity.Info, create.Table,
            $"{Quote(create.Table)} has no primary key: duplicates cannot be told apart, and logical replication refuses UPDATE and DELETE. Give it one.");
    }
}
