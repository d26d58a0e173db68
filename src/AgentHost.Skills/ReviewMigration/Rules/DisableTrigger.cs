using System.Collections.Immutable;
using AgentHost.Sql;
using AgentHost.Sql.Statements;

namespace AgentHost.Skills.ReviewMigration.Rules;

/// <summary>DISABLE TRIGGER on an existing table, or session_replication_role = replica.</summary>
internal sealed class DisableTrigger : MigrationRule
{
    /// <inheritdoc />
    public override string Id => "disable-trigger";

    /// <inheritdoc />
    public override string Title => "While triggers are off, foreign keys and audit logic are not enforced";

    /// <inheritdoc />
    public override string Manual => "PostgreSQL manual, ALTER TABLE, DISABLE TRIGGER";

    /// <inheritdoc />
    protected override ImmutableArray<Type> Concerns => [typeof(OtherAction), typeof(SetVariable)];

    /// <inheritdoc />
    public override IEnumerable<Finding> Judge(StatementContext context)
    {
        foreach (var (alter, action) in ActionsOnExisting<OtherAction>(context))
        {
            if (!action.Kind.StartsWith("AT_DisableTrig", StringComparison.Ordinal))
                continue;
            var table = Quote(alter.Table);
            string what = action.Kind switch
            {
                "AT_DisableTrigAll" => $"foreign keys and all triggers of {table}",
                "AT_DisableTrigUser" => $"all triggers of {table}",
                _ => $"the trigger {Quote(action.Name ?? "")} of {table}",
            };
            yield return Report(context, action.Span, Severity.Error, alter.Table,
                $"Rows written until it is enabled again pass by {what}, and nothing checks them later. "
                + "Have the trigger function skip your own session by a setting of its own instead.") with
            {
                Lock = LockMode.ShareRowExclusive,
            };
        }

        if (context.Statement is SetVariable { Name: "session_replication_role", Value: { } role } set && role.Equals("replica", StringComparison.OrdinalIgnoreCase))
        {
            yield return Report(context, set.Span, Severity.Error, null,
                "Foreign keys and triggers do not fire for anything this session writes from here on, and nothing checks those rows later.");
        }
    }
}
