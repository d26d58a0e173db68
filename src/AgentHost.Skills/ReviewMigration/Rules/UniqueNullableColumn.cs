using System.Collections.Immutable;
using AgentHost.Sql;
using AgentHost.Sql.Statements;

namespace AgentHost.Skills.ReviewMigration.Rules;

/// <summary>A unique index over a column that may be null.</summary>
internal sealed class UniqueNullableColumn : MigrationRule
{
    /// <inheritdoc />
    public override string Id => "unique-nullable-column";

    /// <inheritdoc />
    public override string Title => "A unique index lets duplicates through where one of its columns is null";

    /// <inheritdoc />
    public override string Manual => "PostgreSQL manual, 5.5.3 Unique Constraints";

    /// <inheritdoc />
    public override bool IsAdvice => true;

    /// <inheritdoc />
    protected override ImmutableArray<Type> Concerns => [typeof(CreateIndex), typeof(AddConstraint)];

    /// <inheritdoc />
    public override IEnumerable<Finding> Judge(StatementContext context)
    {
        var (relation, span, columns) = context.Statement switch
        {
            CreateIndex { IsUnique: true, NullsNotDistinct: false, Predicate: null } create => (create.Table, create.Span, create.Keys.Select(key => key.Column).OfType<string>().ToList()),
            AlterTable { Kind: ObjectKind.Table } alter when alter.Actions.OfType<AddConstraint>().FirstOrDefault(add => add.Constraint is { Kind: ConstraintKind.Unique, NullsNotDistinct: false, UsingIndex: null }) is { } add =>
                (alter.Table, add.Span, add.Constraint.Columns.ToList()),
            _ => (null, default, new List<string>()),
        };
        if (relation is null || columns.Count < 2 || context.Schema.Table(relation) is not { } table)
            yield break;
        var nullable = columns.Where(column => table.Column(column) is { IsNotNull: false } && !table.ProvesNotNull(column)).ToList();
        if (nullable.Count == 0)
            yield break;
        yield return Report(context, span, Severity.Info, relation,
            $"Nulls differ from one another, so rows of {Quote(relation)} whose {Quote(nullable)} is null may be equal in the rest. Meant? Else "
            + (context.PgVersion >= 15 ? "NULLS NOT DISTINCT, or " : "") + $"a unique index WHERE {Quote(nullable[^1])} IS NULL.");
    }
}
