using System.Diagnostics;

namespace AgentHost.Postgres.Server;

/// <summary>
/// The account that runs the server. PostgreSQL refuses to run as root, so root hands it to a plain account:
/// <c>agenthost</c> where the machine has one, else <c>nobody</c>.
/// </summary>
/// <param name="Name">The account's name, or null where the server runs as ourselves.</param>
/// <param name="UserId">Its numeric id; 0 where it is ourselves.</param>
/// <param name="GroupId">Its primary group; 0 where it is ourselves.</param>
internal sealed record ServerAccount(string? Name, uint UserId, uint GroupId)
{
    /// <exception cref="PostgresUnavailableException">We are root, and the machine has neither account.</exception>
    public static ServerAccount Resolve()
    {
        if (!Environment.IsPrivilegedProcess)
            return new ServerAccount(null, 0, 0);
        var accounts = File.ReadLines("/etc/passwd").Select(line => line.Split(':')).Where(fields => fields.Length >= 4).ToList();
        foreach (var name in (string[])["agenthost", "nobody"])
        {
            var fields = accounts.FirstOrDefault(fields => fields[0] == name);
            if (fields is not null && uint.TryParse(fields[2], out var user) && user != 0 && uint.TryParse(fields[3], out var group))
                return new ServerAccount(name, user, group);
        }

        throw new PostgresUnavailableException(
            "PostgreSQL does not run as root, and this machine has no account 'nobody' to run it. "
            + "Make an account (useradd --system agenthost), or run AgentHost as an ordinary user.");
    }

    /// <summary>A process that runs a program under this account with a clean environment.</summary>
    /// <param name="folder">The working folder; the account must be able to enter it.</param>
    /// <param name="installation">Whose locales the program uses.</param>
    /// <param name="program">The program's full path.</param>
    /// <param name="arguments">Its arguments.</param>
    public ProcessStartInfo Command(string folder, Installation installation, string program, params IEnumerable<string> arguments)
    {
        // Whatever else our parent left open (a lock, a pipe) must not live on in a server that outlives us.
        const string CloseAndRun = """for f in /proc/self/fd/*; do n=${f##*/}; if (( n > 2 )); then eval "exec $n>&-"; fi; done; exec "$@" """;
        var start = new ProcessStartInfo("/bin/bash")
        {
            WorkingDirectory = folder, UseShellExecute = false, RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true,
        };
        foreach (var argument in (string[])["-c", CloseAndRun, "agenthost"])
            start.ArgumentList.Add(argument);
        if (Name is not null)
        {
            foreach (var argument in (string[])["setpriv", $"--reuid={UserId}", $"--regid={GroupId}", "--clear-groups", "--no-new-privs", "--"])
                start.ArgumentList.Add(argument);
        }

        start.ArgumentList.Add(program);
        foreach (var argument in arguments)
            start.ArgumentList.Add(argument);
        start.Environment.Clear();
        start.Environment["PATH"] = "/usr/local/bin:/usr/bin:/bin:/usr/sbin:/sbin";
        start.Environment["LC_ALL"] = "C";
        start.Environment["LOCPATH"] = installation.Locales;
        return start;
    }
}
