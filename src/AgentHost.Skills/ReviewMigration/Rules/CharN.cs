using System.Collections.Immutable;
using AgentHost.Sql;
using AgentHost.Sql.Statements;

namespace AgentHost.Skills.ReviewMigration.Rules;

/// <summary>A column of type char(n).</summary>
internal sealed class CharN : MigrationRule
{
    /// <inheritdoc />
    public override string Id => "char-n";

    /// <inheritdoc />
    public override string Title => "char(n) pads with blanks and saves nothing";

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
            if (column.Type.Name is { Schema: null, Name: "character" })
                yield return Report(context, column.Span, Severity.Info, table, $"{Quote(column.Name)} of {Quote(table)} is char(n): padded with blanks that comparisons and length ignore, and no faster. Use text, with a CHECK if the length matters.");
        }
    }
}
