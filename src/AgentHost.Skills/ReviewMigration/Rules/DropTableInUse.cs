using System.Collections.Immutable;
using AgentHost.Sql;
using AgentHost.Sql.Statements;

namespace AgentHost.Skills.ReviewMigration.Rules;

/// <summary>DROP TABLE of a table that this migration did not create.</summary>
internal sealed class DropTableInUse : MigrationRule
{
    /// <inheritdoc />
    public override string Id => "drop-table";

    /// <inheritdoc />
    public override string Title => "Dropping a table loses its data and breaks the code that still names it";

    /// <inheritdoc />
    public override string Manual => "PostgreSQL manual, DROP TABLE";

    /// <inheritdoc />
    protected override ImmutableArray<Type> Concerns => [typeof(DropObjects)];

    /// <inheritdoc />
    public override IEnumerable<Finding> Judge(StatementContext context)
    {
        if (context.Statement is not DropObjects { Kind: ObjectKind.Table } drop)
            yield break;
        foreach (var name in drop.Names.Where(context.IsExisting))
        {
            bool isUnknown = drop.IfExists && context.Schema.Table(name) is null && context.Schema.Tables.Any();
            var table = Quote(name);
            var users = context.Schema.ForeignKeysTo(name).Select(key => Quote(key.Table.Name)).Where(user => user != table).Distinct(StringComparer.Ordinal).ToList();
            yield return Report(context, drop.Span, isUnknown ? Severity.Warning : Severity.Error, name,
                isUnknown
                    ? $"{table} is not in the given schema. Is it gone everywhere? Where it is not, its data is lost for good."
                    : $"Loses {table} and all its rows for good; code that still names it fails{(users.Count == 0 ? "" : $"; foreign keys of {string.Join(", ", users)} point to it")}. "
                        + "Rename it away first, keep a dump, and drop it in a later release.") with
            {
                Lock = LockMode.AccessExclusive,
            };
        }
    }
}
