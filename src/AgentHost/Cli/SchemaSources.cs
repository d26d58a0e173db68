using System.Collections.Immutable;
using AgentHost.Postgres;
using AgentHost.Postgres.Catalog;
using AgentHost.Skills;
using AgentHost.Skills.ReviewMigration;
using AgentHost.Workspaces;

namespace AgentHost.Cli;

/// <summary>What <c>--schema</c> names: an address begins with postgres:// or env:, a configured target goes by its name, all else is a path, be it of SQL or of a snapshot.</summary>
internal static class SchemaSources
{
    /// <summary>Reads them all.</summary>
    /// <exception cref="SkillInputException">One is nothing of the three, or more than one is a database.</exception>
    public static async Task<(ImmutableArray<MigrationSource> Texts, CatalogSnapshot? Target)> ReadAsync(Session session, string[] given, CancellationToken cancellation)
    {
        var texts = ImmutableArray.CreateBuilder<MigrationSource>();
        CatalogSnapshot? target = null;
        foreach (var source in given)
        {
            if (await DatabaseAsync(session, source, cancellation) is { } database)
            {
                target = target is null ? database : throw new SkillInputException("--schema names more than one database; a migration runs on one.");
                continue;
            }

            if (source != "-" && !Path.Exists(source) && !source.Contains('/', StringComparison.Ordinal) && !Path.HasExtension(source))
                throw new SkillInputException($"--schema: '{source}' is neither a path nor a configured target. {Known(session)}");
            texts.AddRange((await Session.ReadScriptsAsync(source, cancellation)).Select(text => new MigrationSource(text.Name, text.Text)));
        }

        return (texts.ToImmutable(), target);
    }

    private static async Task<CatalogSnapshot?> DatabaseAsync(Session session, string source, CancellationToken cancellation)
    {
        if (source.StartsWith("postgres://", StringComparison.OrdinalIgnoreCase) || source.StartsWith("postgresql://", StringComparison.OrdinalIgnoreCase)
            || source.StartsWith("env:", StringComparison.Ordinal))
        {
            await using var connection = await ReadOnlyTarget.ConnectAsync("--schema", Session.Address("--schema", source), ct: cancellation);
            return await CatalogReader.ReadAsync(connection, ct: cancellation);
        }

        return session.Architect.Configuration.TargetNames.Contains(source, StringComparer.Ordinal)
            ? await session.Architect.ReadCatalogAsync(source, cancellation)
            : await SnapshotFile.TryReadAsync(source, source, cancellation);
    }

    private static string Known(Session session) => session.Architect.Configuration.TargetNames.ToList() is { Count: > 0 } names
        ? $"Configured: {string.Join(", ", names)}."
        : "No target is configured in agenthost.json.";
}
