using System.Collections.Immutable;
using System.Text.Json;
using AgentHost.Skills.ReviewMigration;

namespace AgentHost.Configuration;

/// <summary>Walks the JSON of one configuration file.</summary>
internal sealed class ConfigurationReader(string path, byte[] json)
{
    /// <summary>Reads the object that the file consists of.</summary>
    public Settings Read(ref Utf8JsonReader reader)
    {
        var settings = new Settings();
        reader.Read();
        Open(ref reader, "the file");
        while (NextKey(ref reader) is { } key)
        {
            switch (key)
            {
                case "$schema": Text(ref reader, key); break;
                case "targets": settings = ReadTargets(ref reader, settings); break;
                case "memory": settings = settings with { Memory = Text(ref reader, key) }; break;
                case "pgVersion": settings = settings with { PostgresVersion = Number(ref reader, key, ReviewMigrationEngine.OldestVersion, ReviewMigrationEngine.NewestVersion) }; break;
                case "embedder": settings = ReadEmbedder(ref reader, settings); break;
                case "review": settings = ReadReview(ref reader, settings); break;
                case "trail": settings = ReadTrail(ref reader, settings); break;
                default: throw Unknown(ref reader, key, "targets, memory, pgVersion, review, embedder, trail");
            }
        }
        return settings;
    }

    private Settings ReadTargets(ref Utf8JsonReader reader, Settings settings)
    {
        reader.Read();
        Open(ref reader, "targets");
        while (NextKey(ref reader) is { } name)
        {
            if (!TargetNames.IsValid(name))
                throw At(ref reader, $"'{name}' cannot name a target: use letters, digits, '-' and '_', at most 64 of them.");
            string? connection = null;
            var source = $"{path}, targets.{name}";
            reader.Read();
            Open(ref reader, $"targets.{name}");
            while (NextKey(ref reader) is { } key)
                connection = key == "connection" ? Text(ref reader, $"targets.{name}.connection") : throw Unknown(ref reader, key, "connection");
            if (connection is null)
                throw At(ref reader, $"targets.{name} needs a \"connection\", as \"env:APP_DATABASE_URL\".");
            settings = settings with { Targets = settings.Targets.SetItem(name, new TargetSetting(new Secret(connection), source)) };
        }
        return settings;
    }

    private Settings ReadReview(ref Utf8JsonReader reader, Settings settings)
    {
        reader.Read();
        Open(ref reader, "review");
        while (NextKey(ref reader) is { } key)
            settings = key == "ignore" ? settings with { IgnoredRules = Rules(ref reader) } : throw Unknown(ref reader, key, "ignore");
        return settings;
    }

    private Settings ReadTrail(ref Utf8JsonReader reader, Settings settings)
    {
        reader.Read();
        if (reader.TokenType is JsonTokenType.True or JsonTokenType.False)
            return settings with { Trail = reader.GetBoolean() };
        if (reader.TokenType != JsonTokenType.StartObject)
            throw At(ref reader, "trail must be true, false or { \"sql\": true }.");
        while (NextKey(ref reader) is { } key)
        {
            if (key != "sql")
                throw Unknown(ref reader, key, "sql");
            reader.Read();
            settings = reader.TokenType is JsonTokenType.True or JsonTokenType.False
                ? settings with { TrailSql = reader.GetBoolean() }
                : throw At(ref reader, "trail.sql must be true or false.");
        }
        return settings;
    }

    private ImmutableArray<string> Rules(ref Utf8JsonReader reader)
    {
        reader.Read();
        if (reader.TokenType != JsonTokenType.StartArray)
            throw At(ref reader, "review.ignore must be a list of rule ids: [\"timestamp-without-tz\"].");
        var rules = ImmutableArray.CreateBuilder<string>();
        while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
        {
            var id = reader.TokenType == JsonTokenType.String ? reader.GetString() : null;
            if (id is null || RuleSummary.All.All(rule => rule.Id != id))
                throw At(ref reader, "review.ignore holds what is no rule; agenthost review --list-rules names them all.");
            rules.Add(id);
        }
        return rules.DrainToImmutable();
    }

    private Settings ReadEmbedder(ref Utf8JsonReader reader, Settings settings)
    {
        reader.Read();
        Open(ref reader, "embedder");
        while (NextKey(ref reader) is { } key)
        {
            settings = key switch
            {
                "endpoint" => settings with { EmbedderEndpoint = Text(ref reader, "embedder.endpoint") },
                "model" => settings with { EmbedderModel = Text(ref reader, "embedder.model") },
                "apiKey" => settings with { EmbedderKey = new Secret(Text(ref reader, "embedder.apiKey")) },
                "dimensions" => settings with { EmbedderDimensions = Number(ref reader, "embedder.dimensions", 8, 16_000) },
                _ => throw Unknown(ref reader, key, "endpoint, model, apiKey, dimensions"),
            };
        }
        return settings;
    }

    private void Open(ref Utf8JsonReader reader, string what)
    {
        if (reader.TokenType != JsonTokenType.StartObject)
            throw At(ref reader, $"{what} must be an object: {{ … }}.");
    }

    private static string? NextKey(ref Utf8JsonReader reader)
    {
        reader.Read();
        return reader.TokenType == JsonTokenType.PropertyName ? reader.GetString() : null;
    }

    private string Text(ref Utf8JsonReader reader, string what)
    {
        reader.Read();
        return reader.TokenType == JsonTokenType.String && reader.GetString() is { Length: > 0 } text
            ? text
            : throw At(ref reader, $"{what} must be a string that is not empty.");
    }

    private int Number(ref Utf8JsonReader reader, string what, int least, int most)
    {
        reader.Read();
        return reader.TokenType == JsonTokenType.Number && reader.TryGetInt32(out var number) && number >= least && number <= most
            ? number
            : throw At(ref reader, $"{what} must be a whole number from {least} to {most}.");
    }

    private ConfigurationException Unknown(ref Utf8JsonReader reader, string key, string known) =>
        At(ref reader, $"'{key}' is not a known key. Known here: {known}.");

    private ConfigurationException At(ref Utf8JsonReader reader, string message)
    {
        var before = json.AsSpan(0, (int)reader.TokenStartIndex);
        var line = before.Count((byte)'\n') + 1;
        var column = before.Length - before.LastIndexOf((byte)'\n');
        return new ConfigurationException($"{path}:{line}:{column}: {message}");
    }
}
