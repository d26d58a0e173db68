using System.Globalization;
using System.Text;

namespace AgentHost.Postgres.Server;

/// <summary>The folders and files of one private server.</summary>
/// <param name="Home">The data folder that holds the installation and the server.</param>
internal sealed record ServerFolder(string Home)
{
    // sun_path of sockaddr_un holds 108 bytes with its closing NUL (unix(7)).
    private const int LongestSocketPath = 107;

    /// <summary>Held while the server is made, started, stopped or swept.</summary>
    public string Lock => Path.Combine(Home, ".server.lock");

    /// <summary>The server's own folder: mode 0700, owned by the account that runs it.</summary>
    public string Root => Path.Combine(Home, "server");

    /// <summary>The cluster.</summary>
    public string Data => Path.Combine(Root, "data");

    /// <summary>Where a cluster is made before it is moved to <see cref="Data"/>.</summary>
    public string NewData => Path.Combine(Root, "data.new");

    /// <summary>One locked file for each living host.</summary>
    public string Hosts => Path.Combine(Root, "hosts");

    /// <summary>The server's log.</summary>
    public string Log => Path.Combine(Root, "server.log");

    /// <summary>
    /// Whether the socket can live in <see cref="Root"/>: its path must fit into a socket address, and Npgsql reads a comma as the end of a host.
    /// </summary>
    public bool SocketFits =>
        Encoding.UTF8.GetByteCount(Path.Combine(Root, ".s.PGSQL.5432.lock")) <= LongestSocketPath && !Root.Contains(',', StringComparison.Ordinal);

    private string PostmasterPath => Path.Combine(Data, "postmaster.pid");

    /// <summary>What the running, or a crashed, server wrote about itself; null where there is none.</summary>
    public PostmasterFile? ReadPostmaster()
    {
        try
        {
            var lines = File.ReadAllLines(PostmasterPath);
            return lines.Length >= 5 && int.TryParse(lines[0], NumberStyles.None, CultureInfo.InvariantCulture, out var pid)
                ? new PostmasterFile(pid, lines[4], lines.Length >= 8 ? lines[7].Trim() : "")
                : null;
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            return null;
        }
    }

    /// <summary>Whether the process is this cluster's: every PostgreSQL process works in its data folder, whatever path led there.</summary>
    public bool IsServerProcess(int pid)
    {
        try
        {
            return File.ReadAllText($"/proc/{pid.ToString(CultureInfo.InvariantCulture)}/cwd/postmaster.pid") == File.ReadAllText(PostmasterPath);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return false; // gone, or another user's, or no PostgreSQL
        }
    }

    /// <summary>
    /// Replaces a dead postmaster's id by one that no process can have (above the kernel's PID_MAX_LIMIT of 2^22), lest a stranger
    /// that was given the same id keeps PostgreSQL from starting. The file itself must stay: its shared memory key guards against orphans.
    /// </summary>
    public void RetirePostmaster()
    {
        var lines = File.ReadAllLines(PostmasterPath);
        lines[0] = "4194305";
        File.WriteAllText(PostmasterPath, string.Join('\n', lines) + '\n');
    }

    /// <summary>Every living process of this cluster, postmaster and children.</summary>
    public IEnumerable<int> ServerProcesses() =>
        Directory.EnumerateDirectories("/proc")
            .Select(path => int.TryParse(Path.GetFileName(path), NumberStyles.None, CultureInfo.InvariantCulture, out var pid) ? pid : 0)
            .Where(pid => pid != 0 && IsServerProcess(pid));
}

/// <summary>The lines of <c>postmaster.pid</c> that matter (miscinit.c).</summary>
/// <param name="ProcessId">The postmaster's process id.</param>
/// <param name="SocketFolder">Where its socket is.</param>
/// <param name="Status"><c>starting</c>, <c>ready</c>, <c>stopping</c>; empty very early.</param>
internal sealed record PostmasterFile(int ProcessId, string SocketFolder, string Status);
