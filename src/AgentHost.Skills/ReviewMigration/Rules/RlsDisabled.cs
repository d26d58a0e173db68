using System.Collections.Immutable;
using AgentHost.Sql;
using AgentHost.Sql.Statements;

namespace AgentHost.Skills.ReviewMigration.Rules;

/// <summary>DISABLE ROW LEVEL SECURITY on an existing table.</summary>
internal sealed class RlsDisabled : MigrationRule
{
    /// <inheritdoc />
    public override string Id => "rls-disabled";

    /// <inheritdoc />
    public override string Title => "Without row-level security everyone with a grant sees every row";

    /// <inheritdoc />
    public override string Manual => "PostgreSQL manual, 5.9 Row Security Policies";

    /// <inheritdoc />
    protected override ImmutableArray<Type> Concerns => [typeof(OtherAction)];

    /// <inheritdoc />
    public override IEnumerable<Finding> Judge(StatementContext context)
    {
        foreach (var (alter, action) in ActionsOnExisting<OtherAction>(context))
        {
            if (action.Kind != "AT_DisableRowSecurity" || context.Schema.Table(alter.Table) is { HasRowSecurity: false } || context.Replay.After.Table(alter.Table) is { HasRowSecurity: true })
                continue;
            yield return Report(context, action.Span, Severity.Error, alter.Table,
                $"The policies of {Quote(alter.Table)} guard nothing from this commit on: everyone with a grant sees and writes every row, of every tenant. "
                + "To let one role pass, give it BYPASSRLS or a policy of its own.") with
            {
                Lock = LockMode.AccessExclusive,
            };
        }
    }
}
