using System.Collections.Immutable;

namespace AgentHost.Configuration;

/// <summary>The settings in force in a workspace: file, then environment, then flags; the later wins.</summary>
internal sealed class HostConfiguration
{
    private readonly Settings settings;
    private readonly ImmutableArray<string> secrets;

    private HostConfiguration(Settings settings, string? file, string root)
    {
        this.settings = settings;
        File = file;
        Root = root;
        MemoryFolder = Path.GetFullPath(settings.Memory ?? "memory", root);
        secrets = [.. settings.Targets.Values.Select(target => Resolve(target.Connection)).Append(settings.EmbedderKey is { } key ? Resolve(key) : null)
            .SelectMany(SecretParts.Of).Distinct(StringComparer.Ordinal).OrderByDescending(part => part.Length)];
    }

    /// <summary>The <c>agenthost.json</c> in force, or null.</summary>
    public string? File { get; }

    /// <summary>The workspace: the folder of <see cref="File"/>, else the working directory.</summary>
    public string Root { get; }

    /// <summary>The folder of the memory files; it need not exist.</summary>
    public string MemoryFolder { get; }

    /// <summary>The server version that migrations are for where nothing else is said, or null.</summary>
    public int? PostgresVersion => settings.PostgresVersion;

    /// <summary>Ids of review rules that this project leaves out.</summary>
    public ImmutableArray<string> IgnoredRules => settings.IgnoredRules ?? [];

    /// <summary>Whether calls leave a record of what they concluded.</summary>
    public bool Trail => settings.Trail ?? true;

    /// <summary>Whether that record holds the statements, too.</summary>
    public bool TrailSql => settings.TrailSql ?? false;

    /// <summary>The embeddings endpoint, or null for the built-in embedder.</summary>
    public string? EmbedderEndpoint => settings.EmbedderEndpoint;

    /// <summary>The embedding model at that endpoint, or null.</summary>
    public string? EmbedderModel => settings.EmbedderModel;

    /// <summary>The dimensions of that model's vectors, or null.</summary>
    public int? EmbedderDimensions => settings.EmbedderDimensions;

    /// <summary>The names of the configured targets, sorted.</summary>
    public IEnumerable<string> TargetNames => settings.Targets.Keys;

    /// <summary>Reads all sources for a process that works in <paramref name="directory"/>.</summary>
    /// <exception cref="ConfigurationException">A source holds something that cannot be used.</exception>
    public static HostConfiguration Load(string directory, Settings? flags = null, string? file = null)
    {
        file = file is null ? Find(directory) : Path.GetFullPath(file, directory);
        var written = file is null ? new Settings() : ConfigurationFile.Read(file);
        var merged = written.Under(EnvironmentSettings.Read(Environment.GetEnvironmentVariables())).Under(flags ?? new Settings());
        return new HostConfiguration(merged, file, file is null ? directory : Path.GetDirectoryName(file)!);
    }

    /// <summary>The connection string of a target.</summary>
    /// <exception cref="ConfigurationException">No such target, or its variable is not set. The message lists the known names.</exception>
    public Secret Connection(string target)
    {
        if (!settings.Targets.TryGetValue(target, out var setting))
        {
            var known = settings.Targets.IsEmpty
                ? $"No target is configured: name one in {ConfigurationFile.Name}, as {{\"targets\": {{\"app\": {{\"connection\": \"env:APP_DATABASE_URL\"}}}}}}."
                : $"Configured: {string.Join(", ", settings.Targets.Keys)}.";
            throw new ConfigurationException($"There is no target '{target}'. {known}");
        }
        return Resolve(setting.Connection) is { } connection
            ? new Secret(connection)
            : throw new MissingVariableException(target, setting.Connection.Reveal()["env:".Length..], setting.Source);
    }

    /// <summary>The embeddings endpoint's key, or null.</summary>
    public Secret? EmbedderKey => settings.EmbedderKey is { } key && Resolve(key) is { } text ? new Secret(text) : null;

    /// <summary><paramref name="text"/> without any configured secret: for every message that leaves the process.</summary>
    public string Conceal(string text)
    {
        foreach (var secret in secrets)
            text = text.Replace(secret, "[hidden]", StringComparison.Ordinal);
        return text;
    }

    private static string? Resolve(Secret secret) =>
        secret.Reveal() is var text && text.StartsWith("env:", StringComparison.Ordinal)
            ? Environment.GetEnvironmentVariable(text["env:".Length..]) is { Length: > 0 } value ? value : null
            : text;

    // A repository ends the search: a file above it belongs to another project.
    private static string? Find(string directory)
    {
        for (var folder = directory; folder is not null; folder = Path.GetDirectoryName(folder))
        {
            var candidate = Path.Combine(folder, ConfigurationFile.Name);
            if (System.IO.File.Exists(candidate))
                return candidate;
            if (Path.Exists(Path.Combine(folder, ".git")))
                return null;
        }
        return null;
    }
}
