using System.Collections.Immutable;
using AgentHost.Skills.ReviewMigration.Fixing;
using AgentHost.Skills.ReviewMigration.Sizes;
using AgentHost.Sql;
using AgentHost.Sql.Statements;

namespace AgentHost.Skills.ReviewMigration.Rules;

/// <summary>A key added to an existing table without USING INDEX: its index is built under ACCESS EXCLUSIVE.</summary>
internal abstract class KeyBuildsIndex(ConstraintKind kind) : MigrationRule
{
    /// <inheritdoc />
    public override string Manual => "PostgreSQL manual, ALTER TABLE, ADD table_constraint_using_index";

    /// <inheritdoc />
    public override TableWork Work => TableWork.IndexBuild;

    /// <inheritdoc />
    protected override ImmutableArray<Type> Concerns => [typeof(AddConstraint), typeof(AddColumn)];

    /// <inheritdoc />
    public override IEnumerable<Finding> Judge(StatementContext context)
    {
        foreach (var (alter, add) in ActionsOnExisting<AddConstraint>(context))
        {
            if (add.Constraint is { UsingIndex: null } key && key.Kind == kind)
                yield return Report(context, alter, add.Span) with { Fix = IsPartitioned(context, alter) ? null : Fix.Of("Unique index concurrently, then the constraint on it", add.Span, [.. KeyFix.Steps(context, alter, key)]) };
        }

        foreach (var (alter, add) in ColumnsAddedToExisting(context))
        {
            foreach (var key in add.Column.Constraints.Where(constraint => constraint.Kind == kind))
                yield return Report(context, alter, key.Span) with { Fix = NewColumnFix.Of(context, alter, add, "The column, then a unique index concurrently, then the constraint on it") };
        }
    }

    private static bool IsPartitioned(StatementContext context, AlterTable alter) => context.Schema.Table(alter.Table) is { IsPartitioned: true };

    private Finding Report(StatementContext context, AlterTable alter, SourceSpan span) =>
        Report(context, span, Severity.Error, alter.Table,
            $"Builds an index over all of {Quote(alter.Table)} under ACCESS EXCLUSIVE: no one can read or write it meanwhile. "
            + (IsPartitioned(context, alter)
                ? "Build the unique index ON ONLY the parent, concurrently on each partition, and attach those."
                : "Build a unique index CONCURRENTLY, then add the constraint USING INDEX.")) with
        {
            Lock = LockMode.AccessExclusive,
            Scans = true,
        };
}
