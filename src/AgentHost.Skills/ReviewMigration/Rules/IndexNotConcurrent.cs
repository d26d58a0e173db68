using System.Collections.Immutable;
using AgentHost.Skills.ReviewMigration.Fixing;
using AgentHost.Skills.ReviewMigration.Sizes;
using AgentHost.Sql;
using AgentHost.Sql.Statements;

namespace AgentHost.Skills.ReviewMigration.Rules;

/// <summary>CREATE INDEX without CONCURRENTLY on an existing table: writes wait until the index is built.</summary>
internal sealed class IndexNotConcurrent : MigrationRule
{
    /// <inheritdoc />
    public override string Id => "index-not-concurrent";

    /// <inheritdoc />
    public override string Title => "CREATE INDEX blocks every write until the index is built";

    /// <inheritdoc />
    public override string Manual => "PostgreSQL manual, CREATE INDEX, Building Indexes Concurrently";

    /// <inheritdoc />
    public override TableWork Work => TableWork.IndexBuild;

    /// <inheritdoc />
    protected override ImmutableArray<Type> Concerns => [typeof(CreateIndex)];

    /// <inheritdoc />
    public override IEnumerable<Finding> Judge(StatementContext context)
    {
        if (context.Statement is not CreateIndex { Concurrently: false } create || !context.IsExisting(create.Table))
            yield break;
        var model = context.Schema.Table(create.Table);
        // ON ONLY a partitioned table makes an entry in the catalog and reads nothing; on a plain table the word does nothing.
        if (create.Only && model is not { IsPartitioned: false })
            yield break;
        if (IsThere(context, create) || model is { IsPartitioned: true })
            yield break;

        string table = Quote(create.Table);
        yield return Report(context, create.Span, Severity.Error, create.Table,
            $"Blocks every write to {table} (SHARE lock) until the index is built. Build it with CONCURRENTLY, outside a transaction.") with
        {
            Lock = LockMode.Share,
            Scans = true,
            Fix = Fix.Of("Build it concurrently", create.Span, new FixStep(ConcurrentForm(context, create), FixRun.Outside)),
        };
    }

    /// <summary>Whether IF NOT EXISTS finds the index.</summary>
    internal static bool IsThere(StatementContext context, CreateIndex create) =>
        create.IfNotExists && create.Name is { } name && context.Schema.Index(new(context.Schema.Resolve(create.Table).Schema, name)) is not null;

    private static string ConcurrentForm(StatementContext context, CreateIndex create) => Insert(context.Text, "INDEX", " CONCURRENTLY", create);

    /// <summary>Puts a word behind the statement's first INDEX; the name and the rest stay as they were written.</summary>
    private static string Insert(string text, string after, string word, CreateIndex create)
    {
        int from = create.IsUnique ? text.IndexOf("UNIQUE", StringComparison.OrdinalIgnoreCase) : 0;
        int at = text.IndexOf(after, from, StringComparison.OrdinalIgnoreCase) + after.Length;
        return text[..at] + word + text[at..];
    }
}
