using System.Collections.Immutable;
using AgentHost.Sql;
using AgentHost.Sql.Statements;

namespace AgentHost.Skills.ReviewMigration.Rules;

/// <summary>ALTER SCHEMA … RENAME, or SET SCHEMA of an existing object.</summary>
internal sealed class RenameOrMoveSchema : MigrationRule
{
    /// <inheritdoc />
    public override string Id => "rename-or-move-schema";

    /// <inheritdoc />
    public override string Title => "Moving objects to another schema breaks the code that names them";

    /// <inheritdoc />
    public override string Manual => "PostgreSQL manual, ALTER SCHEMA; ALTER TABLE, SET SCHEMA";

    /// <inheritdoc />
    protected override ImmutableArray<Type> Concerns => [typeof(RenameObject), typeof(MoveToSchema)];

    /// <inheritdoc />
    public override IEnumerable<Finding> Judge(StatementContext context)
    {
        switch (context.Statement)
        {
            case RenameObject { Kind: ObjectKind.Schema } rename when !context.IsPrecededBy<CreateSchema>((create, _) => create.Name == rename.From.Name):
                yield return Report(context, rename.Span, Severity.Error, null,
                    $"Every statement, search_path and function that says {Quote(rename.From.Name)} fails from this commit on, also from instances still running the old code. "
                    + "Create the new schema, move one object at a time and leave a view under each old name.");
                break;
            case MoveToSchema move when IsInUse(context, move):
                yield return Report(context, move.Span, Severity.Error, move.Name,
                    $"Whoever says {Quote(context.Schema.Resolve(move.Name))} fails from this commit on; so does an unqualified {Quote(move.Name.Name)} where {Quote(move.Schema)} is not on the search_path. "
                    + "Leave a view under the old name in the same transaction until nobody uses it.") with
                {
                    Lock = move.Kind is ObjectKind.Table or ObjectKind.View or ObjectKind.MaterializedView ? LockMode.AccessExclusive : null,
                };
                break;
        }
    }

    private static bool IsInUse(StatementContext context, MoveToSchema move) => move.Kind switch
    {
        ObjectKind.Table or ObjectKind.View or ObjectKind.MaterializedView => context.IsExisting(move.Name) && !IsReplaced(context, move),
        ObjectKind.Function => !context.IsPrecededBy<CreateFunction>((create, _) => create.Name.Matches(move.Name)),
        ObjectKind.Type or ObjectKind.Domain => !context.IsPrecededBy<CreateEnum>((create, _) => create.Name.Matches(move.Name)),
        ObjectKind.Sequence => true,
        _ => false,
    };

    private static bool IsReplaced(StatementContext context, MoveToSchema move) =>
        context.RestOfTransaction.Any(later => later.Statement is CreateView view && later.Schema.ResolveNew(view.View) == context.Schema.Resolve(move.Name));
}
