using System.Collections.Immutable;
using AgentHost.Sql;
using AgentHost.Sql.Statements;

namespace AgentHost.Skills.ReviewMigration.Rules;

/// <summary>CREATE INDEX IF NOT EXISTS under the name of an index that a concurrent build left behind INVALID.</summary>
internal sealed class ConcurrentIndexIfNotExists : MigrationRule
{
    /// <inheritdoc />
    public override string Id => "concurrent-index-if-not-exists";

    /// <inheritdoc />
    public override string Title => "IF NOT EXISTS keeps an INVALID index that a failed build left behind";

    /// <inheritdoc />
    public override string Manual => "PostgreSQL manual, CREATE INDEX, Building Indexes Concurrently";

    /// <inheritdoc />
    protected override ImmutableArray<Type> Concerns => [typeof(CreateIndex)];

    /// <inheritdoc />
    public override IEnumerable<Finding> Judge(StatementContext context)
    {
        if (context.Statement is not CreateIndex { IfNotExists: true, Name: { } name } create
            || context.Schema.Index(context.Schema.Resolve(create.Table) with { Name = name }) is not { IsValid: false } left)
        {
            yield break;
        }

        string full = Quote(left.FullName with { Schema = create.Table.Schema });
        yield return Report(context, create.Span, Severity.Error, create.Table,
            $"{full} is there, but INVALID: a concurrent build of it failed. IF NOT EXISTS keeps it, so every write pays for an index that no query can use{(left.IsUnique ? " and that keeps nothing unique" : "")}. "
            + "Drop it concurrently first.") with
        {
            Fix = new Fix("Drop the leftover, then build", $"DROP INDEX CONCURRENTLY IF EXISTS {full};\n{context.Text};"),
        };
    }
}
