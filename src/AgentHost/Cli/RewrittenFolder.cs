using AgentHost.Skills;
using AgentHost.Skills.ReviewMigration;
using AgentHost.Workspaces;

namespace AgentHost.Cli;

/// <summary>The folder into which <c>review --fix</c> writes; what is there already stays as it is.</summary>
internal static class RewrittenFolder
{
    /// <summary>Writes the rewritten migrations of a review.</summary>
    /// <param name="result">The review.</param>
    /// <param name="folder">Where to.</param>
    /// <param name="source">The reviewed folder, whose sub-folders are kept; null where files were given one by one.</param>
    /// <exception cref="SkillInputException">A file of such a name is there already; nothing is written then.</exception>
    public static void Write(ReviewResult result, string folder, string? source)
    {
        var files = result.Files.SelectMany(file => file.Rewrite?.Files ?? [])
            .SelectMany(file => file.Config is { } config ? new[] { (file.Name, file.Text), (file.Name + ".conf", config) } : [(file.Name, file.Text)])
            .Select(file => (Path: Path.Combine(folder, source is null ? Path.GetFileName(Named(file.Item1)) : Path.GetRelativePath(source, file.Item1)), Text: file.Item2)).ToList();
        if (files.GroupBy(file => file.Path, StringComparer.Ordinal).FirstOrDefault(group => group.Count() > 1) is { } twice)
            throw new SkillInputException($"Two migrations are called '{Path.GetFileName(twice.Key)}': fix them one by one.");
        if (files.FirstOrDefault(file => File.Exists(file.Path)) is { Path: { } taken })
            throw new SkillInputException($"'{taken}' exists already, and --fix overwrites nothing: give an empty or new folder.");
        foreach (var (path, text) in files)
        {
            Directory.CreateDirectory(Path.GetDirectoryName(Path.GetFullPath(path))!);
            File.WriteAllText(path, text);
        }
    }

    /// <summary>Standard input has no name.</summary>
    private static string Named(string name) => name.StartsWith('-') ? "migration" + name[1..] + (name.EndsWith(".sql", StringComparison.Ordinal) ? "" : ".sql") : name;
}
