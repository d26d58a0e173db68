using System.Collections.Immutable;
using AgentHost.Sql;
using AgentHost.Sql.Statements;

namespace AgentHost.Skills.ReviewMigration.Rules;

/// <summary>A referencing column whose type differs from the referenced one.</summary>
internal sealed class FkTypeMismatch : MigrationRule
{
    /// <inheritdoc />
    public override string Id => "fk-type-mismatch";

    /// <inheritdoc />
    public override string Title => "A foreign key between different types converts on every check and may lack an index it can use";

    /// <inheritdoc />
    public override string Manual => "PostgreSQL manual, 5.5.5 Foreign Keys";

    /// <inheritdoc />
    public override bool IsAdvice => true;

    /// <inheritdoc />
    protected override ImmutableArray<Type> Concerns => [typeof(CreateTable), typeof(AddConstraint), typeof(AddColumn)];

    /// <inheritdoc />
    public override IEnumerable<Finding> Judge(StatementContext context)
    {
        var (relation, keys) = ForeignKeys.DeclaredBy(context.Statement);
        if (relation is null)
            yield break;
        var after = context.Schema.Apply(context.Statement);
        foreach (var key in keys)
        {
            if (after.Table(relation) is not { } table || after.Table(key.References!) is not { } target)
                continue;
            var referenced = key.ReferencedColumns.IsEmpty ? target.PrimaryKey?.Columns ?? [] : key.ReferencedColumns;
            foreach (var (own, other) in key.Columns.Zip(referenced))
            {
                if (table.Column(own)?.Type is not { } from || target.Column(other)?.Type is not { } to || TypeChange.Base(from, after).Name == TypeChange.Base(to, after).Name)
                    continue;
                yield return Report(context, key.Span, Severity.Warning, relation,
                    $"{Quote(own)} of {Quote(relation)} is {from}, but {Quote(target.Name)}.{Quote(other)} is {to}: values of the wider type do not fit the other, and joins convert. Make them the same.");
            }
        }
    }
}
