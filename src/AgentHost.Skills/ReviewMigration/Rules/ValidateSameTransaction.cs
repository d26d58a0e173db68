using System.Collections.Immutable;
using AgentHost.Skills.ReviewMigration.Fixing;
using AgentHost.Skills.ReviewMigration.Sizes;
using AgentHost.Sql;
using AgentHost.Sql.Statements;

namespace AgentHost.Skills.ReviewMigration.Rules;

/// <summary>A constraint that one transaction adds as NOT VALID and validates: the strong lock of the first is held during the scan of the second.</summary>
internal sealed class ValidateSameTransaction : MigrationRule
{
    /// <inheritdoc />
    public override string Id => "validate-same-transaction";

    /// <inheritdoc />
    public override string Title => "VALIDATE in the transaction that added the constraint gives NOT VALID away";

    /// <inheritdoc />
    public override string Manual => "PostgreSQL manual, ALTER TABLE, VALIDATE CONSTRAINT";

    /// <inheritdoc />
    public override TableWork Work => TableWork.Scan;

    /// <inheritdoc />
    protected override ImmutableArray<Type> Concerns => [typeof(ValidateConstraint)];

    /// <inheritdoc />
    public override IEnumerable<Finding> Judge(StatementContext context)
    {
        foreach (var (alter, validate) in ActionsOnExisting<ValidateConstraint>(context))
        {
            var table = context.Schema.Resolve(alter.Table);
            var added = alter.Actions.OfType<AddConstraint>()
                .Concat(context.StartOfTransaction.Where(earlier => earlier.Statement is AlterTable other && earlier.Schema.Resolve(other.Table) == table)
                    .SelectMany(earlier => ((AlterTable)earlier.Statement).Actions.OfType<AddConstraint>()))
                .FirstOrDefault(add => add.Constraint.NotValid && (add.Constraint.Name ?? NameOf(context, table, add)) == validate.Name);
            if (added is null)
                continue;
            bool isKey = added.Constraint.Kind == ConstraintKind.ForeignKey;
            yield return Report(context, validate.Span, Severity.Error, alter.Table,
                $"{Quote(validate.Name)} was added in this very transaction, so the scan of {Quote(alter.Table)} runs under the {(isKey ? "SHARE ROW EXCLUSIVE" : "ACCESS EXCLUSIVE")} "
                + "that adding it took. VALIDATE it in a later transaction (a file of its own).") with
            {
                Lock = LockMode.ShareUpdateExclusive,
                Scans = true,
                Fix = Apart.Of(context, validate.Span, alter.Actions.Length == 1, FixRun.Fresh),
            };
        }
    }

    private static string? NameOf(StatementContext context, QualifiedName table, AddConstraint add) =>
        context.Schema.Table(table)?.Constraints.FirstOrDefault(constraint => constraint.Span == add.Constraint.Span && constraint.Kind == add.Constraint.Kind)?.Name;
}
