using System.Collections.Immutable;
using AgentHost.Sql;
using Npgsql;

namespace AgentHost.Bench.Index;

/// <summary>What each made index is worth: the weighted time of reads and writes without it, against that with it.</summary>
internal sealed class Ablation(NpgsqlConnection connection, Measured with)
{
    public async Task<ImmutableArray<string>> RunAsync()
    {
        var lines = ImmutableArray.CreateBuilder<string>();
        foreach (var index in with.Made)
        {
            await MadeDatabase.RunAsync(connection, "savepoint ablated");
            await MadeDatabase.RunAsync(connection, $"drop index {SqlIdentifier.Quote(index.Name)}");
            var (reads, writes) = (0.0, 0.0);
            foreach (var (queries, timings) in ((ImmutableArray<Sql.Queries.WeightedQuery>, ImmutableDictionary<string, ReadTiming>)[])[(with.Files.Given, with.Given), (with.Files.Aside, with.Aside)])
            {
                foreach (var query in queries.Where(query => timings.TryGetValue(query.Name, out var timing) && timing.Indexes.Contains(index.Name)))
                    reads += query.Weight * ((await ReadTiming.MeasureAsync(connection, query)).Milliseconds - timings[query.Name].Milliseconds) / (with.Aside.IsEmpty ? 1 : 2);
            }
            foreach (var write in with.Files.Writes)
                writes += with.Files.Weight(write.Name) * ((await WriteTiming.MeasureAsync(connection, write, 3)).Milliseconds - with.Writes[write.Name].Milliseconds);
            await MadeDatabase.RunAsync(connection, "rollback to savepoint ablated");
            lines.Add($"  {reads + writes,10:F1} ms without it (reads {reads:+0.0;-0.0}, writes {writes:+0.0;-0.0}), {index.Bytes / 1048576.0:F1} MB: {index.Definition}");
        }
        return lines.ToImmutable();
    }
}
