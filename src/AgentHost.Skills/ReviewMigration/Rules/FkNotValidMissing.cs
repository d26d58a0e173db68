using System.Collections.Immutable;
using AgentHost.Skills.ReviewMigration.Fixing;
using AgentHost.Skills.ReviewMigration.Sizes;
using AgentHost.Sql;
using AgentHost.Sql.Statements;

namespace AgentHost.Skills.ReviewMigration.Rules;

/// <summary>A foreign key on an existing table that is validated at once: the table is read while neither table can be written.</summary>
internal sealed class FkNotValidMissing : MigrationRule
{
    /// <inheritdoc />
    public override string Id => "fk-not-valid-missing";

    /// <inheritdoc />
    public override string Title => "A foreign key that is validated at once scans the table while writes to both tables wait";

    /// <inheritdoc />
    public override string Manual => "PostgreSQL manual, ALTER TABLE, ADD table_constraint … NOT VALID";

    /// <inheritdoc />
    public override TableWork Work => TableWork.ForeignKeyCheck;

    /// <inheritdoc />
    protected override ImmutableArray<Type> Concerns => [typeof(AddConstraint), typeof(AddColumn)];

    /// <inheritdoc />
    public override IEnumerable<Finding> Judge(StatementContext context)
    {
        foreach (var (alter, add) in ActionsOnExisting<AddConstraint>(context))
        {
            if (add.Constraint is { Kind: ConstraintKind.ForeignKey, NotValid: false } key)
            {
                yield return Report(context, alter, add.Span, key, LockMode.ShareRowExclusive) with
                {
                    Fix = SafeForm(context, alter, add),
                };
            }
        }

        // A new column that starts out null in every row has nothing to check; one with a default is checked row by row.
        foreach (var (alter, add) in ActionsOnExisting<AddColumn>(context))
        {
            if (add.Column.Default is not { IsNull: false } || (add.IfNotExists && context.Schema.Table(alter.Table)?.Column(add.Column.Name) is not null))
                continue;
            foreach (var key in add.Column.Constraints.Where(constraint => constraint.Kind == ConstraintKind.ForeignKey))
                yield return Report(context, alter, key.Span, key, LockMode.AccessExclusive) with { Fix = NewColumnFix.Of(context, alter, add, "The column, then the key as NOT VALID, VALIDATE later") };
        }
    }

    private Finding Report(StatementContext context, AlterTable alter, SourceSpan span, TableConstraint key, LockMode mode)
    {
        var (table, target) = (Quote(alter.Table), Quote(key.References!));
        string blocked = mode == LockMode.AccessExclusive
            ? $"no one can use {table} (ACCESS EXCLUSIVE) or write {target} (SHARE ROW EXCLUSIVE)"
            : $"no one can write {table} or {target} (SHARE ROW EXCLUSIVE on both)";
        bool cannot = NeedsWholeKey(context, alter);
        return Report(context, span, Severity.Error, alter.Table,
            $"Reads all of {table} while {blocked}. "
            + (cannot
                ? $"NOT VALID on a partitioned table needs PostgreSQL 18: give each partition the key as NOT VALID, validate it there, then add it to {table}."
                : mode == LockMode.AccessExclusive
                    ? "Add the column without the key, then the key as NOT VALID, then VALIDATE it, each in a transaction of its own."
                    : "Add the key as NOT VALID, then VALIDATE it in a transaction of its own.")) with
        {
            Lock = mode,
            Scans = true,
        };
    }

    /// <summary>Before version 18 a foreign key of a partitioned table cannot be NOT VALID (release notes of 18).</summary>
    private static bool NeedsWholeKey(StatementContext context, AlterTable alter) =>
        context.PgVersion < 18 && context.Schema.Table(alter.Table) is { IsPartitioned: true };

    private static Fix SafeForm(StatementContext context, AlterTable alter, AddConstraint add)
    {
        if (!NeedsWholeKey(context, alter))
            return Fix.Of("NOT VALID first, VALIDATE later", add.Span, [.. ConstraintFix.NotValid(context, alter, add.Constraint)]);
        var (key, name) = (add.Constraint, Quote(ConstraintFix.Name(context, alter, add.Constraint)));
        string definition = (key.Name is null ? $"CONSTRAINT {name} " : "") + context.TextOf(key.Span);
        var partitions = context.Schema.PartitionsOf(alter.Table).OrderBy(partition => partition.Name.Name, StringComparer.Ordinal).Select(partition => Quote(partition.Name)).ToList();
        return Fix.Of("Partition by partition, then the parent", add.Span,
        [
            .. partitions.Select(partition => new FixStep($"ALTER TABLE {partition} ADD {definition} NOT VALID")),
            .. partitions.Select(partition => new FixStep($"ALTER TABLE {partition} VALIDATE CONSTRAINT {name}", FixRun.Fresh)),
            new FixStep($"ALTER TABLE {Quote(alter.Table)} ADD {definition}"),
        ]);
    }
}
