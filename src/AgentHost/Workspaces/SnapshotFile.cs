using AgentHost.Postgres.Catalog;
using AgentHost.Postgres.Twins;
using AgentHost.Skills;

namespace AgentHost.Workspaces;

/// <summary>Tells snapshots that <c>agenthost twin</c> wrote from files of SQL.</summary>
internal static class SnapshotFile
{
    /// <summary>Where the key of a redacted snapshot lies: beside it.</summary>
    public static string KeyOf(string path) => path + ".key";

    /// <summary>The snapshot in a file, with its key if that is beside it; null where it is a file of another kind, a folder, or not there.</summary>
    /// <param name="path">Where it is.</param>
    /// <param name="name">What the caller calls it.</param>
    /// <param name="cancellation">Ends the reading.</param>
    /// <exception cref="SkillInputException">It is a snapshot that cannot be used.</exception>
    public static async Task<CatalogSnapshot?> TryReadAsync(string path, string name, CancellationToken cancellation)
    {
        try
        {
            // A pipe or device has no length: it is not opened, for that may wait for ever.
            if (!File.Exists(path) || new FileInfo(path).Length == 0)
                return null;
            await using var file = File.OpenRead(path);
            var start = new byte[2];
            if (await file.ReadAtLeastAsync(start, start.Length, throwOnEndOfStream: false, cancellation) < start.Length || !CatalogSnapshotFile.IsSnapshot(start))
                return null;
            file.Position = 0;
            var snapshot = await CatalogSnapshotFile.ReadAsync(file, cancellation);
            return snapshot.RedactionCheck is not null && File.Exists(KeyOf(path)) ? Redaction.Unlock(snapshot, await File.ReadAllTextAsync(KeyOf(path), cancellation)) : snapshot;
        }
        catch (Exception failure) when (failure is SnapshotFileException or IOException or UnauthorizedAccessException)
        {
            throw new SkillInputException($"'{name}' cannot be read: {failure.Message}", failure);
        }
    }
}
