using System.Collections.Immutable;
using AgentHost.Sql;
using AgentHost.Sql.Statements;

namespace AgentHost.Skills.ReviewMigration.Rules;

/// <summary>DROP INDEX followed by the CREATE INDEX that takes its place.</summary>
internal sealed class IndexReplacedWithGap : MigrationRule
{
    /// <inheritdoc />
    public override string Id => "index-replaced-with-gap";

    /// <inheritdoc />
    public override string Title => "An index dropped before its replacement exists leaves queries without one";

    /// <inheritdoc />
    public override string Manual => "PostgreSQL manual, DROP INDEX";

    /// <inheritdoc />
    public override bool IsAdvice => true;

    /// <inheritdoc />
    protected override ImmutableArray<Type> Concerns => [typeof(DropObjects)];

    /// <inheritdoc />
    public override IEnumerable<Finding> Judge(StatementContext context)
    {
        if (context.Statement is not DropObjects { Kind: ObjectKind.Index } drop)
            yield break;
        foreach (var index in drop.Names.Select(context.Schema.Index).OfType<IndexModel>().Where(index => index.IsValid && context.IsExisting(index.Table)))
        {
            var next = context.Replay.Statements.Skip(context.Index + 1).FirstOrDefault(later => later.Statement is CreateIndex create
                && later.Schema.Resolve(create.Table) == index.Table && create.Keys[0].Column is { } column && column == index.Keys[0].Column);
            if (next is null || (context.Transaction.IsOpen && next.Transaction.Number == context.Transaction.Number))
                continue;
            yield return Report(context, drop.Span, Severity.Warning, index.Table,
                $"From here to line {next.Statement.Span.Line} no index serves {Quote(index.Keys[0].Column!)} of {Quote(index.Table)}: every query that used {Quote(index.Name)} reads the whole table. Build the new one first, under another name.");
        }
    }
}
