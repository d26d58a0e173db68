namespace AgentHost.Knowledge.Tests.Memory;

/// <summary>A folder that is gone with the test.</summary>
public sealed class TemporaryFolder : IDisposable
{
    public string Path { get; } = Directory.CreateTempSubdirectory("agenthost-memory-").FullName;

    public string Memory => System.IO.Path.Combine(Path, "memory");

    public string Write(string file, string content)
    {
        var path = System.IO.Path.Combine(Memory, file);
        Directory.CreateDirectory(Memory);
        File.WriteAllText(path, content);
        return path;
    }

    public void Dispose() => Directory.Delete(Path, recursive: true);
}
