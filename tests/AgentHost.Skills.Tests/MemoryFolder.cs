using AgentHost.Knowledge.Memory;

namespace AgentHost.Skills.Tests;

/// <summary>A memory of its own, in a folder that goes with the test.</summary>
internal sealed class MemoryFolder : IDisposable
{
    private readonly string folder = Directory.CreateTempSubdirectory("agenthost-memory").FullName;

    public MemoryFolder(TimeProvider? clock = null) => Journal = new MemoryJournal(Path.Combine(folder, "memory"), workspace: null, clock);

    public MemoryJournal Journal { get; }

    public Task<MemoryEntry> DecideAsync(string title, string scope = "", string waives = "", DateOnly? until = null, string chooses = "", string rejects = "") =>
        Journal.AppendAsync(new NewEntry(MemoryKind.Decision, title, "Because the team said so.")
        {
            By = "Ada",
            Scopes = Split(scope), Waives = Split(waives), Chooses = Split(chooses), Rejects = rejects.Length == 0 ? [] : [rejects],
            Until = until,
        });

    public void Write(string file, string text)
    {
        Directory.CreateDirectory(Journal.Folder);
        File.WriteAllText(Path.Combine(Journal.Folder, file), text);
    }

    public void Dispose() => Directory.Delete(folder, recursive: true);

    private static System.Collections.Immutable.ImmutableArray<string> Split(string list) => [.. list.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)];
}
