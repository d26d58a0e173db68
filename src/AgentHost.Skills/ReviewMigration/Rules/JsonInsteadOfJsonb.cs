using System.Collections.Immutable;
using AgentHost.Sql;
using AgentHost.Sql.Statements;

namespace AgentHost.Skills.ReviewMigration.Rules;

/// <summary>A column of type json.</summary>
internal sealed class JsonInsteadOfJsonb : MigrationRule
{
    /// <inheritdoc />
    public override string Id => "json-instead-of-jsonb";

    /// <inheritdoc />
    public override string Title => "json keeps text, cannot be indexed or compared";

    /// <inheritdoc />
    public override string Manual => "PostgreSQL manual, 8.14 JSON Types";

    /// <inheritdoc />
    public override bool IsAdvice => true;

    /// <inheritdoc />
    protected override ImmutableArray<Type> Concerns => [typeof(CreateTable), typeof(AddColumn)];

    /// <inheritdoc />
    public override IEnumerable<Finding> Judge(StatementContext context)
    {
        foreach (var (table, column) in NewColumns.Of(context))
        {
            if (column.Type.Name is { Schema: null, Name: "json" })
                yield return Report(context, column.Span, Severity.Info, table, $"{Quote(column.Name)} of {Quote(table)} is json: parsed anew on every read, without equality or GIN index. Use jsonb unless the text must stay as it was written.");
        }
    }
}
