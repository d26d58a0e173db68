using AgentHost.Sql;
using AgentHost.Sql.Statements;

namespace AgentHost.Skills.ReviewMigration.Rules;

/// <summary>A change that PostgreSQL refuses because a view, a policy or a constraint depends on the object.</summary>
internal sealed class DependentObjectConflict : MigrationRule
{
    /// <inheritdoc />
    public override string Id => "dependent-object-conflict";

    /// <inheritdoc />
    public override string Title => "PostgreSQL refuses to change or drop what something else depends on";

    /// <inheritdoc />
    public override string Manual => "PostgreSQL manual, 5.15 Dependency Tracking";

    /// <inheritdoc />
    public override bool IsFact => true;

    /// <inheritdoc />
    public override bool Foresees(string sqlState) => sqlState is "0A000" or "2BP01";

    /// <inheritdoc />
    public override IEnumerable<Finding> Judge(StatementContext context)
    {
        switch (context.Statement)
        {
            case AlterTable { Kind: ObjectKind.Table } alter:
                foreach (var action in alter.Actions)
                {
                    if (action is AlterColumnType change)
                    {
                        foreach (var finding in Refused(context, action.Span, alter.Table, $"type of {Quote(change.Column)}", "changed", Dependents.OfColumnType(context.Schema, alter.Table, change.Column)))
                            yield return finding;
                    }
                    else if (action is DropColumn { Cascade: false } drop)
                    {
                        foreach (var finding in Refused(context, action.Span, alter.Table, $"column {Quote(drop.Column)}", "dropped",
                            Dependents.OfColumn(context.Schema, alter.Table, drop.Column)))
                            yield return finding;
                    }
                    else if (action is DropConstraint { Cascade: false } constraint)
                    {
                        foreach (var finding in Refused(context, action.Span, alter.Table, $"constraint {Quote(constraint.Name)}", "dropped", Dependents.OfConstraint(context.Schema, alter.Table, constraint.Name)))
                            yield return finding;
                    }
                }

                break;
            case DropObjects { Kind: ObjectKind.Table or ObjectKind.View or ObjectKind.MaterializedView, Cascade: false } drop:
                foreach (var name in drop.Names)
                {
                    foreach (var finding in Refused(context, drop.Span, name, Quote(name), "dropped",
                        Dependents.OfRelation(context.Schema, name).Where(dependent => !drop.Names.Any(other => context.Schema.Resolve(other) == dependent.Relation))))
                        yield return finding;
                }

                break;
            case DropObjects { Kind: ObjectKind.Function or ObjectKind.Sequence or ObjectKind.Type or ObjectKind.Domain, Cascade: false } drop:
                foreach (var name in drop.Names)
                {
                    foreach (var finding in Refused(context, drop.Span, name, Quote(name), "dropped", Using(context.Schema, drop.Kind, name)))
                        yield return finding;
                }

                break;
            case DropObjects { Kind: ObjectKind.Index, Cascade: false } drop when !(drop.Concurrently && drop.Names.Any(index => InvalidSql.IsOfPartitioned(context, index))):
                foreach (var index in drop.Names.Select(context.Schema.Index).OfType<IndexModel>().Where(index => index.Constraint is not null))
                {
                    yield return Report(context, drop.Span, Severity.Error, index.Table,
                        $"Refused: {Quote(index.Name)} serves the constraint of that name on {Quote(index.Table)}. Drop the constraint instead, if that is what is meant.");
                }

                break;
        }
    }

    private static IEnumerable<Dependent> Using(SchemaModel schema, ObjectKind kind, QualifiedName name) => kind switch
    {
        ObjectKind.Function => DependentCode.OfFunction(schema, name),
        ObjectKind.Sequence => DependentCode.OfSequence(schema, name),
        _ => DependentCode.OfType(schema, name),
    };

    private IEnumerable<Finding> Refused(StatementContext context, SourceSpan span, QualifiedName relation, string what, string done, IEnumerable<Dependent> dependents)
    {
        var all = dependents.ToList();
        var certain = all.Where(dependent => dependent.IsCertain).ToList();
        if (all.Count == 0)
            yield break;
        bool isCertain = certain.Count > 0;
        string names = string.Join(", ", (isCertain ? certain : all).Select(dependent => dependent.Name));
        yield return Report(context, span, isCertain ? Severity.Error : Severity.Warning, relation,
            isCertain
                ? $"Refused: {what} cannot be {done} while {names} depend{(certain.Count == 1 ? "s" : "")} on it. Drop {(certain.Count == 1 ? "it" : "them")} first and make {(certain.Count == 1 ? "it" : "them")} anew in the same transaction."
                : $"Does {names} use {(what == Quote(relation) ? $"this {what} or another of that name" : $"the column of {Quote(relation)}")}? Then {(what == Quote(relation) ? "it" : $"the {what}")} cannot be {done} before it is dropped.");
    }
}
