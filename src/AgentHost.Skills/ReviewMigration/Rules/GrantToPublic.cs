using System.Collections.Immutable;
using AgentHost.Sql;
using AgentHost.Sql.Statements;

namespace AgentHost.Skills.ReviewMigration.Rules;

/// <summary>GRANT … TO PUBLIC on tables, schemas, functions or sequences.</summary>
internal sealed class GrantToPublic : MigrationRule
{
    /// <inheritdoc />
    public override string Id => "grant-to-public";

    /// <inheritdoc />
    public override string Title => "A grant to PUBLIC is a grant to every role there is and will be";

    /// <inheritdoc />
    public override string Manual => "PostgreSQL manual, GRANT";

    /// <inheritdoc />
    protected override ImmutableArray<Type> Concerns => [typeof(Grant)];

    /// <inheritdoc />
    public override IEnumerable<Finding> Judge(StatementContext context)
    {
        if (context.Statement is not Grant { IsGrant: true, ToPublic: true, Kind: not (ObjectKind.Type or ObjectKind.Domain) } grant)
            yield break;
        if (IsGranted(context.Schema, grant))
            yield break;
        string what = grant.IsDefault ? "objects made from now on" : grant.AllInSchema ? $"everything in {Quote(grant.Names.Select(name => name.Name))}" : Quote(grant.Names);
        yield return Report(context, grant.Span, Severity.Error, grant.Kind == ObjectKind.Table && !grant.AllInSchema ? grant.Names.FirstOrDefault() : null,
            $"Opens {what} to every role of the database, also those made later. Grant it to the roles that need it.");
    }

    /// <summary>Whether everyone has all of it already, so that the grant opens nothing.</summary>
    private static bool IsGranted(SchemaModel schema, Grant grant) => !grant.IsDefault && !grant.AllInSchema && !grant.Privileges.IsEmpty
        && grant.Names.All(name => grant.Privileges.All(privilege => schema.IsGranted(grant.Kind, name, SchemaModel.Public, privilege)));
}
