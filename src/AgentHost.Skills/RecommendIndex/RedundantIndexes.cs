using System.Collections.Immutable;

namespace AgentHost.Skills.RecommendIndex;

/// <summary>
/// Finds existing indexes that another index of the same table makes needless: duplicates, and those whose keys are the first keys of another.
/// Never one that holds a rule (unique, constraint, replica identity) or stands for something else than its keys (clustering, a partitioned index).
/// </summary>
internal static class RedundantIndexes
{
    /// <summary>The needless ones among a table's indexes; of duplicates one always stays.</summary>
    public static IEnumerable<RedundantIndex> Of(TableFacts table)
    {
        var gone = new HashSet<IndexFacts>();
        // Narrow before wide, the later name before the earlier: of two duplicates the first by name stays.
        foreach (var index in table.Indexes.Where(IsDroppable).OrderBy(i => i.Keys.Length).ThenByDescending(i => i.Name.Name, StringComparer.Ordinal))
        {
            var keeper = table.Indexes.Where(other => other != index && !gone.Contains(other) && Replaces(other, index))
                .OrderByDescending(o => o.BacksConstraint || o.IsUnique).ThenBy(o => o.Keys.Length).ThenBy(o => o.Name.Name, StringComparer.Ordinal)
                .FirstOrDefault();
            if (keeper is null)
                continue;
            gone.Add(index);
            var size = $"{Math.Max(1, index.SizeBytes / 1024.0 / 1024.0):N0} MB";
            yield return new RedundantIndex(index.Name.ToString(), keeper.Keys.Length == index.Keys.Length
                ? $"Same keys as {keeper.Name.Name}, which serves every query that this one serves; dropping it frees {size} and one entry a write."
                : $"Its keys ({Definitions(index)}) are the first of {keeper.Name.Name} ({Definitions(keeper)}), which serves the same look-ups; dropping it frees {size} and one entry a write.");
        }
    }

    private static string Definitions(IndexFacts index) => string.Join(", ", index.Keys.Select(k => k.Definition));

    private static bool IsDroppable(IndexFacts index) => index is
        { Method: "btree", IsValid: true, IsUnique: false, BacksConstraint: false, IsReplicaIdentity: false, IsClustered: false, IsPartitionMember: false };

    private static bool Replaces(IndexFacts other, IndexFacts index) =>
        other is { Method: "btree", IsValid: true } && other.Predicate == index.Predicate && other.Keys.Length >= index.Keys.Length
        && other.Keys.Take(index.Keys.Length).SequenceEqual(index.Keys)
        && index.Include.All(column => other.Include.Contains(column) || other.Keys.Any(k => k.Definition == column));
}
