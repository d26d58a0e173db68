using System.Collections.Immutable;
using AgentHost.Postgres;
using AgentHost.Sql;

namespace AgentHost.Skills.ReviewMigration;

/// <summary>What a run saw, as evidence.</summary>
internal static class ObservedEvidence
{
    /// <summary>The most indexes that are named one by one.</summary>
    private const int FewIndexes = 3;

    /// <summary>All that one statement was seen to do to what existed before.</summary>
    public static ImmutableArray<Evidence> Of(StatementObservation seen)
    {
        var evidence = ImmutableArray.CreateBuilder<Evidence>();
        evidence.AddRange(Locks(seen));
        evidence.AddRange(seen.Tables.SelectMany(Rewrites));
        evidence.AddRange(seen.Tables.Where(table => table.IsScanned).Select(table => new ScanObserved(RelationNames.Shown(table.Name))));
        evidence.AddRange(seen.Tables.Where(table => table.IsDropped).Select(table => new DropObserved(RelationNames.Shown(table.Name))));
        if (seen is { SqlState: { } state, Error: { } error })
            evidence.Add(new ErrorObserved(state, error));
        return evidence.DrainToImmutable();
    }

    /// <summary>Locks on tables, each with the count of its indexes; then those on indexes alone, views and the like.</summary>
    private static IEnumerable<Evidence> Locks(StatementObservation seen)
    {
        var told = new HashSet<string>(StringComparer.Ordinal);
        foreach (var table in seen.Tables.Where(table => table.Lock >= LockMode.ShareUpdateExclusive))
        {
            told.Add(table.Name.ToString());
            told.UnionWith(table.LockedIndexes);
            yield return new LockObserved(RelationNames.Shown(table.Name), table.Lock) { Indexes = table.LockedIndexes.Length };
        }

        foreach (var held in seen.Locks.Where(held => held.Mode >= LockMode.ShareUpdateExclusive && !told.Contains(held.Relation)))
            yield return new LockObserved(RelationNames.Shown(held.Relation), held.Mode);
    }

    private static IEnumerable<Evidence> Rewrites(ObservedTable table)
    {
        int indexes = table.RewrittenIndexes.Length;
        if (table.IsRewritten || indexes > FewIndexes)
            return [new RewriteObserved(RelationNames.Shown(table.Name)) { Indexes = indexes, OnlyIndexes = !table.IsRewritten }];
        return table.RewrittenIndexes.Select(index => new RewriteObserved(RelationNames.Shown(index)));
    }
}
