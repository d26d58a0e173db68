using AgentHost.Postgres.Catalog;
using AgentHost.Skills;

namespace AgentHost.Workspaces;

/// <summary>The folder that tools may read. What a path means is decided after every symbolic link in it was followed.</summary>
/// <param name="root">An existing folder.</param>
internal sealed class Workspace(string root)
{
    private readonly string root = RealPath.Of(Path.GetFullPath(root)) ?? Path.GetFullPath(root);

    /// <summary>The text of a file inside the workspace.</summary>
    /// <param name="path">Relative to the workspace, or absolute and inside it.</param>
    /// <exception cref="SkillInputException">It is outside, missing, a folder, too large or not UTF-8.</exception>
    public string ReadText(string path)
    {
        var real = Locate(path);
        return Directory.Exists(real)
            ? throw new SkillInputException($"'{path}' is a folder; name a file in it.")
            : TextFile.Read(real, path);
    }

    /// <summary>The text of a file, or of each <c>*.sql</c> file directly in a folder, in the order of their names.</summary>
    public IReadOnlyList<NamedText> ReadScripts(string path)
    {
        var real = Locate(path);
        return Directory.Exists(real) ? TextFile.ReadFolder(real, path, file => Locate(file)) : [TextFile.ReadScript(real, path)];
    }

    /// <summary>The file beside a migration that undoes it, or null.</summary>
    public NamedText? ReadDown(string path) => TextFile.ReadDowns([(Locate(path), path)], file => Locate(file)).FirstOrDefault();

    /// <summary>The snapshot of a database in a file inside the workspace; null where it is another kind of file, or a folder.</summary>
    /// <exception cref="SkillInputException">It is outside, missing, or a snapshot that cannot be used.</exception>
    public Task<CatalogSnapshot?> ReadSnapshotAsync(string path, CancellationToken cancellation) => SnapshotFile.TryReadAsync(Locate(path), path, cancellation);

    private string Locate(string path)
    {
        if (string.IsNullOrWhiteSpace(path) || path.Contains('\0'))
            throw new SkillInputException("A path must be a name of a file in the workspace; this one is empty or holds a NUL character.");
        var real = RealPath.Of(Path.GetFullPath(path, root));
        if (real is null)
            throw new SkillInputException($"There is no '{path}' in the workspace {root}. Give a path relative to it, or the text itself.");
        if (real != root && !real.StartsWith(root.TrimEnd('/') + "/", StringComparison.Ordinal))
            throw new SkillInputException($"'{path}' lies outside the workspace {root}; tools read only inside it. Give the text itself instead.");
        return real;
    }
}
