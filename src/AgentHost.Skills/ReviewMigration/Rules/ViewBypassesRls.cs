using System.Collections.Immutable;
using AgentHost.Sql;
using AgentHost.Sql.Statements;

namespace AgentHost.Skills.ReviewMigration.Rules;

/// <summary>A view over a table with row-level security, without security_invoker.</summary>
internal sealed class ViewBypassesRls : MigrationRule
{
    /// <inheritdoc />
    public override string Id => "view-bypasses-rls";

    /// <inheritdoc />
    public override string Title => "A view reads with its owner's rights, past the policies of who asks";

    /// <inheritdoc />
    public override string Manual => "PostgreSQL manual, CREATE VIEW, security_invoker";

    /// <inheritdoc />
    public override bool IsAdvice => true;

    /// <inheritdoc />
    protected override ImmutableArray<Type> Concerns => [typeof(CreateView)];

    /// <inheritdoc />
    public override IEnumerable<Finding> Judge(StatementContext context)
    {
        if (context.Statement is not CreateView { IsMaterialized: false, IsSecurityInvoker: false } view
            || view.Relations.Select(context.Replay.After.Table).FirstOrDefault(table => table is { HasRowSecurity: true }) is not { } guarded)
        {
            yield break;
        }

        yield return Report(context, view.Span, Severity.Warning, view.View,
            $"{Quote(view.View)} reads {Quote(guarded.Name)} as its owner, to whom the policies may not apply: who asks the view sees rows of others. "
            + (context.PgVersion >= 15 ? "Make it WITH (security_invoker = true)." : "security_invoker needs version 15; give the view to an owner that the policies hold for."));
    }
}
