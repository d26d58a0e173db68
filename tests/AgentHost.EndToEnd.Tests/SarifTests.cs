using System.Diagnostics;

namespace AgentHost.EndToEnd.Tests;

/// <summary>SARIF logs hold against the standard's schema.</summary>
public sealed class SarifTests
{
    private static readonly string Validator = Path.Combine(Built.Repository, "tests/AgentHost.EndToEnd.Tests/sarif");

    [Fact]
    public async Task Every_log_is_valid_sarif_2_1_0()
    {
        using var folder = new WorkspaceFolder();
        string schema = Path.Combine(Built.Example, "schema.sql");
        await File.WriteAllTextAsync(Path.Combine(folder.Path, "odd name %41 'é'.sql"), "CREATE INDEX i ON tasks (title);\n-- agenthost:ignore drop-table: nobody reads it\nDROP TABLE comments;\nSELEC 1;\n");
        await File.WriteAllTextAsync(Path.Combine(folder.Path, "refused.sql"), "ALTER TABEL tasks;\n");
        await File.WriteAllTextAsync(Path.Combine(folder.Path, "clean.sql"), "SELECT 1;\n");
        string[][] reviews =
        [
            ["odd name %41 'é'.sql", "refused.sql", "clean.sql"],
            ["--schema", schema, "-"],
            ["--schema", schema, "--prove", Path.Combine(Built.Example, "migrations/0004_require_story_points.sql")],
            [.. Directory.GetFiles(Path.Combine(Built.Example, "migrations"), "*.sql")],
        ];
        var logs = new List<string>();
        foreach (var review in reviews)
        {
            var outcome = await HostProcess.RunAsync(folder.Path, ["review", "--format", "sarif", .. review], "ALTER TABLE tasks ALTER title SET NOT NULL;");
            Assert.InRange(outcome.ExitCode, 0, 1);
            logs.Add(Path.Combine(folder.Path, $"{logs.Count}.sarif"));
            await File.WriteAllTextAsync(logs[^1], outcome.Output);
        }

        Assert.Equal((0, ""), await ValidateAsync(logs));
    }

    [Fact]
    public async Task The_validator_sees_what_is_no_sarif()
    {
        using var folder = new WorkspaceFolder();
        string log = Path.Combine(folder.Path, "broken.sarif");
        await File.WriteAllTextAsync(log, """{"version":"2.1.0","runs":[{"tool":{"driver":{"name":"x"}},"results":[{"level":"fatal","message":{"text":"x"}}]}]}""");
        var (code, complaints) = await ValidateAsync([log]);
        Assert.Equal(1, code);
        Assert.Contains("/runs/0/results/0/level", complaints, StringComparison.Ordinal);
    }

    private static readonly Lazy<Task> Installed = new(async () =>
    {
        if (!Directory.Exists(Path.Combine(Validator, "node_modules/ajv-formats")))
        {
            var (code, said) = await RunAsync("npm", ["install", "--no-save", "--no-package-lock", "--no-audit", "--no-fund"]);
            Assert.True(code == 0, $"npm could not fetch the SARIF schema: {said}");
        }
    });

    private static async Task<(int Code, string Complaints)> ValidateAsync(IEnumerable<string> logs)
    {
        await Installed.Value;
        return await RunAsync("node", ["validate.mjs", .. logs]);
    }

    private static async Task<(int Code, string Said)> RunAsync(string program, string[] arguments)
    {
        var start = new ProcessStartInfo(program, arguments) { WorkingDirectory = Validator, UseShellExecute = false, RedirectStandardOutput = true, RedirectStandardError = true };
        using var process = Process.Start(start)!;
        var (output, errors) = (process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
        await process.WaitForExitAsync();
        return (process.ExitCode, process.ExitCode == 0 ? await output : await output + await errors);
    }
}
