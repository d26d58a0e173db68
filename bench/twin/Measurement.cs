using System.Diagnostics;
using AgentHost.Postgres;
using AgentHost.Postgres.Catalog;
using AgentHost.Postgres.Twins;
using AgentHost.Sql.Queries;
using Npgsql;

namespace AgentHost.Bench.Twin;

/// <summary>Makes a database, takes its snapshot, loads its twin and compares the plans.</summary>
internal sealed class Measurement(PrivateServer server, string files, Options options)
{
    public const string Header = """
        | database | hypothetical indexes | read by | queries | p50 | p95 | max | within 1 % | same shape | made s | snapshot s | snapshot KB | twin s |
        |---|--:|--:|--:|--:|--:|--:|--:|--:|--:|--:|--:|--:|
        """;

    public async Task RunAsync(string name)
    {
        await using var made = await MadeDatabase.MakeAsync(server, Path.Combine(files, "databases", name + ".sql"));
        var queries = QueryScript.Parse(await File.ReadAllTextAsync(Path.Combine(files, "queries", name + ".sql")));
        IReadOnlyCollection<string> indexes = [.. QueryScript.Parse(await File.ReadAllTextAsync(Path.Combine(files, "indexes", name + ".sql"))).Select(index => index.Sql)];

        var clock = Stopwatch.StartNew();
        var snapshot = await SnapshotAsync(name, made.Scratch);
        var taken = clock.Elapsed;
        using var file = new MemoryStream();
        await CatalogSnapshotFile.WriteAsync(file, snapshot);
        file.Position = 0;
        snapshot = await CatalogSnapshotFile.ReadAsync(file);
        await made.Scratch.AddExtensionAsync("hypopg");

        var redacted = Redaction.Of(snapshot);
        foreach (var (label, given) in options.Redact ? new[] { (name, snapshot), (name + ", redacted", redacted), (name + ", redacted, without its key", redacted with { RedactionKey = null }) } : [(name, snapshot)])
        {
            clock.Restart();
            await using var other = await OtherAsync(made, given);
            var loaded = clock.Elapsed;
            foreach (var note in other.Notes)
                await Console.Error.WriteLineAsync($"{label}: {note}");
            foreach (var tried in (IReadOnlyCollection<string>[])[[], indexes])
            {
                var fidelity = await CompareAsync(made, other, queries, tried);
                Console.WriteLine(
                    $"| {label} | {tried.Count} | {fidelity.Hypothetical} | {queries.Length} | {fidelity.Percentile(0.5):P2} | {fidelity.Percentile(0.95):P2} | {fidelity.Percentile(1):P2} | {Share(fidelity.Within(0.01), queries.Length)} "
                    + $"| {Share(fidelity.Same, queries.Length)} | {made.Time.TotalSeconds:F1} | {taken.TotalSeconds:F2} | {file.Length / 1024.0:F0} | {loaded.TotalSeconds:F2} |");
                if (options.Misses)
                {
                    foreach (var miss in fidelity.Misses())
                        Console.WriteLine(miss);
                }
            }
        }
    }

    private static string Share(int part, int whole) => $"{(double)part / whole:P1}";

    // As its users do: by a role that is no superuser, over an ordinary connection.
    private static async Task<CatalogSnapshot> SnapshotAsync(string name, ScratchDatabase database)
    {
        await using var target = await ReadOnlyTarget.ConnectAsync(name, database.ConnectionString);
        return await CatalogReader.ReadAsync(target, statistics: true);
    }

    private static async Task<Fidelity> CompareAsync(MadeDatabase made, Other other, IReadOnlyCollection<WeightedQuery> queries, IReadOnlyCollection<string> indexes)
    {
        await using var original = await made.Scratch.OpenAsync();
        await using var twin = await other.OpenAsync();
        // A redacted twin knows surrogates, and asks with them.
        var asked = new List<WeightedQuery>();
        foreach (var query in queries)
            asked.Add(query with { Sql = await other.TranslateAsync(query.Sql) });
        var proposed = new List<string>();
        foreach (var index in indexes)
            proposed.Add(await other.TranslateAsync(index));
        return new Fidelity([.. (await Explained.AllAsync(original, queries, indexes)).Zip(await Explained.AllAsync(twin, asked, proposed))]);
    }

    private async Task<Other> OtherAsync(MadeDatabase made, CatalogSnapshot snapshot)
    {
        if (options.Self)
            return new Other(() => made.Scratch.OpenAsync(), Task.FromResult, [], null);
        var twin = await Postgres.Twins.Twin.LoadAsync(server, snapshot);
        return new Other(() => twin.OpenAsync(), sql => twin.TranslateAsync(sql), twin.Notes, twin);
    }

    private sealed record Other(Func<Task<NpgsqlConnection>> OpenAsync, Func<string, Task<string>> TranslateAsync, IReadOnlyList<string> Notes, IAsyncDisposable? Held) : IAsyncDisposable
    {
        public ValueTask DisposeAsync() => Held?.DisposeAsync() ?? ValueTask.CompletedTask;
    }
}
