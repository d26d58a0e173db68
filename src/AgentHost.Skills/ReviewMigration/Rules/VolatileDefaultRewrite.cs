using System.Collections.Immutable;
using AgentHost.Skills.ReviewMigration.Fixing;
using AgentHost.Skills.ReviewMigration.Sizes;
using AgentHost.Sql;
using AgentHost.Sql.Statements;

namespace AgentHost.Skills.ReviewMigration.Rules;

/// <summary>ADD COLUMN with a default that differs from row to row: every row is written anew under ACCESS EXCLUSIVE.</summary>
internal sealed class VolatileDefaultRewrite : MigrationRule
{
    /// <inheritdoc />
    public override string Id => "volatile-default-rewrite";

    /// <inheritdoc />
    public override string Title => "A new column with a volatile default writes the whole table anew";

    /// <inheritdoc />
    public override string Manual => "PostgreSQL manual, ALTER TABLE, Notes";

    /// <inheritdoc />
    public override TableWork Work => TableWork.Rewrite;

    /// <inheritdoc />
    protected override ImmutableArray<Type> Concerns => [typeof(AddColumn)];

    /// <inheritdoc />
    public override IEnumerable<Finding> Judge(StatementContext context)
    {
        foreach (var (alter, add) in ColumnsAddedToExisting(context))
        {
            if (add.Column.Default is not { IsConstant: false } value)
                continue;
            var (table, column) = (Quote(alter.Table), Quote(add.Column.Name));
            if (value.Functions.FirstOrDefault(function => context.Schema.IsVolatile(function) == true) is { } culprit)
            {
                yield return Report(context, add.Span, Severity.Error, alter.Table,
                    $"{culprit}() is volatile: {column} gets a value of its own in every row, so all of {table} is written anew under ACCESS EXCLUSIVE. "
                    + "Add the column without a default, set the default, then fill old rows in batches.") with
                {
                    Lock = LockMode.AccessExclusive,
                    Rewrites = true,
                    Scans = true,
                    Fix = NewColumnFix.Of(context, alter, add, "Column, then default, then batches"),
                };
            }
            else if (value.Functions.FirstOrDefault(function => context.Schema.IsVolatile(function) is null) is { } unknown)
            {
                yield return Report(context, add.Span, Severity.Warning, alter.Table,
                    $"Is {unknown}() volatile (the default of CREATE FUNCTION)? If so, all of {table} is written anew under ACCESS EXCLUSIVE. Give the schema that defines it.") with
                {
                    Lock = LockMode.AccessExclusive,
                    Rewrites = true,
                    Scans = true,
                };
            }
        }
    }
}
