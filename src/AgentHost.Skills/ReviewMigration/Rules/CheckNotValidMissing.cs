using System.Collections.Immutable;
using AgentHost.Skills.ReviewMigration.Fixing;
using AgentHost.Skills.ReviewMigration.Sizes;
using AgentHost.Sql;
using AgentHost.Sql.Statements;

namespace AgentHost.Skills.ReviewMigration.Rules;

/// <summary>A CHECK on an existing table that is validated at once: the whole table is read under ACCESS EXCLUSIVE.</summary>
internal sealed class CheckNotValidMissing : MigrationRule
{
    /// <inheritdoc />
    public override string Id => "check-not-valid-missing";

    /// <inheritdoc />
    public override string Title => "A CHECK that is validated at once scans the table under ACCESS EXCLUSIVE";

    /// <inheritdoc />
    public override string Manual => "PostgreSQL manual, ALTER TABLE, ADD table_constraint … NOT VALID";

    /// <inheritdoc />
    public override TableWork Work => TableWork.Scan;

    /// <inheritdoc />
    protected override ImmutableArray<Type> Concerns => [typeof(AddConstraint), typeof(AddColumn)];

    /// <inheritdoc />
    public override IEnumerable<Finding> Judge(StatementContext context)
    {
        foreach (var (alter, add) in ActionsOnExisting<AddConstraint>(context))
        {
            if (add.Constraint is { Kind: ConstraintKind.Check, NotValid: false })
                yield return Report(context, alter, add.Span) with { Fix = Fix.Of("NOT VALID first, VALIDATE later", add.Span, [.. ConstraintFix.NotValid(context, alter, add.Constraint)]) };
        }

        foreach (var (alter, add) in ActionsOnExisting<AddColumn>(context))
        {
            if (add.IfNotExists && context.Schema.Table(alter.Table)?.Column(add.Column.Name) is not null)
                continue;
            foreach (var check in add.Column.Constraints.Where(constraint => constraint.Kind == ConstraintKind.Check))
                yield return Report(context, alter, check.Span) with { Fix = NewColumnFix.Of(context, alter, add, "The column, then the CHECK as NOT VALID, VALIDATE later") };
        }
    }

    private Finding Report(StatementContext context, AlterTable alter, SourceSpan span)
    {
        string table = Quote(alter.Table);
        return Report(context, span, Severity.Error, alter.Table,
            $"Reads all of {table} under ACCESS EXCLUSIVE: no one can read or write it meanwhile. "
            + "Add the CHECK as NOT VALID, then VALIDATE it in a transaction of its own (which lets reads and writes go on).") with
        {
            Lock = LockMode.AccessExclusive,
            Scans = true,
        };
    }
}
