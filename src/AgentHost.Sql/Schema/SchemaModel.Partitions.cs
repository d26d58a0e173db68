using System.Collections.Immutable;
using AgentHost.Sql.Statements;

namespace AgentHost.Sql;

/// <content>What partitions take over from their parent (manual, section 5.12.2).</content>
public sealed partial record SchemaModel
{
    private ImmutableArray<QualifiedName> Partitions(QualifiedName table) =>
        Table(table) is { IsPartitioned: true } parent ? [.. PartitionsOf(parent.Name).Select(p => p.Name)] : [];

    /// <summary>Gives a partition the keys, foreign keys and indexes of its parent that it lacks, under names of its own.</summary>
    private SchemaModel Inherit(QualifiedName partition, QualifiedName from)
    {
        if (Table(from) is not { } parent || Table(partition) is not { } table) return this;
        foreach (var constraint in parent.Constraints)
            if (constraint.Kind != ConstraintKind.Check && !table.Constraints.Any(c => IsSame(c, constraint)))
                table = AddConstraint(table, ForPartition(constraint));
        var model = With(table);
        return parent.Indexes
            .Where(index => index.Constraint is null && !table.Indexes.Any(own => IsSame(own, index)))
            .Aggregate(model, (m, index) => m.WithNewIndex(
                table.Name, new CreateIndex(null, table.Name, index.IsUnique, false, false, index.Method, index.Keys, index.Include, index.Predicate)
                {
                    Span = default,
                }));
    }

    /// <summary>An action on a partitioned table as it reaches a partition, where an index cannot have the parent's name.</summary>
    private static AlterAction ForPartition(AlterAction action) => action switch
    {
        AddConstraint add => add with { Constraint = ForPartition(add.Constraint) },
        _ => action,
    };

    private static TableConstraint ForPartition(TableConstraint constraint) =>
        constraint.Kind is ConstraintKind.PrimaryKey or ConstraintKind.Unique or ConstraintKind.Exclusion ? constraint with { Name = null } : constraint;

    private static bool IsSame(TableConstraint one, TableConstraint other) =>
        one.Kind == other.Kind && one.Columns.SequenceEqual(other.Columns) && one.References == other.References;

    private static bool IsSame(IndexModel one, IndexModel other) =>
        one.IsUnique == other.IsUnique && one.Method == other.Method && one.Predicate?.Text == other.Predicate?.Text &&
        one.Include.SequenceEqual(other.Include) && one.Keys.Select(Shape).SequenceEqual(other.Keys.Select(Shape));

    private static (string?, string?, bool, bool, QualifiedName?) Shape(IndexKey key) =>
        (key.Column, key.Expression?.Text, key.Descending, key.NullsFirst, key.OperatorClass);
}
