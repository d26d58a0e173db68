using System.Collections.Immutable;
using AgentHost.Skills.ReviewMigration.Sizes;
using AgentHost.Sql;
using AgentHost.Sql.Statements;

namespace AgentHost.Skills.ReviewMigration.Rules;

/// <summary>ALTER COLUMN … TYPE that writes the whole table anew under ACCESS EXCLUSIVE.</summary>
internal sealed class ColumnTypeRewrite : MigrationRule
{
    /// <inheritdoc />
    public override string Id => "column-type-rewrite";

    /// <inheritdoc />
    public override string Title => "Changing a column's type writes the table and its indexes anew under ACCESS EXCLUSIVE";

    /// <inheritdoc />
    public override string Manual => "PostgreSQL manual, ALTER TABLE, Notes";

    /// <inheritdoc />
    public override TableWork Work => TableWork.Rewrite;

    /// <inheritdoc />
    protected override ImmutableArray<Type> Concerns => [typeof(AlterColumnType)];

    /// <inheritdoc />
    public override IEnumerable<Finding> Judge(StatementContext context)
    {
        foreach (var (alter, change) in ActionsOnExisting<AlterColumnType>(context))
        {
            if (context.Schema.Table(alter.Table) is { } table && TypeChange.LacksCast(context.Schema, table, change) is not null)
                continue;
            var old = context.Schema.Table(alter.Table)?.Column(change.Column)?.Type;
            if (old is null && TypeChange.IsPlainCast(change))
                yield return Unknown(context, alter, change);
            else if (old is null || TypeChange.Rewrites(old, change, context.Schema, context.Settings.IsUtc, context.PgVersion))
                yield return Known(context, alter, change, old);
        }
    }

    private Finding Known(StatementContext context, AlterTable alter, AlterColumnType change, TypeName? old)
    {
        var (table, column) = (Quote(alter.Table), Quote(change.Column));
        string from = old is null ? "" : $" from {old}";
        bool isZone = old?.Name.Name.StartsWith("timestamp", StringComparison.Ordinal) == true
            && change.Type.Name.Name.StartsWith("timestamp", StringComparison.Ordinal) && old.Name != change.Type.Name && context.PgVersion >= 12;
        return Report(context, change.Span, Severity.Error, alter.Table,
            $"Writes all of {table} and its indexes anew under ACCESS EXCLUSIVE ({column}{from} to {change.Type}): no one can read or write it meanwhile. "
            + (isZone
                ? "With SET timezone = 'UTC' and no USING it would be free, if the stored times are UTC."
                : "Add a column of the new type, fill it in batches, and switch over.")) with
        {
            Lock = LockMode.AccessExclusive,
            Rewrites = true,
            Scans = true,
            Fix = isZone
                ? new Fix("Free where the stored times are UTC", $"SET timezone = 'UTC';\nALTER TABLE {table} ALTER COLUMN {column} TYPE {change.Type};")
                : new ColumnTypeSwap(context, alter, change).Fix(),
        };
    }

    private Finding Unknown(StatementContext context, AlterTable alter, AlterColumnType change) =>
        Report(context, change.Span, Severity.Warning, alter.Table,
            $"What is the type of {Quote(alter.Table)}.{Quote(change.Column)} now? {Free(change.Type)} "
            + "Otherwise the whole table is written anew under ACCESS EXCLUSIVE. Give the schema to be sure.") with
        {
            Lock = LockMode.AccessExclusive,
            Rewrites = true,
            Scans = true,
        };

    private static string Free(TypeName type) => type.Name.Name switch
    {
        "text" => "From varchar the change is free.",
        "character varying" when type.Modifiers.IsEmpty => "From text or a shorter varchar the change is free.",
        "character varying" => "From a shorter varchar the change is free.",
        "numeric" => "From a numeric of the same scale and less precision the change is free.",
        "inet" => "From cidr the change is free.",
        "timestamp with time zone" => "From timestamp, in a session in UTC, the change is free.",
        _ => $"Only from {type} itself, or a domain over it, is the change free.",
    };
}
