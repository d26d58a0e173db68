using System.Collections.Immutable;
using AgentHost.Sql;
using AgentHost.Sql.Statements;

namespace AgentHost.Skills.ReviewMigration.Rules;

/// <summary>DROP SCHEMA, DROP DATABASE or DROP OWNED.</summary>
internal sealed class DropSchemaOrDatabase : MigrationRule
{
    /// <inheritdoc />
    public override string Id => "drop-schema-or-database";

    /// <inheritdoc />
    public override string Title => "Dropping a schema, a database or all that a role owns loses everything in it";

    /// <inheritdoc />
    public override string Manual => "PostgreSQL manual, DROP SCHEMA; DROP DATABASE; DROP OWNED";

    /// <inheritdoc />
    protected override ImmutableArray<Type> Concerns => [typeof(DropObjects), typeof(DropDatabase), typeof(DropOwned)];

    /// <inheritdoc />
    public override IEnumerable<Finding> Judge(StatementContext context)
    {
        switch (context.Statement)
        {
            case DropObjects { Kind: ObjectKind.Schema } drop:
                foreach (var schema in drop.Names.Select(name => name.Name).Where(name => !context.IsPrecededBy<CreateSchema>((create, _) => create.Name == name)))
                    yield return Dropped(context, drop, schema);
                break;
            case DropDatabase drop:
                yield return Report(context, drop.Span, Severity.Error, null, $"Loses the database {Quote(drop.Name)} and everything in it for good. A migration is no place for it.");
                break;
            case DropOwned drop:
                yield return Report(context, drop.Span, Severity.Error, null,
                    $"Loses every table, view and function that {string.Join(", ", drop.Roles)} owns in this database, with all rows{(drop.Cascade ? ", and what depends on them" : "")}. "
                    + "REASSIGN OWNED keeps them; drop what is meant by name.") with
                {
                    Lock = LockMode.AccessExclusive,
                };
                break;
        }
    }

    private Finding Dropped(StatementContext context, DropObjects drop, string schema)
    {
        var tables = context.Schema.Tables.Where(table => table.Name.Schema == schema).Select(table => Quote(table.Name.Name)).Order(StringComparer.Ordinal).ToList();
        string content = tables.Count switch
        {
            0 => "everything in it",
            <= 5 => $"its tables {string.Join(", ", tables)}",
            _ => $"its {tables.Count} tables ({string.Join(", ", tables.Take(5))}, …)",
        };
        return Report(context, drop.Span, drop.Cascade ? Severity.Error : Severity.Warning, null,
            drop.Cascade
                ? $"Loses schema {Quote(schema)} with {content} for good, and whatever elsewhere depends on them. Drop what is meant by name, in a release after nothing uses it."
                : $"Fails unless schema {Quote(schema)} is empty{(tables.Count == 0 ? "" : $", and it holds {content}")}; code that still names it fails.") with
        {
            Lock = drop.Cascade ? LockMode.AccessExclusive : null,
        };
    }
}
