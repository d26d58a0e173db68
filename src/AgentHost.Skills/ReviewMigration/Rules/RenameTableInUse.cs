using System.Collections.Immutable;
using AgentHost.Sql;
using AgentHost.Sql.Statements;

namespace AgentHost.Skills.ReviewMigration.Rules;

/// <summary>Renaming a table or view that running code uses, with nothing left under the old name.</summary>
internal sealed class RenameTableInUse : MigrationRule
{
    /// <inheritdoc />
    public override string Id => "rename-table";

    /// <inheritdoc />
    public override string Title => "Renaming a table breaks the code that is running";

    /// <inheritdoc />
    public override string Manual => "PostgreSQL manual, ALTER TABLE, RENAME";

    /// <inheritdoc />
    protected override ImmutableArray<Type> Concerns => [typeof(RenameObject)];

    /// <inheritdoc />
    public override IEnumerable<Finding> Judge(StatementContext context)
    {
        if (context.Statement is not RenameObject { Kind: ObjectKind.Table or ObjectKind.View or ObjectKind.MaterializedView } rename
            || !context.IsExisting(rename.From) || context.Schema.Index(rename.From) is not null || IsReplaced(context, rename))
        {
            yield break;
        }

        var (from, to) = (Quote(rename.From), Quote(rename.From with { Name = rename.To }));
        yield return Report(context, rename.Span, Severity.Error, rename.From,
            $"Every statement that says {from} fails from this commit on, also from instances still running the old code. "
            + "Leave a view under the old name in the same transaction until nobody uses it.") with
        {
            Lock = LockMode.AccessExclusive,
            Fix = new Fix("Keep the old name as a view",
                $"BEGIN;\n{context.Text};\nCREATE VIEW {from} AS SELECT * FROM {to};\nCOMMIT;"),
        };
    }

    /// <summary>Whether the old name has an owner again before others can see that it was gone.</summary>
    private static bool IsReplaced(StatementContext context, RenameObject rename)
    {
        var old = context.Schema.Resolve(rename.From);
        return context.Transaction.IsOpen && context.Replay.Statements.Skip(context.Index + 1)
            .TakeWhile(later => later.Transaction.Number == context.Transaction.Number)
            .Any(later => later.Statement switch
            {
                CreateView view => later.Schema.ResolveNew(view.View) == old,
                CreateTable table => later.Schema.ResolveNew(table.Table) == old,
                RenameObject other => (later.Schema.Resolve(other.From) with { Name = other.To }) == old,
                _ => false,
            });
    }
}
