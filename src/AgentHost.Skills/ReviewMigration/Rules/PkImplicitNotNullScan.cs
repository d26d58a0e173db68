using System.Collections.Immutable;
using AgentHost.Skills.ReviewMigration.Fixing;
using AgentHost.Skills.ReviewMigration.Sizes;
using AgentHost.Sql;
using AgentHost.Sql.Statements;

namespace AgentHost.Skills.ReviewMigration.Rules;

/// <summary>PRIMARY KEY USING INDEX over a column that may be null: the implied SET NOT NULL reads the whole table.</summary>
internal sealed class PkImplicitNotNullScan : MigrationRule
{
    /// <inheritdoc />
    public override string Id => "pk-implicit-not-null-scan";

    /// <inheritdoc />
    public override string Title => "A primary key over a nullable column scans the table to find nulls";

    /// <inheritdoc />
    public override string Manual => "PostgreSQL manual, ALTER TABLE, ADD table_constraint_using_index";

    /// <inheritdoc />
    public override TableWork Work => TableWork.Scan;

    /// <inheritdoc />
    protected override ImmutableArray<Type> Concerns => [typeof(AddConstraint)];

    /// <inheritdoc />
    public override IEnumerable<Finding> Judge(StatementContext context)
    {
        foreach (var (alter, add) in ActionsOnExisting<AddConstraint>(context))
        {
            if (add.Constraint is not { Kind: ConstraintKind.PrimaryKey, UsingIndex: { } used })
                continue;
            var table = context.Schema.Table(alter.Table);
            var index = table?.Indexes.FirstOrDefault(candidate => candidate.Name == used);
            if (table is null || index is null)
            {
                yield return Report(context, add.Span, Severity.Warning, alter.Table,
                    $"Are the columns of {Quote(used)} NOT NULL already? If not, all of {Quote(alter.Table)} is read under ACCESS EXCLUSIVE to prove it. Give the schema to be sure.") with
                {
                    Lock = LockMode.AccessExclusive,
                    Scans = true,
                };
                continue;
            }

            var nullable = index.Keys.Select(key => key.Column).OfType<string>()
                .Where(column => table.Column(column) is { IsNotNull: false } && !(context.PgVersion >= 12 && table.ProvesNotNull(column))).ToList();
            if (nullable.Count == 0)
                continue;
            yield return Report(context, add.Span, Severity.Error, alter.Table,
                $"{Quote(nullable)} of {Quote(alter.Table)} may be null, so the key reads the whole table under ACCESS EXCLUSIVE to set NOT NULL. "
                + "Prove it first with a validated CHECK (… IS NOT NULL).") with
            {
                Lock = LockMode.AccessExclusive,
                Scans = true,
                Fix = context.PgVersion < NotNullProof.FirstVersion ? null : Fix.Of("Prove NOT NULL first", add.Span,
                    [.. NotNullProof.Steps(context, alter.Table, nullable, new FixStep($"ALTER TABLE {Quote(alter.Table)} {context.TextOf(add.Span)}"))]),
            };
        }
    }
}
