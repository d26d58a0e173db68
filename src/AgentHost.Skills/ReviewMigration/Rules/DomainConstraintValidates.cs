using System.Collections.Immutable;
using AgentHost.Skills.ReviewMigration.Fixing;
using AgentHost.Skills.ReviewMigration.Sizes;
using AgentHost.Sql;
using AgentHost.Sql.Statements;

namespace AgentHost.Skills.ReviewMigration.Rules;

/// <summary>ALTER DOMAIN ADD CONSTRAINT or SET NOT NULL: every table with such a column is read under SHARE.</summary>
internal sealed class DomainConstraintValidates : MigrationRule
{
    /// <inheritdoc />
    public override string Id => "domain-constraint-validates";

    /// <inheritdoc />
    public override string Title => "A domain constraint that is validated at once scans every table that uses the domain";

    /// <inheritdoc />
    public override string Manual => "PostgreSQL manual, ALTER DOMAIN, ADD domain_constraint";

    /// <inheritdoc />
    public override TableWork Work => TableWork.Scan;

    /// <inheritdoc />
    protected override ImmutableArray<Type> Concerns => [typeof(AlterDomain)];

    /// <inheritdoc />
    public override IEnumerable<Finding> Judge(StatementContext context)
    {
        if (context.Statement is not AlterDomain alter
            || !(alter.Action == DomainAction.SetNotNull || alter is { Action: DomainAction.AddConstraint, Constraint: { NotValid: false } })
            || context.IsPrecededBy<CreateDomain>((create, schema) => schema.ResolveNew(create.Name) == context.Schema.Resolve(alter.Domain)))
        {
            yield break;
        }

        var users = context.Schema.ColumnsOfType(alter.Domain).Select(use => use.Table.Name).Where(context.IsExisting).Distinct().ToList();
        if (users.Count == 0 && context.Schema.Domain(alter.Domain) is not null)
            yield break;
        var domain = Quote(alter.Domain);
        string name = Quote(alter.Constraint?.Name ?? alter.Domain.Name + "_check");
        yield return Report(context, alter.Span, Severity.Error, users.FirstOrDefault(),
            $"Reads {(users.Count == 0 ? $"every table with a column of {domain}" : "all of " + Quote(users))} while writes to {(users.Count == 1 ? "it" : "them")} wait (SHARE). "
            + (alter.Constraint is null ? "Add CHECK (VALUE IS NOT NULL) as NOT VALID instead, then VALIDATE it." : "Add the constraint as NOT VALID, then VALIDATE it in a transaction of its own.")) with
        {
            Lock = LockMode.Share,
            Scans = true,
            Fix = alter.Constraint?.Check is { } check
                ? Fix.Of("NOT VALID first, VALIDATE later", alter.Span,
                    new FixStep($"ALTER DOMAIN {domain} ADD CONSTRAINT {name} CHECK ({check.Text}) NOT VALID"), new FixStep($"ALTER DOMAIN {domain} VALIDATE CONSTRAINT {name}", FixRun.Last))
                : null,
        };
    }
}
