using System.Collections.Immutable;

namespace AgentHost.Bench.Index;

/// <summary>A workload as it ran with one advice.</summary>
/// <param name="Files">The workload.</param>
/// <param name="Advice">The advice.</param>
/// <param name="Given">The reads by name, with the values that the advisor saw.</param>
/// <param name="Aside">The same with the other values; empty where they were not measured.</param>
/// <param name="Writes">The writes by name.</param>
/// <param name="Made">The indexes that were made.</param>
internal sealed record Measured(
    WorkloadFiles Files, Advice Advice, ImmutableDictionary<string, ReadTiming> Given, ImmutableDictionary<string, ReadTiming> Aside, ImmutableDictionary<string, WriteTiming> Writes,
    ImmutableArray<MadeIndex> Made)
{
    /// <summary>Weighted time of the reads, in ms: of both sets' mean.</summary>
    public double ReadTime => Aside.IsEmpty ? GivenTime : (GivenTime + AsideTime) / 2;

    public double GivenTime => Given.Sum(read => Files.Weight(read.Key) * read.Value.Milliseconds);

    public double AsideTime => Aside.Sum(read => Files.Weight(read.Key) * read.Value.Milliseconds);

    public double Cost => Given.Sum(read => Files.Weight(read.Key) * read.Value.Cost);

    public double WriteTime => Writes.Sum(write => Files.Weight(write.Key) * write.Value.Milliseconds);

    public double NetTime => ReadTime + WriteTime;

    public double WalBytes => Writes.Sum(write => Files.Weight(write.Key) * write.Value.WalBytes);

    /// <summary>The share of updates that wrote no index entry.</summary>
    public double Hot => Writes.Where(write => write.Value.Hot is not null).Sum(write => Files.Weight(write.Key) * write.Value.Hot!.Value)
        / Math.Max(1e-9, Writes.Where(write => write.Value.Hot is not null).Sum(write => Files.Weight(write.Key)));

    public IEnumerable<string> Unused => Made.Select(index => index.Name).Where(name => !Given.Values.Concat(Aside.Values).Any(read => read.Indexes.Contains(name)));
}

/// <summary>An index that was made.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Definition">As the catalog tells it.</param>
/// <param name="Bytes">Its size.</param>
/// <param name="IsCovered">Whether another index with the same or more keys serves in its place.</param>
internal sealed record MadeIndex(string Name, string Definition, long Bytes, bool IsCovered);
