using System.Collections.Immutable;
using AgentHost.Skills.ReviewMigration.Sizes;
using AgentHost.Sql;
using AgentHost.Sql.Statements;

namespace AgentHost.Skills.ReviewMigration.Rules;

/// <summary>ADD COLUMN … GENERATED ALWAYS AS (…) STORED, or SET EXPRESSION: every row is computed under ACCESS EXCLUSIVE.</summary>
internal sealed class GeneratedStoredRewrite : MigrationRule
{
    /// <inheritdoc />
    public override string Id => "generated-stored-rewrite";

    /// <inheritdoc />
    public override string Title => "A new stored generated column writes the whole table anew";

    /// <inheritdoc />
    public override string Manual => "PostgreSQL manual, ALTER TABLE, Notes";

    /// <inheritdoc />
    public override TableWork Work => TableWork.Rewrite;

    /// <inheritdoc />
    protected override ImmutableArray<Type> Concerns => [typeof(AddColumn), typeof(OtherAction)];

    /// <inheritdoc />
    public override IEnumerable<Finding> Judge(StatementContext context)
    {
        foreach (var (alter, add) in ColumnsAddedToExisting(context))
        {
            if (add.Column.Generated is not null)
                yield return Report(context, alter, add.Span, add.Column.Name);
        }

        foreach (var (alter, action) in ActionsOnExisting<OtherAction>(context))
        {
            if (action.Kind == "AT_SetExpression" && context.IsExisting(alter.Table, action.Name ?? ""))
                yield return Report(context, alter, action.Span, action.Name ?? "");
        }
    }

    private Finding Report(StatementContext context, AlterTable alter, SourceSpan span, string column) =>
        Report(context, span, Severity.Error, alter.Table,
            $"Computes {Quote(column)} for every row: all of {Quote(alter.Table)} is written anew under ACCESS EXCLUSIVE. "
            + (context.PgVersion >= 18
                ? "Make it VIRTUAL, which computes on reading and touches no row."
                : "Add a plain column, keep it in step with a trigger and fill it in batches, or compute it in a view.")) with
        {
            Lock = LockMode.AccessExclusive,
            Rewrites = true,
            Scans = true,
        };
}
