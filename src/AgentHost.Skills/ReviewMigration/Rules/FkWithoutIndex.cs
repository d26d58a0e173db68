using System.Collections.Immutable;
using AgentHost.Sql;
using AgentHost.Sql.Statements;

namespace AgentHost.Skills.ReviewMigration.Rules;

/// <summary>A foreign key whose columns have no index at the end of the file.</summary>
internal sealed class FkWithoutIndex : MigrationRule
{
    /// <inheritdoc />
    public override string Id => "fk-without-index";

    /// <inheritdoc />
    public override string Title => "Without an index on the referencing columns each delete of a referenced row reads the whole table";

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
        var table = context.Replay.After.Table(context.Schema.Resolve(relation));
        foreach (var key in keys)
        {
            if (table is null || table.IsTemporary || table.Indexes.Any(index => index.IsValid && index.Method is "btree" or "hash" && index.Predicate is null && key.Columns.Length <= index.Keys.Length
                && key.Columns.All(column => index.Keys.Take(key.Columns.Length).Any(indexed => indexed.Column == column))))
            {
                continue;
            }

            bool isNew = !context.IsExisting(relation);
            string columns = string.Join(", ", key.Columns.Select(Quote));
            yield return Report(context, key.Span, Severity.Info, relation,
                $"No index on {Quote(relation)} begins with {columns}: every delete or key change in {Quote(key.References!)} reads all of {Quote(relation)} while it holds the row.") with
            {
                Fix = new Fix("Index the referencing columns", isNew || context.Statement is CreateTable || IsNewColumn(context, key)
                    ? $"{context.Text};\nCREATE INDEX {(isNew ? "" : "CONCURRENTLY ")}ON {Quote(relation)} ({columns});"
                    : $"CREATE INDEX CONCURRENTLY ON {Quote(relation)} ({columns});\n{context.Text};"),
            };
        }
    }

    private static bool IsNewColumn(StatementContext context, TableConstraint key) =>
        context.Statement is AlterTable alter && alter.Actions.OfType<AddColumn>().Any(add => key.Columns.Contains(add.Column.Name));
}
