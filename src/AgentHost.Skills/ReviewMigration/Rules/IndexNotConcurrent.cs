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
    protected override IEnumerable<Finding> Judge(StatementContext context)
    {
        if (context.Statement is not CreateIndex { Concurrently: false } create || !context.IsExisting(create.Table))
            yield break;
        var model = context.Schema.Table(create.Table);
        // ON ONLY a partitioned table makes an entry in the catalog and reads nothing; on a plain table the word does nothing.
        if (create.Only && model is not { IsPartitioned: false })
            yield break;
        if (create.IfNotExists && create.Name is { } name && context.Schema.Index(new(context.Schema.Resolve(create.Table).Schema, name)) is not null)
            yield break;

        string table = Quote(create.Table);
        var finding = Report(context, create.Span, Severity.Error, create.Table,
            $"Blocks every write to {table} (SHARE lock) until the index is built. Build it with CONCURRENTLY, outside a transaction.") with
        {
            Lock = LockMode.Share,
            Scans = true,
        };
        yield return model is { IsPartitioned: true }
            ? finding with
            {
                Message = $"Blocks every write to {table} and all its partitions until all indexes are built; a partitioned table has no CONCURRENTLY. "
                    + "Create it ON ONLY the parent, concurrently on each partition, and attach those.",
                Fix = new Fix("Parent only, then each partition concurrently", PartitionSteps(context, create)),
            }
            : finding with { Fix = new Fix("Build it concurrently", ConcurrentForm(context, create) + ";") };
    }

    private static string ConcurrentForm(StatementContext context, CreateIndex create) => Insert(context.Text, "INDEX", " CONCURRENTLY", create);

    /// <summary>Puts a word behind the statement's first INDEX; the name and the rest stay as they were written.</summary>
    private static string Insert(string text, string after, string word, CreateIndex create)
    {
        int from = create.IsUnique ? text.IndexOf("UNIQUE", StringComparison.OrdinalIgnoreCase) : 0;
        int at = text.IndexOf(after, from, StringComparison.OrdinalIgnoreCase) + after.Length;
        return text[..at] + word + text[at..];
    }

    private static string PartitionSteps(StatementContext context, CreateIndex create)
    {
        var table = context.Schema.Resolve(create.Table);
        string parent = create.Name ?? table.Name + "_idx";
        int open = context.Text.IndexOf('(', StringComparison.Ordinal);
        string definition = (create.Method == "btree" ? "" : $"USING {Quote(create.Method)} ") + context.Text[open..];
        string unique = create.IsUnique ? "UNIQUE " : "";
        var steps = new List<string> { $"CREATE {unique}INDEX {Quote(parent)} ON ONLY {Quote(create.Table)} {definition};" };
        foreach (var partition in context.Schema.PartitionsOf(table).OrderBy(partition => partition.Name.Name, StringComparer.Ordinal))
        {
            var index = partition.Name with { Name = partition.Name.Name + "_" + parent };
            steps.Add($"CREATE {unique}INDEX CONCURRENTLY {Quote(index.Name)} ON {Quote(partition.Name)} {definition};");
            steps.Add($"ALTER INDEX {Quote(parent)} ATTACH PARTITION {Quote(index)};");
        }

        return string.Join('\n', steps);
    }
}
