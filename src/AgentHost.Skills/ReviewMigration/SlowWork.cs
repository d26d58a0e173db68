using AgentHost.Sql;
using AgentHost.Sql.Statements;

namespace AgentHost.Skills.ReviewMigration;

/// <summary>Work that grows with an existing table and whose own lock is weaker than ACCESS EXCLUSIVE.</summary>
/// <param name="What">What it does, as the beginning of a sentence.</param>
/// <param name="Relation">The table.</param>
internal sealed record SlowWork(string What, QualifiedName Relation)
{
    /// <summary>The slow work of a statement, or null.</summary>
    public static SlowWork? Describe(StatementContext context) => context.Statement switch
    {
        CreateIndex { Concurrently: false, Only: false } create when context.IsExisting(create.Table) && !Rules.IndexNotConcurrent.IsThere(context, create) =>
            new("Builds an index on " + SqlIdentifier.Quote(create.Table), create.Table),
        AlterTable { Kind: ObjectKind.Table } alter when context.IsExisting(alter.Table) => Describe(context, alter),
        RowStatement row when BoundedRows.Unbounded(context, row).FirstOrDefault() is { Target: { } target } => new($"Changes rows of {SqlIdentifier.Quote(target)}", target),
        RowStatement { Verb: RowVerb.Insert } row when Source(context, row) is { } source => new($"Copies rows of {SqlIdentifier.Quote(source)}", source),
        CreateTable { IsFromQuery: true } create when create.Relations.FirstOrDefault(context.IsExisting) is { } source => new($"Copies rows of {SqlIdentifier.Quote(source)}", source),
        CreateView { IsMaterialized: true, WithNoData: false } view when view.Relations.FirstOrDefault(context.IsExisting) is { } source => new($"Reads {SqlIdentifier.Quote(source)} for a materialized view", source),
        _ => null,
    };

    private static SlowWork? Describe(StatementContext context, AlterTable alter)
    {
        string table = SqlIdentifier.Quote(alter.Table);
        foreach (var action in alter.Actions)
        {
            if (action is ValidateConstraint)
                return new($"Reads all of {table} to validate", alter.Table);
            if (action is AddConstraint { Constraint: { Kind: ConstraintKind.ForeignKey, NotValid: false } })
                return new($"Reads all of {table} to check a foreign key", alter.Table);
        }

        return null;
    }

    /// <summary>An existing table of which INSERT … SELECT reads more than a few rows.</summary>
    private static QualifiedName? Source(StatementContext context, RowStatement insert) => BoundedRows.PicksFew(context, insert) ? null :
        insert.Relations.FirstOrDefault(relation => context.Schema.Resolve(relation) != context.Schema.Resolve(insert.Target!) && context.IsExisting(relation) && context.Schema.View(relation) is null);
}
