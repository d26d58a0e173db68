using System.Collections.Immutable;
using AgentHost.Configuration;
using AgentHost.Knowledge.Embedding;
using AgentHost.Postgres;
using AgentHost.Sql;

namespace AgentHost.Composition;

/// <summary>Tries every part that the tools rest on, as the tools use it.</summary>
internal static class Doctor
{
    private const string Install = "run eng/install-postgres (./agenthost does it at its next start)";

    /// <summary>Examines everything; a part that fails is a line, not an exception.</summary>
    public static async Task<DoctorReport> ExamineAsync(Architect architect, CancellationToken cancellation)
    {
        var lines = ImmutableArray.CreateBuilder<DoctorLine>();
        var installation = Installation.Current;
        lines.Add(Present("PostgreSQL 17", installation.Exists, installation.Root));
        lines.Add(Present("pgvector", HasExtension(installation, "vector"), "extension vector"));
        lines.Add(Present("HypoPG", HasExtension(installation, "hypopg"), "extension hypopg"));
        lines.Add(await TryAsync("Parser library", Install, () =>
        {
            SqlParser.Parse(";");
            return Task.FromResult($"libpg_query in {installation.Root}");
        }));
        lines.Add(await TryAsync("Private server", $"see the reason; else {Install}", async () =>
        {
            await using var scratch = await (await PrivateServer.ConnectAsync(cancellation)).CreateScratchAsync(cancellation);
            return "runs, and makes and drops scratch databases";
        }));
        lines.Add(await TryAsync("Configuration", "correct the file or variable that the reason names", () => Task.FromResult(
            architect.Configuration.File ?? $"no {ConfigurationFile.Name} in {architect.Configuration.Root} or above (none is needed)")));
        if (lines[^1].Ok)
            await ExamineWorkspaceAsync(architect, lines, cancellation);
        return new DoctorReport(lines.DrainToImmutable());
    }

    private static async Task ExamineWorkspaceAsync(Architect architect, ImmutableArray<DoctorLine>.Builder lines, CancellationToken cancellation)
    {
        lines.Add(await TryAsync("Embedding model", "check the embedder in agenthost.json and the AGENTHOST_EMBEDDER_* variables", async () =>
        {
            var endpoint = architect.EmbeddingEndpoint;
            using var embedder = EmbeddingGenerators.Create(endpoint);
            var vector = (await embedder.GenerateAsync(["lock queue"], cancellationToken: cancellation))[0].Vector;
            return $"{(endpoint is null ? "built in, offline" : endpoint.ToString())}, {vector.Length} dimensions";
        }));
        lines.Add(await TryAsync("Knowledge store", "see the reason; AGENTHOST_STORE names another database with pgvector", async () =>
        {
            var store = await architect.OpenKnowledgeAsync(null, cancellation);
            await store.SearchAsync("lock queue", 1, ct: cancellation);
            var sources = await store.SourcesAsync(cancellation);
            return $"{string.Join("; ", sources.Select(s => $"{s.Name}: {s.Pages} pages, {s.Chunks} pieces{(s.Status == "complete" ? "" : $" ({s.Status}: run its ingest again)")}"))}; model {store.Model}";
        }));
        lines.Add(await TryAsync("Memory folder", "correct the entry or the folder that the reason names", () => Task.FromResult(DescribeMemory(architect))));
        if (lines[^1].Ok)
            lines.AddRange(architect.Memory.Problems.Select(problem => new DoctorLine("Memory", false, problem.ToString())));
        if (!architect.Configuration.TargetNames.Any())
            lines.Add(new DoctorLine("Targets", true, $"none configured; {ConfigurationFile.Name}: {{\"targets\": {{\"app\": {{\"connection\": \"env:APP_DATABASE_URL\"}}}}}}"));
        foreach (var name in architect.Configuration.TargetNames)
        {
            lines.Add(await TryAsync($"Target {name}", "check the connection, and that the server is reachable from here", async () =>
            {
                await using var target = await architect.ConnectAsync(name, cancellation);
                return $"PostgreSQL {target.ServerVersionNum / 10_000}.{target.ServerVersionNum % 10_000}, read-only";
            }));
        }
    }

    private static string DescribeMemory(Architect architect)
    {
        var memory = architect.Memory;
        if (!Directory.Exists(memory.Folder))
            return $"{memory.Folder} (the first entry makes it)";
        return $"{memory.Folder}, {memory.Entries.Length} entries";
    }

    private static bool HasExtension(Installation installation, string name) =>
        File.Exists(Path.Combine(installation.Root, "usr/share/postgresql/17/extension", name + ".control"));

    private static DoctorLine Present(string item, bool there, string what) =>
        there ? new DoctorLine(item, true, what) : new DoctorLine(item, false, $"{what} is missing", Install);

    private static async Task<DoctorLine> TryAsync(string item, string fix, Func<Task<string>> examine)
    {
        try
        {
            return new DoctorLine(item, true, await examine());
        }
#pragma warning disable CA1031 // A diagnosis reports what it meets.
        catch (Exception failure) when (failure is not OperationCanceledException)
        {
            return new DoctorLine(item, false, Complaint.About(failure, item).Message, failure is MissingVariableException missing ? $"export {missing.Variable}=…, where AgentHost runs" : fix);
        }
#pragma warning restore CA1031
    }
}
