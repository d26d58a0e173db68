using AgentHost.Postgres;
using AgentHost.Postgres.Catalog;
using AgentHost.Sql.Queries;

namespace AgentHost.Bench.Twin;

/// <summary>Compares databases on servers of other versions with their twins, which the private server's planner plans.</summary>
internal sealed class OtherVersions(PrivateServer server, string files, Options options)
{
    public const string Header = """
        | database | version | statements refused | notes | queries | planned by both | p50 | p95 | max | within 1 % | same shape |
        |---|--:|--:|--:|--:|--:|--:|--:|--:|--:|--:|
        """;

    public async Task RunAsync(string name)
    {
        var script = MadeDatabase.Read(Path.Combine(files, "databases", name + ".sql"));
        var queries = QueryScript.Parse(await File.ReadAllTextAsync(Path.Combine(files, "queries", name + ".sql")));
        foreach (var address in options.Servers)
        {
            await using var original = await ForeignOriginal.MakeAsync(address, script);
            await using var target = await ReadOnlyTarget.ConnectAsync(name, original.Address);
            var snapshot = await CatalogReader.ReadAsync(target, statistics: true);
            await using var twin = await Postgres.Twins.Twin.LoadAsync(server, snapshot);
            await using var asked = await original.OpenAsync();
            await using var answering = await twin.OpenAsync();
            var all = new Fidelity([.. (await Explained.AllAsync(asked, queries, [])).Zip(await Explained.AllAsync(answering, queries, []))]);
            var both = new Fidelity([.. all.Pairs.Where(pair => pair.Original.Plan is not null && pair.Twin.Plan is not null)]);
            Console.WriteLine(
                $"| {name} | {snapshot.MajorVersion} | {original.Refused.Count} | {twin.Notes.Length} | {queries.Length} | {both.Pairs.Count} | {both.Percentile(0.5):P2} | {both.Percentile(0.95):P2} | {both.Percentile(1):P2} "
                + $"| {(double)both.Within(0.01) / both.Pairs.Count:P1} | {(double)both.Same / both.Pairs.Count:P1} |");
            foreach (var line in original.Refused.Select(refused => $"  refused: {refused}").Concat(twin.Notes.Select(note => $"  note: {note}")).Concat(all.Misses()))
            {
                if (options.Misses)
                    Console.WriteLine(line);
            }
        }
    }
}
