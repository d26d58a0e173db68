using System.Collections.Immutable;
using AgentHost.Skills.ReviewMigration.Sizes;
using AgentHost.Sql;
using AgentHost.Sql.Statements;

namespace AgentHost.Skills.ReviewMigration.Rules;

/// <summary>EXCLUDE added to an existing table: there is no concurrent form.</summary>
internal sealed class ExclusionConstraintLock : MigrationRule
{
    /// <inheritdoc />
    public override string Id => "exclusion-constraint-lock";

    /// <inheritdoc />
    public override string Title => "An exclusion constraint builds its index while nobody can use the table";

    /// <inheritdoc />
    public override string Manual => "PostgreSQL manual, CREATE TABLE, EXCLUDE";

    /// <inheritdoc />
    public override TableWork Work => TableWork.IndexBuild;

    /// <inheritdoc />
    protected override ImmutableArray<Type> Concerns => [typeof(AddConstraint)];

    /// <inheritdoc />
    public override IEnumerable<Finding> Judge(StatementContext context)
    {
        foreach (var (alter, add) in ActionsOnExisting<AddConstraint>(context))
        {
            if (add.Constraint.Kind != ConstraintKind.Exclusion)
                continue;
            yield return Report(context, add.Span, Severity.Error, alter.Table,
                $"Builds an index over all of {Quote(alter.Table)} under ACCESS EXCLUSIVE, and EXCLUDE has no concurrent form. "
                + "Create a new table with the constraint, copy in batches and switch, or take a maintenance window.") with
            {
                Lock = LockMode.AccessExclusive,
                Scans = true,
            };
        }
    }
}
