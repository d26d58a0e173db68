using System.Collections.Immutable;
using AgentHost.Sql;
using AgentHost.Sql.Statements;

namespace AgentHost.Skills.ReviewMigration.Rules;

/// <summary>A column of a serial type.</summary>
internal sealed class SerialInsteadOfIdentity : MigrationRule
{
    /// <inheritdoc />
    public override string Id => "serial-instead-of-identity";

    /// <inheritdoc />
    public override string Title => "serial is an integer with a loose sequence";

    /// <inheritdoc />
    public override string Manual => "PostgreSQL manual, 8.1.4 Serial Types";

    /// <inheritdoc />
    public override bool IsAdvice => true;

    /// <inheritdoc />
    protected override ImmutableArray<Type> Concerns => [typeof(CreateTable), typeof(AddColumn)];

    /// <inheritdoc />
    public override IEnumerable<Finding> Judge(StatementContext context)
    {
        foreach (var (table, column) in NewColumns.Of(context))
        {
            if (column.Type.IsSerial)
                yield return Report(context, column.Span, Severity.Info, table, $"{Quote(column.Name)} of {Quote(table)} is serial: its sequence has rights and a default of its own, which dumps and grants get wrong. Use GENERATED ALWAYS AS IDENTITY.");
        }
    }
}
