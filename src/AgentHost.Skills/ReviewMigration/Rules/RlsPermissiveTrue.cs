using System.Collections.Immutable;
using AgentHost.Sql;
using AgentHost.Sql.Statements;

namespace AgentHost.Skills.ReviewMigration.Rules;

/// <summary>A permissive policy that is always true.</summary>
internal sealed class RlsPermissiveTrue : MigrationRule
{
    /// <inheritdoc />
    public override string Id => "rls-permissive-true";

    /// <inheritdoc />
    public override string Title => "A permissive policy USING (true) opens every row, whatever the other policies say";

    /// <inheritdoc />
    public override string Manual => "PostgreSQL manual, 5.9 Row Security Policies";

    /// <inheritdoc />
    public override bool IsAdvice => true;

    /// <inheritdoc />
    protected override ImmutableArray<Type> Concerns => [typeof(CreatePolicy)];

    /// <inheritdoc />
    public override IEnumerable<Finding> Judge(StatementContext context)
    {
        if (context.Statement is not CreatePolicy { IsPermissive: true } policy || !(IsTrue(policy.Using) || (policy.Using is null && IsTrue(policy.WithCheck))))
            yield break;
        yield return Report(context, policy.Span, Severity.Warning, policy.Table,
            $"Permissive policies are joined by OR, so {Quote(policy.Name)} opens every row of {Quote(policy.Table)} to its roles, whatever the others say. Say who may see what, or make the others AS RESTRICTIVE.");
    }

    private static bool IsTrue(Expression? expression) => expression is { IsConstant: true } && expression.Text.Trim(' ', '(', ')').Equals("true", StringComparison.OrdinalIgnoreCase);
}
