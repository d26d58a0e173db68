using System.Collections.Immutable;
using AgentHost.Sql;
using AgentHost.Sql.Statements;

namespace AgentHost.Skills.ReviewMigration.Rules;

/// <summary>A column of type varchar(n).</summary>
internal sealed class VarcharN : MigrationRule
{
    /// <inheritdoc />
    public override string Id => "varchar-n";

    /// <inheritdoc />
    public override string Title => "varchar(n) puts a limit where changing it is dear";

    /// <inheritdoc />
    public override string Manual => "PostgreSQL manual, 8.3 Character Types";

    /// <inheritdoc />
    public override bool IsAdvice => true;

    /// <inheritdoc />
    protected override ImmutableArray<Type> Concerns => [typeof(CreateTable), typeof(AddColumn)];

    /// <inheritdoc />
    public override IEnumerable<Finding> Judge(StatementContext context)
    {
        foreach (var (table, column) in NewColumns.Of(context))
        {
            if (column.Type is { Name: { Schema: null, Name: "character varying" }, Modifiers.IsEmpty: false })
                yield return Report(context, column.Span, Severity.Info, table, $"{Quote(column.Name)} of {Quote(table)} is varchar(n): a limit that is seldom meant, and making it shorter rewrites the table. Use text, with a CHECK if the length matters.");
        }
    }
}
