using System.Collections;
using System.Globalization;
using AgentHost.Skills.ReviewMigration;

namespace AgentHost.Configuration;

/// <summary>Reads the variables <c>AGENTHOST_*</c>.</summary>
internal static class EnvironmentSettings
{
    private const string TargetPrefix = "AGENTHOST_TARGET_";

    /// <exception cref="ConfigurationException">A variable's value cannot be used.</exception>
    public static Settings Read(IDictionary variables)
    {
        var settings = new Settings
        {
            Memory = Text("AGENTHOST_MEMORY"),
            PostgresVersion = Number("AGENTHOST_PG_VERSION", ReviewMigrationEngine.OldestVersion, ReviewMigrationEngine.NewestVersion),
            EmbedderEndpoint = Text("AGENTHOST_EMBEDDER_ENDPOINT"),
            EmbedderModel = Text("AGENTHOST_EMBEDDER_MODEL"),
            EmbedderKey = Text("AGENTHOST_EMBEDDER_API_KEY") is { } key ? new Secret(key) : null,
            EmbedderDimensions = Number("AGENTHOST_EMBEDDER_DIMENSIONS", 8, 16_000),
        };
        foreach (var variable in variables.Keys.Cast<string>().Where(name => name.StartsWith(TargetPrefix, StringComparison.Ordinal)))
        {
            var name = variable[TargetPrefix.Length..].ToLowerInvariant();
            if (!TargetNames.IsValid(name))
                throw new ConfigurationException($"{variable}: '{name}' cannot name a target: use letters, digits and '_'.");
            if (Text(variable) is { } connection)
                settings = settings with { Targets = settings.Targets.SetItem(name, new TargetSetting(new Secret(connection), variable)) };
        }
        return settings;

        string? Text(string name) => variables[name] is string { Length: > 0 } value ? value : null;

        int? Number(string name, int least, int most) => Text(name) switch
        {
            null => null,
            { } text when int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number >= least && number <= most => number,
            _ => throw new ConfigurationException($"{name} must be a whole number from {least} to {most}."),
        };
    }
}
