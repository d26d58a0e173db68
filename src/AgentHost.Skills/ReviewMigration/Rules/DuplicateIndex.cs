using System.Collections.Immutable;
using AgentHost.Sql;
using AgentHost.Sql.Statements;

namespace AgentHost.Skills.ReviewMigration.Rules;

/// <summary>A new index equal to, or the beginning of, an existing one.</summary>
internal sealed class DuplicateIndex : MigrationRule
{
    /// <inheritdoc />
    public override string Id => "duplicate-index";

    /// <inheritdoc />
    public override string Title => "An index that another one already covers costs writes and gives nothing";

    /// <inheritdoc />
    public override string Manual => "PostgreSQL manual, 11.3 Multicolumn Indexes";

    /// <inheritdoc />
    public override bool IsAdvice => true;

    /// <inheritdoc />
    protected override ImmutableArray<Type> Concerns => [typeof(CreateIndex)];

    /// <inheritdoc />
    public override IEnumerable<Finding> Judge(StatementContext context)
    {
        if (context.Statement is not CreateIndex { Method: "btree" } create || create.Keys.Any(key => key.Column is null) || create.Predicate is not null)
            yield break;
        var covering = context.Schema.Table(create.Table)?.Indexes.FirstOrDefault(index => index.IsValid && index.Method == "btree" && index.Predicate is null && index.Name != create.Name && Covers(index, create));
        if (covering is null)
            yield break;
        yield return Report(context, create.Span, Severity.Info, create.Table,
            $"{Quote(covering.Name)} on {Quote(create.Table)} begins with the same columns and serves the same queries. Is this one needed?");
    }

    private static bool Covers(IndexModel index, CreateIndex create) =>
        index.Keys.Length >= create.Keys.Length && (!create.IsUnique || (index.IsUnique && index.Keys.Length == create.Keys.Length))
        && create.Include.All(column => index.Include.Contains(column))
        && create.Keys.Select((key, at) => key.Column == index.Keys[at].Column && key.Descending == index.Keys[at].Descending && key.NullsFirst == index.Keys[at].NullsFirst
            && key.OperatorClass == index.Keys[at].OperatorClass).All(same => same);
}
