using System.Collections.Immutable;
using AgentHost.Sql;
using AgentHost.Sql.Statements;

namespace AgentHost.Skills.ReviewMigration.Rules;

/// <summary>CREATE TRIGGER on an existing table.</summary>
internal sealed class TriggerOnExistingTable : MigrationRule
{
    /// <inheritdoc />
    public override string Id => "trigger-on-existing-table";

    /// <inheritdoc />
    public override string Title => "A trigger locks out writes while it is made, and works on every row from then on";

    /// <inheritdoc />
    public override string Manual => "PostgreSQL manual, CREATE TRIGGER";

    /// <inheritdoc />
    public override bool IsAdvice => true;

    /// <inheritdoc />
    protected override ImmutableArray<Type> Concerns => [typeof(CreateTrigger)];

    /// <inheritdoc />
    public override IEnumerable<Finding> Judge(StatementContext context)
    {
        if (context.Statement is not CreateTrigger trigger || !context.IsExisting(trigger.Table) || context.Schema.View(trigger.Table) is not null)
            yield break;
        yield return Report(context, trigger.Span, Severity.Info, trigger.Table,
            $"Takes SHARE ROW EXCLUSIVE on {Quote(trigger.Table)} for a moment, and {Quote(trigger.Function)}() then runs on its writes. Is it fast, and can it fail?") with
        {
            Lock = LockMode.ShareRowExclusive,
        };
    }
}
