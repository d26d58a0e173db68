using System.Collections.Immutable;
using AgentHost.Sql;
using AgentHost.Sql.Statements;

namespace AgentHost.Skills.ReviewMigration.Rules;

/// <summary>autovacuum_enabled = false.</summary>
internal sealed class AutovacuumDisabled : MigrationRule
{
    /// <inheritdoc />
    public override string Id => "autovacuum-disabled";

    /// <inheritdoc />
    public override string Title => "A table that autovacuum passes by bloats, and its statistics go stale";

    /// <inheritdoc />
    public override string Manual => "PostgreSQL manual, 24.1.6 The Autovacuum Daemon";

    /// <inheritdoc />
    public override bool IsAdvice => true;

    /// <inheritdoc />
    protected override ImmutableArray<Type> Concerns => [typeof(OtherAction)];

    /// <inheritdoc />
    public override IEnumerable<Finding> Judge(StatementContext context)
    {
        if (context.Statement is not AlterTable alter)
            yield break;
        foreach (var action in alter.Actions.OfType<OtherAction>().Where(action => action.Kind == "AT_SetRelOptions"
            && action.Options.Any(option => option.Key is "autovacuum_enabled" or "toast.autovacuum_enabled" && option.Value is "false" or "off" or "0")))
        {
            yield return Report(context, action.Span, Severity.Warning, alter.Table,
                $"{Quote(alter.Table)} bloats and its statistics go stale until a forced vacuum against wraparound, at the worst time. Tune autovacuum_vacuum_scale_factor instead.");
        }
    }
}
