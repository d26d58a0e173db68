using System.Collections.Immutable;

namespace AgentHost.Configuration;

/// <summary>What one source (file, environment, flags) says. What it does not mention is null.</summary>
internal sealed record Settings
{
    /// <summary>Databases by the names that agents use.</summary>
    public ImmutableSortedDictionary<string, TargetSetting> Targets { get; init; } = ImmutableSortedDictionary.Create<string, TargetSetting>(StringComparer.Ordinal);

    /// <summary>The folder of the memory files, absolute or relative to the workspace.</summary>
    public string? Memory { get; init; }

    /// <summary>The server version that migrations are for, as 14.</summary>
    public int? PostgresVersion { get; init; }

    /// <summary>Ids of review rules that this project leaves out.</summary>
    public ImmutableArray<string>? IgnoredRules { get; init; }

    /// <summary>The base URL of an OpenAI-compatible embeddings endpoint; null means the built-in offline embedder.</summary>
    public string? EmbedderEndpoint { get; init; }

    /// <summary>The embedding model's name at that endpoint.</summary>
    public string? EmbedderModel { get; init; }

    /// <summary>The endpoint's key, as written: a literal or <c>env:NAME</c>.</summary>
    public Secret? EmbedderKey { get; init; }

    /// <summary>The number of dimensions of that model's vectors.</summary>
    public int? EmbedderDimensions { get; init; }

    /// <summary>Whether calls leave a record of what they concluded.</summary>
    public bool? Trail { get; init; }

    /// <summary>Whether that record holds the statements, too.</summary>
    public bool? TrailSql { get; init; }

    /// <summary>These settings where <paramref name="later"/> says nothing, else the later ones.</summary>
    public Settings Under(Settings later) => new()
    {
        Targets = Targets.SetItems(later.Targets),
        Memory = later.Memory ?? Memory,
        PostgresVersion = later.PostgresVersion ?? PostgresVersion,
        IgnoredRules = later.IgnoredRules ?? IgnoredRules,
        EmbedderEndpoint = later.EmbedderEndpoint ?? EmbedderEndpoint,
        EmbedderModel = later.EmbedderModel ?? EmbedderModel,
        EmbedderKey = later.EmbedderKey ?? EmbedderKey,
        EmbedderDimensions = later.EmbedderDimensions ?? EmbedderDimensions,
        Trail = later.Trail ?? Trail,
        TrailSql = later.TrailSql ?? TrailSql,
    };
}

/// <summary>A database by name.</summary>
/// <param name="Connection">A connection string, a postgres:// URL, or <c>env:NAME</c>.</param>
/// <param name="Source">Where it was configured, for messages.</param>
internal sealed record TargetSetting(Secret Connection, string Source);
