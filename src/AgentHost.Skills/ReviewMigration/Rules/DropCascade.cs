using System.Collections.Immutable;
using AgentHost.Sql;
using AgentHost.Sql.Statements;

namespace AgentHost.Skills.ReviewMigration.Rules;

/// <summary>CASCADE on a DROP: dependents go with it unseen.</summary>
internal sealed class DropCascade : MigrationRule
{
    /// <inheritdoc />
    public override string Id => "drop-cascade";

    /// <inheritdoc />
    public override string Title => "CASCADE removes what depends on an object without naming it";

    /// <inheritdoc />
    public override string Manual => "PostgreSQL manual, 5.15 Dependency Tracking";

    /// <inheritdoc />
    protected override ImmutableArray<Type> Concerns => [typeof(DropObjects), typeof(DropOwned), typeof(DropColumn), typeof(DropConstraint)];

    /// <inheritdoc />
    public override IEnumerable<Finding> Judge(StatementContext context)
    {
        switch (context.Statement)
        {
            case DropObjects { Cascade: true } drop when drop.Kind is ObjectKind.Trigger or ObjectKind.Policy || drop.Names.Any(name => IsInUse(context, drop.Kind, name)):
                yield return Report(context, drop.Span, drop.Names.Where(name => IsInUse(context, drop.Kind, name)).ToList(),
                    drop.Kind is ObjectKind.Table or ObjectKind.View or ObjectKind.MaterializedView ? [.. drop.Names.SelectMany(name => DependentsOf(context, name, drop.Names)).Distinct(StringComparer.Ordinal)] : []);
                break;
            case DropOwned { Cascade: true } drop:
                yield return Report(context, drop.Span, [], []);
                break;
            case AlterTable { Kind: ObjectKind.Table } alter when context.IsExisting(alter.Table):
                foreach (var action in alter.Actions)
                {
                    if (action is DropColumn { Cascade: true } column && context.IsExisting(alter.Table, column.Column))
                        yield return Report(context, action.Span, [alter.Table], [.. Dependents.OfColumn(context.Schema, alter.Table, column.Column).Select(dependent => dependent.Name)]);
                    else if (action is DropConstraint { Cascade: true } constraint)
                        yield return Report(context, action.Span, [alter.Table], [.. Dependents.OfConstraint(context.Schema, alter.Table, constraint.Name).Select(dependent => dependent.Name)]);
                }

                break;
        }
    }

    private Finding Report(StatementContext context, SourceSpan span, List<QualifiedName> names, List<string> dependents) =>
        Report(context, span, Severity.Error, names.FirstOrDefault(),
            (dependents.Count == 0
                ? $"CASCADE also removes whatever depends on {(names.Count == 0 ? "it" : Quote(names))}, unnamed here: views, foreign keys, functions, policies. "
                : $"CASCADE also removes {string.Join(", ", dependents)}. ")
            + "Leave it out, let PostgreSQL name the dependents, and drop those by name.");

    private static List<string> DependentsOf(StatementContext context, QualifiedName name, System.Collections.Immutable.ImmutableArray<QualifiedName> dropped) =>
        [.. Dependents.OfRelation(context.Schema, name).Where(dependent => !dropped.Any(other => context.Schema.Resolve(other) == dependent.Relation)).Select(dependent => dependent.Name)];

    private static bool IsInUse(StatementContext context, ObjectKind kind, QualifiedName name) => kind switch
    {
        ObjectKind.Table or ObjectKind.View or ObjectKind.MaterializedView => context.IsExisting(name),
        ObjectKind.Index => context.Schema.Index(name) is not { } index || context.IsExisting(index.Table),
        ObjectKind.Type or ObjectKind.Domain => !context.IsPrecededBy<CreateEnum>((create, _) => create.Name.Matches(name)) && !context.IsPrecededBy<CreateDomain>((create, _) => create.Name.Matches(name)),
        ObjectKind.Schema => !context.IsPrecededBy<CreateSchema>((create, _) => create.Name == name.Name),
        ObjectKind.Function => !context.IsPrecededBy<CreateFunction>((create, _) => create.Name.Matches(name)),
        _ => true,
    };
}
