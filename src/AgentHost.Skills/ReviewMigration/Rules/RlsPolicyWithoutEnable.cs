using System.Collections.Immutable;
using AgentHost.Skills.ReviewMigration.Fixing;
using AgentHost.Sql;
using AgentHost.Sql.Statements;

namespace AgentHost.Skills.ReviewMigration.Rules;

/// <summary>CREATE POLICY on a table on which row-level security is never enabled.</summary>
internal sealed class RlsPolicyWithoutEnable : MigrationRule
{
    /// <inheritdoc />
    public override string Id => "rls-policy-without-enable";

    /// <inheritdoc />
    public override string Title => "A policy guards nothing until row-level security is enabled";

    /// <inheritdoc />
    public override string Manual => "PostgreSQL manual, 5.9 Row Security Policies";

    /// <inheritdoc />
    protected override ImmutableArray<Type> Concerns => [typeof(CreatePolicy)];

    /// <inheritdoc />
    public override IEnumerable<Finding> Judge(StatementContext context)
    {
        if (context.Statement is not CreatePolicy policy || context.Replay.After.Table(policy.Table) is { HasRowSecurity: true }
            || context.Replay.Statements.Any(other => other.Statement is AlterTable alter && other.Schema.Resolve(alter.Table) == context.Schema.Resolve(policy.Table)
                && alter.Actions.Any(action => action is OtherAction { Kind: "AT_EnableRowSecurity" })))
        {
            yield break;
        }

        bool isKnown = context.Schema.Table(policy.Table) is not null;
        yield return Report(context, policy.Span, isKnown ? Severity.Error : Severity.Warning, policy.Table,
            isKnown
                ? $"{Quote(policy.Name)} guards nothing: row-level security of {Quote(policy.Table)} is never enabled, so everyone with a grant sees every row."
                : $"Is row-level security of {Quote(policy.Table)} enabled? If not, {Quote(policy.Name)} guards nothing. Give the schema to be sure.") with
        {
            Fix = !isKnown || context.IsInside
                ? new Fix("Enable it, if it is not", $"{context.Text};\n{Enable(policy)};")
                : Fix.Of("Enable it", policy.Span, new FixStep(context.Text), new FixStep(Enable(policy))) with { Adds = Enable(policy) },
        };
    }

    private static string Enable(CreatePolicy policy) => $"ALTER TABLE {Quote(policy.Table)} ENABLE ROW LEVEL SECURITY";
}
