using AgentHost.Sql;
using AgentHost.Sql.Statements;

namespace AgentHost.Skills.ReviewMigration.Fixing;

/// <summary>The index of a partitioned table without stopping writes: on the parent alone, on each partition concurrently, then attached.</summary>
internal static class PartitionedIndexFix
{
    /// <summary>The fix.</summary>
    public static Fix Of(StatementContext context, CreateIndex create)
    {
        string text = context.Text;
        string definition = (create.Method == "btree" ? "" : $"USING {SqlIdentifier.Quote(create.Method)} ") + text[text.IndexOf('(', StringComparison.Ordinal)..];
        string unique = create.IsUnique ? "UNIQUE " : "", guard = create.IfNotExists ? "IF NOT EXISTS " : "";
        var after = context.Schema.Apply(create);
        var parent = context.Schema.Resolve(create.Table);
        string name = create.Name ?? New(context.Schema, after, parent) ?? create.Table.Name + "_idx";
        var steps = new List<FixStep> { new($"CREATE {unique}INDEX {guard}{SqlIdentifier.Quote(name)} ON ONLY {SqlIdentifier.Quote(create.Table)} {definition}") };
        Partitions(parent, SqlIdentifier.Quote(new QualifiedName(create.Table.Schema, name)));
        return Fix.Of("Parent only, then each partition concurrently", create.Span, [.. steps]);

        void Partitions(QualifiedName table, string index)
        {
            foreach (var partition in context.Schema.PartitionsOf(table).OrderBy(partition => partition.Name.Name, StringComparer.Ordinal))
            {
                string made = Made(context.Schema, partition, create);
                string on = SqlIdentifier.Quote(partition.Name), own = SqlIdentifier.Quote(partition.Name with { Name = made });
                steps.Add(partition.IsPartitioned
                    ? new($"CREATE {unique}INDEX {SqlIdentifier.Quote(made)} ON ONLY {on} {definition}")
                    : new($"CREATE {unique}INDEX CONCURRENTLY {SqlIdentifier.Quote(made)} ON {on} {definition}", FixRun.Outside));
                if (partition.IsPartitioned)
                    Partitions(partition.Name, own);
                steps.Add(new($"ALTER INDEX {index} ATTACH PARTITION {own}"));
            }
        }
    }

    /// <summary>The name that PostgreSQL would give the index of a partition.</summary>
    private static string Made(SchemaModel schema, TableModel partition, CreateIndex create) =>
        New(schema, schema.Apply(create with { Name = null, Table = partition.Name }), partition.Name) ?? $"{partition.Name.Name}_{create.Name}";

    private static string? New(SchemaModel before, SchemaModel after, QualifiedName table) =>
        after.Table(table)?.Indexes.FirstOrDefault(index => before.Table(table)?.Indexes.Any(old => old.Name == index.Name) != true)?.Name;
}
