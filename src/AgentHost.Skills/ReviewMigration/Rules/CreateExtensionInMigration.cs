using System.Collections.Immutable;
using AgentHost.Sql;
using AgentHost.Sql.Statements;

namespace AgentHost.Skills.ReviewMigration.Rules;

/// <summary>CREATE EXTENSION in a migration.</summary>
internal sealed class CreateExtensionInMigration : MigrationRule
{
    /// <inheritdoc />
    public override string Id => "create-extension";

    /// <inheritdoc />
    public override string Title => "An extension needs rights and files that the target may lack";

    /// <inheritdoc />
    public override string Manual => "PostgreSQL manual, CREATE EXTENSION";

    /// <inheritdoc />
    public override bool IsAdvice => true;

    /// <inheritdoc />
    protected override ImmutableArray<Type> Concerns => [typeof(CreateExtension)];

    /// <inheritdoc />
    public override IEnumerable<Finding> Judge(StatementContext context)
    {
        if (context.Statement is not CreateExtension create)
            yield break;
        yield return Report(context, create.Span, Severity.Info, null,
            $"Is {Quote(create.Name)} installed on every target, and may the migration's role create it? Untrusted extensions need a superuser; on a managed service, look at its list.");
    }
}
