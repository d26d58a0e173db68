using AgentHost.Postgres.Server;

namespace AgentHost.Postgres.Tests.Server;

/// <summary>A data folder without an installation of its own, for a server that tests may kill.</summary>
internal sealed class TemporaryHome : IDisposable
{
    private readonly string root = Directory.CreateTempSubdirectory("agenthost-test-").FullName;

    public TemporaryHome(string below = "")
    {
        Folder = new ServerFolder(Path.Combine(root, below).TrimEnd('/'));
        Directory.CreateDirectory(Folder.Home);
        // The account that runs the server must be able to enter, as eng/install-postgres sees to.
        File.SetUnixFileMode(root, (UnixFileMode)Convert.ToInt32("711", 8));
    }

    public ServerFolder Folder { get; }

    public Task<ServerLease> AcquireAsync() => ServerLease.AcquireAsync(Folder, Installation.Current, CancellationToken.None);

    public int? Postmaster => Folder.ReadPostmaster() is { } file && Folder.IsServerProcess(file.ProcessId) ? file.ProcessId : null;

    public void Dispose()
    {
        new ServerCluster(Folder, Installation.Current).Stop();
        Directory.Delete(root, recursive: true);
    }
}
