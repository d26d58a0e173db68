using System.Collections.Immutable;
using AgentHost.Sql;

namespace AgentHost.Postgres.Observation;

/// <summary>What a statement did to existing relations, put together from their states around it and the locks in between.</summary>
/// <param name="Before">The relations before the statement.</param>
/// <param name="After">The relations behind it; null where it failed, and nothing of it is left.</param>
/// <param name="Locks">The strongest lock on each.</param>
internal sealed record Effects(
    IReadOnlyDictionary<uint, RelationState> Before, IReadOnlyDictionary<uint, RelationState>? After, IReadOnlyDictionary<uint, LockMode> Locks)
{
    /// <summary>Whether the counts of scans can be compared.</summary>
    public bool ScansAreKnown { get; init; } = true;

    /// <summary>Whether a new file is an empty one: TRUNCATE copies nothing into it, and reads nothing of the old.</summary>
    public bool Truncates { get; init; }

    public ImmutableArray<ObservedLock> NamedLocks() => [.. Named(Locks.Keys).Select(found => new ObservedLock(found.State.Name.ToString(), Locks[found.Oid]))];

    public ImmutableArray<string> Rewritten() => Names(IsRewritten);

    public ImmutableArray<string> Scanned() => Names(IsScanned);

    /// <summary>Each table that the statement did something to.</summary>
    public ImmutableArray<ObservedTable> Tables()
    {
        var indexes = Before.Where(found => found.Value is { IsIndex: true, Table: not null }).ToLookup(found => found.Value.Table!.Value, found => found.Key);
        return
        [
            .. Named(Before.Keys).Where(found => found.State.IsTable).Select(found => new ObservedTable(found.State.Name)
            {
                IsMaterializedView = found.State.Kind == 'm',
                Lock = Locks.GetValueOrDefault(found.Oid),
                IsRewritten = IsRewritten(found.Oid),
                IsScanned = IsScanned(found.Oid),
                IsDropped = After is not null && !After.ContainsKey(found.Oid),
                LockedIndexes = Strings(Named(indexes[found.Oid].Where(index => Locks.GetValueOrDefault(index) >= LockMode.ShareUpdateExclusive))),
                RewrittenIndexes = Strings(Named(indexes[found.Oid].Where(IsRewritten))),
            }).Where(table => table.Lock >= LockMode.ShareUpdateExclusive || table.IsDropped || table.IsScanned || table.IsRewritten || !table.LockedIndexes.IsEmpty || !table.RewrittenIndexes.IsEmpty),
        ];
    }

    private bool IsRewritten(uint oid) =>
        !Truncates && After is not null && Before[oid] is { Kind: 'r' or 'm' or 'i' } then && After.TryGetValue(oid, out var now) && now.File != then.File;

    private bool IsScanned(uint oid) => ScansAreKnown && !Truncates && After is not null && After.TryGetValue(oid, out var now) && now.Scans > Before[oid].Scans;

    private ImmutableArray<string> Names(Func<uint, bool> did) => Strings(Named(Before.Keys.Where(did)));

    private static ImmutableArray<string> Strings(IEnumerable<(uint Oid, RelationState State)> named) => [.. named.Select(found => found.State.Name.ToString())];

    /// <summary>Only what existed before, ordered by name.</summary>
    private IEnumerable<(uint Oid, RelationState State)> Named(IEnumerable<uint> oids) =>
        oids.Where(Before.ContainsKey).Select(oid => (oid, Before[oid])).OrderBy(found => found.Item2.Name.ToString(), StringComparer.Ordinal);
}
