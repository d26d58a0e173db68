using System.Collections.Immutable;
using System.Security.Cryptography;
using System.Text;
using AgentHost.Skills.RecommendIndex.Workloads;
using AgentHost.Sql;
using AgentHost.Sql.Statements;

namespace AgentHost.Skills.RecommendIndex;

/// <summary>
/// Makes an index of a partitioned table without locking writes out: first of the table alone, then of each partition concurrently, each attached once it is built;
/// with the last of them the whole is valid (manual, 5.12.2.2). CREATE INDEX CONCURRENTLY itself is not for partitioned tables.
/// </summary>
internal static class PartitionedBuild
{
    private const int MaxNameBytes = 63;

    /// <summary>The recommendation with the statements for its table's partitions, a line each; the same for any other table, and one without partitions.</summary>
    public static IndexRecommendation Of(IndexRecommendation index, SchemaFacts schema)
    {
        if (SqlParser.Parse(index.Sql).Statements is not [CreateIndex { Name: { } name } create] || schema.Relation(create.Table) is not { Figures.Kind: 'p' } table || Below(schema, table).Count == 0)
            return index;
        var definition = index.Sql[(index.Sql.IndexOf(" USING ", StringComparison.Ordinal) + 1)..].TrimEnd(';');
        var statements = new List<string>();
        var taken = schema.Relations.SelectMany(r => r.Model.Indexes.Select(i => i.Name).Append(r.Name.Name)).Append(name).ToHashSet(StringComparer.Ordinal);
        Build(table, table.Name with { Name = name });
        return index with { Sql = string.Join('\n', statements) };

        void Build(RelationFacts relation, QualifiedName called)
        {
            var isParent = relation.Figures.Kind == 'p';
            statements.Add($"CREATE INDEX {(isParent ? "" : "CONCURRENTLY ")}{SqlIdentifier.Quote(called.Name)} ON {(isParent ? "ONLY " : "")}{SqlIdentifier.Quote(relation.Name)} {definition};");
            foreach (var partition in isParent ? Below(schema, relation) : [])
            {
                var own = partition.Name with { Name = Name(name, table.Name.Name, partition.Name.Name, taken) };
                Build(partition, own);
                statements.Add($"ALTER INDEX {SqlIdentifier.Quote(called)} ATTACH PARTITION {SqlIdentifier.Quote(own)};");
            }
        }
    }

    private static List<RelationFacts> Below(SchemaFacts schema, RelationFacts table) =>
        [.. schema.Relations.Where(r => r.Figures.ParentName == table.Name.Name && r.Figures.ParentSchema == table.Name.SchemaOrPublic)];

    private static string Name(string index, string table, string partition, HashSet<string> taken)
    {
        var name = index.StartsWith(table, StringComparison.Ordinal) ? partition + index[table.Length..] : $"{partition}_{index}";
        if (Encoding.UTF8.GetByteCount(name) > MaxNameBytes || taken.Contains(name))
        {
            var hash = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(name)))[..8];
            while (Encoding.UTF8.GetByteCount(name) > MaxNameBytes - 9)
                name = name[..^(char.IsLowSurrogate(name[^1]) ? 2 : 1)];
            name = $"{name.TrimEnd('_')}_{hash}";
        }
        taken.Add(name);
        return name;
    }
}
