using System.Diagnostics;
using System.Runtime.CompilerServices;

namespace AgentHost.Postgres.Tests;

/// <summary><c>eng/install-postgres</c>, with the installation that the tests run on in the place of Debian's packages: nothing is fetched.</summary>
public sealed class InstallScriptTests : IClassFixture<InstallScriptTests.Home>
{
    private const string Programs = "usr/lib/postgresql/17/bin/", Extensions = "usr/share/postgresql/17/extension/", Libraries = "usr/lib/x86_64-linux-gnu/";
    private readonly Home home;

    public InstallScriptTests(Home home)
    {
        this.home = home;
        home.Install();
    }

    public sealed class Home : IDisposable
    {
        private readonly string root = Directory.CreateTempSubdirectory("agenthost-install-").FullName;

        public Home()
        {
            File.SetUnixFileMode(root, (UnixFileMode)Convert.ToInt32("755", 8)); // the server's account must be able to enter
            var fetch = Directory.CreateDirectory(Path.Combine(root, "bin")).FullName + "/mmdebstrap";
            // As mmdebstrap --include=… trixie TARGET "deb …" leaves it: the target is the last argument but one.
            File.WriteAllText(fetch, $"#!/bin/bash\nset -e\ntest ! -e '{root}/offline'\ncp -a '{Installation.Current.Root}' \"${{@: -2:1}}\"\n");
            File.SetUnixFileMode(fetch, (UnixFileMode)Convert.ToInt32("755", 8));
        }

        internal string Tree => Path.Combine(root, "postgresql-17");

        internal string Offline => Path.Combine(root, "offline");

        internal (int ExitCode, string Error) Install(params string[] arguments)
        {
            var start = new ProcessStartInfo(Path.GetFullPath("../../eng/install-postgres", Source()), arguments) { UseShellExecute = false, RedirectStandardError = true };
            start.Environment["AGENTHOST_HOME"] = root;
            start.Environment["AGENTHOST_DEBIAN_MIRROR"] = "file:/nowhere";
            start.Environment["PATH"] = $"{root}/bin:{start.Environment["PATH"]}";
            using var process = Process.Start(start)!;
            var error = process.StandardError.ReadToEnd();
            process.WaitForExit();
            return (process.ExitCode, error);
        }

        public void Dispose() => Directory.Delete(root, recursive: true);

        private static string Source([CallerFilePath] string path = "") => Path.GetDirectoryName(path)!;
    }

    [Fact]
    public void A_sound_installation_is_left_alone()
    {
        var before = Directory.GetCreationTimeUtc(home.Tree);
        File.WriteAllText(Path.Combine(home.Tree, Extensions, "added.control"), "what somebody added");
        Assert.Equal((0, ""), home.Install());
        Assert.Equal(before, Directory.GetCreationTimeUtc(home.Tree));
        Assert.True(File.Exists(Path.Combine(home.Tree, Extensions, "added.control")));
    }

    [Fact]
    public void Missing_files_are_told_and_put_back_by_the_next_run()
    {
        string[] files = [Programs + "postgres", Programs + "pg_dump", Extensions + "vector.control", "usr/lib/postgresql/17/lib/hypopg.so", Libraries + "libpg_query.so.1706.0"];
        foreach (var file in files)
        {
            var (path, aside) = (Path.Combine(home.Tree, file), Path.Combine(home.Tree, "aside"));
            File.Move(path, aside);
            var (found, told) = home.Install("--check");
            Assert.Equal(1, found);
            Assert.Contains(file, told, StringComparison.Ordinal);
            File.Move(aside, path);
        }

        var sizes = files.Select(file => new FileInfo(Path.Combine(home.Tree, file)).Length).ToList();
        foreach (var file in files)
            File.Delete(Path.Combine(home.Tree, file));
        File.WriteAllText(Path.Combine(home.Tree, Programs, "initdb"), "");
        File.SetUnixFileMode(Path.Combine(home.Tree, Programs, "psql"), UnixFileMode.UserRead);
        var (code, error) = home.Install();
        Assert.True(code == 0, error);
        Assert.Contains("and 4 more", error, StringComparison.Ordinal);
        Assert.Equal(sizes, files.Select(file => new FileInfo(Path.Combine(home.Tree, file)).Length));
        (code, error) = home.Install("--check");
        Assert.True(code == 0, error);
        Assert.Equal((0, ""), home.Install());
    }

    [Fact]
    public void A_tree_without_its_files_is_made_anew()
    {
        Directory.Delete(Path.Combine(home.Tree, "usr"), recursive: true);
        Assert.Equal(0, home.Install().ExitCode);
        Assert.True(File.Exists(Path.Combine(home.Tree, Programs, "postgres")));
    }

    [Fact]
    public void What_cannot_be_repaired_stays_as_it_is_and_is_told()
    {
        File.Delete(Path.Combine(home.Tree, Extensions, "vector.control"));
        File.WriteAllText(home.Offline, "");
        var (code, error) = home.Install();
        File.Delete(home.Offline);
        Assert.Equal(1, code);
        Assert.Contains("vector.control", error, StringComparison.Ordinal);
        Assert.Contains("could not fetch", error, StringComparison.Ordinal);
        Assert.True(File.Exists(Path.Combine(home.Tree, Programs, "postgres")));
    }
}
