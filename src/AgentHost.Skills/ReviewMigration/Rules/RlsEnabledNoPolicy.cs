using System.Collections.Immutable;
using AgentHost.Sql;
using AgentHost.Sql.Statements;

namespace AgentHost.Skills.ReviewMigration.Rules;

/// <summary>ENABLE ROW LEVEL SECURITY on a table without a policy.</summary>
internal sealed class RlsEnabledNoPolicy : MigrationRule
{
    /// <inheritdoc />
    public override string Id => "rls-enabled-no-policy";

    /// <inheritdoc />
    public override string Title => "Row-level security without a policy hides every row";

    /// <inheritdoc />
    public override string Manual => "PostgreSQL manual, 5.9 Row Security Policies";

    /// <inheritdoc />
    protected override ImmutableArray<Type> Concerns => [typeof(OtherAction)];

    /// <inheritdoc />
    public override IEnumerable<Finding> Judge(StatementContext context)
    {
        if (context.Statement is not AlterTable { Kind: ObjectKind.Table } alter || alter.Actions.OfType<OtherAction>().FirstOrDefault(action => action.Kind == "AT_EnableRowSecurity") is not { } enable)
            yield break;
        var table = context.Schema.Resolve(alter.Table);
        bool isKnown = context.Schema.Table(alter.Table) is not null;
        if (context.Replay.After.Table(table) is { Policies.IsEmpty: false } or { HasRowSecurity: false }
            || context.Replay.Statements.Any(other => other.Statement is CreatePolicy policy && other.Schema.Resolve(policy.Table) == table))
        {
            yield break;
        }

        yield return Report(context, enable.Span, isKnown ? Severity.Error : Severity.Warning, alter.Table,
            isKnown
                ? $"{Quote(alter.Table)} has no policy: from this commit on every role but its owner sees no row and can write none. Create the policies in the same transaction."
                : $"Does {Quote(alter.Table)} have a policy? If not, every role but its owner sees no row from this commit on. Give the schema to be sure.") with
        {
            Lock = LockMode.AccessExclusive,
        };
    }
}
