using System.Collections.Immutable;
using AgentHost.Skills.ReviewMigration.Sizes;
using AgentHost.Sql;
using AgentHost.Sql.Statements;

namespace AgentHost.Skills.ReviewMigration.Rules;

/// <summary>ADD COLUMN with a default on PostgreSQL 10: every row is written anew under ACCESS EXCLUSIVE.</summary>
internal sealed class ConstantDefaultRewritePre11 : MigrationRule
{
    /// <inheritdoc />
    public override string Id => "constant-default-rewrite-pre11";

    /// <inheritdoc />
    public override string Title => "Before version 11 a new column with any default writes the whole table anew";

    /// <inheritdoc />
    public override string Manual => "PostgreSQL manual, ALTER TABLE, Notes (release notes of 11)";

    /// <inheritdoc />
    public override TableWork Work => TableWork.Rewrite;

    /// <inheritdoc />
    protected override ImmutableArray<Type> Concerns => [typeof(AddColumn)];

    /// <inheritdoc />
    public override IEnumerable<Finding> Judge(StatementContext context)
    {
        if (context.PgVersion >= 11)
            yield break;
        foreach (var (alter, add) in ColumnsAddedToExisting(context))
        {
            if (add.Column.Default is not { IsNull: false } value || value.Functions.Any(function => context.Schema.IsVolatile(function) == true))
                continue;
            var (table, column) = (Quote(alter.Table), Quote(add.Column.Name));
            yield return Report(context, add.Span, Severity.Error, alter.Table,
                $"PostgreSQL {context.PgVersion} writes all of {table} anew under ACCESS EXCLUSIVE to fill in the default of {column} (11 and later do not). "
                + "Add the column, set the default, then fill old rows in batches.") with
            {
                Lock = LockMode.AccessExclusive,
                Rewrites = true,
                Scans = true,
                Fix = new Fix("Column, then default, then batches", $"""
                    ALTER TABLE {table} ADD COLUMN {column} {add.Column.Type};
                    ALTER TABLE {table} ALTER COLUMN {column} SET DEFAULT {value.Text};
                    -- fill old rows in batches: UPDATE {table} SET {column} = DEFAULT WHERE {column} IS NULL AND … (a range of the key)
                    """),
            };
        }
    }
}
