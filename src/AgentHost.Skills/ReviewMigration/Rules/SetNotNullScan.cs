using System.Collections.Immutable;
using AgentHost.Skills.ReviewMigration.Fixing;
using AgentHost.Skills.ReviewMigration.Sizes;
using AgentHost.Sql;
using AgentHost.Sql.Statements;

namespace AgentHost.Skills.ReviewMigration.Rules;

/// <summary>SET NOT NULL that nothing proves: the whole table is read under ACCESS EXCLUSIVE.</summary>
internal sealed class SetNotNullScan : MigrationRule
{
    /// <inheritdoc />
    public override string Id => "set-not-null-scan";

    /// <inheritdoc />
    public override string Title => "SET NOT NULL scans the table under ACCESS EXCLUSIVE unless a validated CHECK proves it";

    /// <inheritdoc />
    public override string Manual => "PostgreSQL manual, ALTER TABLE, SET NOT NULL";

    /// <inheritdoc />
    public override TableWork Work => TableWork.Scan;

    /// <inheritdoc />
    protected override ImmutableArray<Type> Concerns => [typeof(SetNotNull)];

    /// <inheritdoc />
    public override IEnumerable<Finding> Judge(StatementContext context)
    {
        foreach (var (alter, set) in ActionsOnExisting<SetNotNull>(context))
        {
            var table = context.Schema.Table(alter.Table);
            if (table?.Column(set.Column) is { IsNotNull: true } || (context.PgVersion >= 12 && table?.ProvesNotNull(set.Column) == true))
                continue;
            if (table?.Column(set.Column) is not null || context.PgVersion < 12)
                yield return Report(context, alter, set, table);
            else if (!IsProvedBefore(context, alter, set))
                yield return Question(context, alter, set);
        }
    }

    /// <summary>A column of which the schema tells nothing may be proved, or NOT NULL already.</summary>
    private Finding Question(StatementContext context, AlterTable alter, SetNotNull set)
    {
        var (name, column) = (Quote(alter.Table), Quote(set.Column));
        return Report(context, set.Span, Severity.Warning, alter.Table,
            $"Does a validated CHECK ({column} IS NOT NULL) prove it? If not, all of {name} is read under ACCESS EXCLUSIVE. Add it as NOT VALID and VALIDATE it first, or give the schema to be sure.") with
        {
            Lock = LockMode.AccessExclusive,
            Scans = true,
            Fix = Fix.Of("Prove it with a CHECK first", set.Span, [.. NotNullProof.Steps(context, alter.Table, [set.Column])]),
        };
    }

    /// <summary>Whether the file itself adds the CHECK and validates it, which a table that the schema lacks does not show.</summary>
    private static bool IsProvedBefore(StatementContext context, AlterTable alter, SetNotNull set)
    {
        var table = context.Schema.Resolve(alter.Table);
        var actions = context.Replay.Statements.Take(context.Index).Where(earlier => earlier.Statement is AlterTable other && earlier.Schema.Resolve(other.Table) == table)
            .SelectMany(earlier => ((AlterTable)earlier.Statement).Actions).ToList();
        return actions.OfType<AddConstraint>().Any(add => add.Constraint.Check?.NotNullColumns.Contains(set.Column) == true
            && (!add.Constraint.NotValid || actions.OfType<ValidateConstraint>().Any(validate => validate.Name == add.Constraint.Name)));
    }

    private Finding Report(StatementContext context, AlterTable alter, SetNotNull set, TableModel? table)
    {
        var (name, column) = (Quote(alter.Table), Quote(set.Column));
        var unproven = table?.Constraints.FirstOrDefault(constraint =>
            constraint is { Kind: ConstraintKind.Check, NotValid: true } && constraint.Check!.NotNullColumns.Contains(set.Column));
        string advice = (context.PgVersion, unproven) switch
        {
            (< 12, _) => "Before version 12 no CHECK spares the scan: keep a validated CHECK instead of NOT NULL.",
            (_, { Name: { } check }) => $"The CHECK {Quote(check)} would prove it, but it is NOT VALID: VALIDATE it first.",
            _ => $"Prove it first with a validated CHECK ({column} IS NOT NULL).",
        };
        return Report(context, set.Span, Severity.Error, alter.Table,
            $"Reads all of {name} under ACCESS EXCLUSIVE: no one can read or write it meanwhile. {advice}") with
        {
            Lock = LockMode.AccessExclusive,
            Scans = true,
            Fix = context.PgVersion < NotNullProof.FirstVersion ? null : Fix.Of("Prove it with a CHECK first", set.Span, [.. NotNullProof.Steps(context, alter.Table, [set.Column])]),
        };
    }
}
