using System.Collections.Immutable;
using AgentHost.Sql;
using AgentHost.Sql.Statements;

namespace AgentHost.Skills.ReviewMigration.Rules;

/// <summary>A column of type money.</summary>
internal sealed class MoneyType : MigrationRule
{
    /// <inheritdoc />
    public override string Id => "money-type";

    /// <inheritdoc />
    public override string Title => "money means another currency in another session";

    /// <inheritdoc />
    public override string Manual => "PostgreSQL manual, 8.2 Monetary Types";

    /// <inheritdoc />
    public override bool IsAdvice => true;

    /// <inheritdoc />
    protected override ImmutableArray<Type> Concerns => [typeof(CreateTable), typeof(AddColumn)];

    /// <inheritdoc />
    public override IEnumerable<Finding> Judge(StatementContext context)
    {
        foreach (var (table, column) in NewColumns.Of(context))
        {
            if (column.Type.Name is { Schema: null, Name: "money" })
                yield return Report(context, column.Span, Severity.Info, table, $"{Quote(column.Name)} of {Quote(table)} is money: currency and digits follow lc_monetary, not the value. Use numeric and a column for the currency.");
        }
    }
}
