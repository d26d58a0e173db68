using System.CommandLine;
using AgentHost.Composition;
using AgentHost.Skills;
using AgentHost.Skills.DesignSchema;

namespace AgentHost.Cli;

/// <summary><c>agenthost design</c>.</summary>
internal static class DesignCommand
{
    /// <summary>The verb.</summary>
    public static Command Create()
    {
        var model = new Option<string>("--model") { Description = "The model in YAML or JSON; - for stdin", HelpName = "FILE|-", Required = true };
        var targets = new Option<string?>("--targets") { Description = $"What to write, comma-separated (default: {string.Join(',', DesignSchemaEngine.KnownTargets)})", HelpName = "LIST" };
        var folder = new Option<string?>("--out") { Description = "Folder to write the files to; without it they are printed", HelpName = "DIR" };
        var version = Options.Number("--pg-version", DesignSchemaEngine.OldestVersion, DesignSchemaEngine.NewestVersion, "The major version to write for (default: 17)");
        var command = new Command("design", "A schema from a model, run up, down and up again before it is shown") { model, targets, folder, version, Options.Record, Options.Format };
        command.SetAction((parse, cancellation) => Session.RunAsync(parse, async (session, stop) =>
        {
            var source = await Session.ReadAsync(parse.GetValue(model)!, stop);
            var result = await DesignSchemaEngine.RunAsync(
                new DesignRequest(source.Text)
                {
                    Targets = [.. (parse.GetValue(targets) ?? "").Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)],
                    PgVersion = parse.GetValue(version) ?? session.Architect.Configuration.PostgresVersion,
                    Memory = session.Architect.Memory,
                    Progress = Session.Progress,
                },
                stop);
            var place = parse.GetValue(folder);
            if (place is not null)
                await WriteFilesAsync(place, result, stop);
            session.Conclude("design_schema", Conclusion.Of(result));
            session.Write(await session.KeepAsync(result, parse, stop), DesignText.Render);
            if (place is null && !session.IsJson)
                PrintFiles(result);
            return Session.Clean;
        }, cancellation));
        return command;
    }

    private static async Task WriteFilesAsync(string folder, DesignResult result, CancellationToken cancellation)
    {
        try
        {
            foreach (var file in result.Files)
            {
                var path = Path.Combine(folder, file.Name);
                Directory.CreateDirectory(Path.GetDirectoryName(path)!);
                await File.WriteAllTextAsync(path, file.Text, cancellation);
            }
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            throw new SkillInputException($"--out: {failure.Message}", failure);
        }
    }

    // The up migration says what the schema says.
    private static void PrintFiles(DesignResult result)
    {
        foreach (var file in result.Files.Where(file => !file.Name.EndsWith(".up.sql", StringComparison.Ordinal)))
            Console.Out.WriteLine($"\n── {file.Name}\n\n{file.Text?.TrimEnd()}");
    }
}
