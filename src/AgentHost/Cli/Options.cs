using System.CommandLine;
using AgentHost.Configuration;

namespace AgentHost.Cli;

/// <summary>Options that several verbs share.</summary>
internal static class Options
{
    /// <summary>The folder to work in.</summary>
    public static Option<string?> Workspace { get; } = new("--workspace") { Description = "The project's folder (default: that of the nearest agenthost.json, else the working directory)", HelpName = "DIR", Recursive = true };

    /// <summary>Another configuration file.</summary>
    public static Option<string?> Config { get; } = new("--config") { Description = "Configuration to read instead of agenthost.json", HelpName = "FILE", Recursive = true };

    /// <summary>Another memory folder.</summary>
    public static Option<string?> Memory { get; } = new("--memory") { Description = "Folder of the memory files (default: memory)", HelpName = "DIR", Recursive = true };

    /// <summary>How the answer is written.</summary>
    public static Option<string> Format { get; } = Choice("--format", "pretty", ["pretty", "json"], "How the answer is written");

    /// <summary>A database by its configured name.</summary>
    public static Option<string?> Target { get; } = new("--target") { Description = "A database by its name in agenthost.json", HelpName = "NAME" };

    /// <summary>A database by its address.</summary>
    public static Option<string?> Dsn { get; } = new("--dsn") { Description = "A database by its postgres:// URL; env:NAME takes it from a variable", HelpName = "URL" };

    /// <summary>Whether what an answer proposes is kept.</summary>
    public static Option<bool> Record { get; } = new("--record") { Description = "Keep what the answer proposes in the project's memory" };

    /// <summary>How many rows tables of a schema have.</summary>
    public static Option<string[]> Rows { get; } = new("--rows") { Description = "How many rows a table of the schema has, as orders=5M; may be given often", HelpName = "TABLE=N", AllowMultipleArgumentsPerToken = true };

    /// <summary>An option that takes one of <paramref name="allowed"/>; required where <paramref name="otherwise"/> is null.</summary>
    public static Option<string> Choice(string name, string? otherwise, string[] allowed, string description)
    {
        var option = new Option<string>(name) { Description = description, HelpName = string.Join('|', allowed), Required = otherwise is null };
        if (otherwise is not null)
            option.DefaultValueFactory = _ => otherwise;
        option.Validators.Add(result =>
        {
            if (result.Tokens is [var token] && !allowed.Contains(token.Value, StringComparer.Ordinal))
                result.AddError($"{name} must be one of {string.Join(", ", allowed)}, not '{token.Value}'.");
        });
        return option;
    }

    /// <summary>An option that takes a whole number in a range.</summary>
    public static Option<int?> Number(string name, int least, int most, string description)
    {
        var option = new Option<int?>(name) { Description = description, HelpName = "N" };
        option.Validators.Add(result =>
        {
            if (result.Tokens is [var token] && (!int.TryParse(token.Value, out var number) || number < least || number > most))
                result.AddError($"{name} must be a whole number from {least} to {most}, not '{token.Value}'.");
        });
        return option;
    }

    /// <summary>The settings that flags make.</summary>
    public static HostConfiguration Load(ParseResult parse) =>
        Load(parse.GetValue(Workspace), parse.GetValue(Config), parse.GetValue(Memory));

    /// <summary>The settings in a workspace, where flags may say otherwise.</summary>
    public static HostConfiguration Load(string? workspace, string? config, string? memory)
    {
        var directory = Path.GetFullPath(workspace ?? Environment.CurrentDirectory);
        if (!Directory.Exists(directory))
            throw new ConfigurationException($"--workspace: there is no folder {directory}.");
        // A flag's path is the shell's: relative to where it was typed.
        var flags = new Settings { Memory = memory is null ? null : Path.GetFullPath(memory) };
        return HostConfiguration.Load(directory, flags, config is null ? null : Path.GetFullPath(config));
    }
}
