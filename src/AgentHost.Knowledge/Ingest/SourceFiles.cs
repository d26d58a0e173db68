using System.Collections.Immutable;
using System.Text.RegularExpressions;

namespace AgentHost.Knowledge.Ingest;

/// <summary>Finds the files that are to be ingested under a name.</summary>
internal static partial class SourceFiles
{
    /// <summary>The name of a source: given, or that of the only path.</summary>
    /// <exception cref="KnowledgeException">It is reserved or no name, or there are several paths and no name.</exception>
    public static string NameOf(string? given, IReadOnlyList<string> paths)
    {
        var name = given ?? (paths is [var only]
            ? Unusual().Replace(Path.GetFileNameWithoutExtension(Path.TrimEndingDirectorySeparator(Path.GetFullPath(only))).ToLowerInvariant(), "-").Trim('-', '.', '_')
            : throw new KnowledgeException("Several paths need a name under which they are known together: --name NAME."));
        if (name is KnowledgeStore.BuiltIn or "skills") throw new KnowledgeException($"The name '{name}' is reserved for the built-in pages; choose another with --name.");
        return SourceName().IsMatch(name) ? name
            : throw new KnowledgeException($"'{QuotedText.Heading(name)}' cannot name a source: a name has up to 64 small letters, digits, dots, hyphens and underscores, as team-standards (--name NAME).");
    }

    /// <summary>The files below the paths, in order.</summary>
    /// <exception cref="KnowledgeException">A path is missing, a file is of no known kind, or there is none of a known kind.</exception>
    public static ImmutableArray<SourceFile> Find(string name, IReadOnlyList<string> paths)
    {
        var files = new Dictionary<string, SourceFile>(StringComparer.Ordinal);
        foreach (var path in paths)
        {
            var full = Path.GetFullPath(path);
            if (File.Exists(full)) Add(full, Path.GetFileName(full), isNamed: true);
            else if (!Directory.Exists(full)) throw new KnowledgeException($"There is no file or folder {path}.");
            else foreach (var file in Below(full)) Add(file, Path.GetRelativePath(full, file), isNamed: false);
        }
        return files.Count > 0 ? [.. files.Values] : throw new KnowledgeException($"{string.Join(", ", paths)}: there is no file of a known kind ({string.Join(" ", SourceFile.Endings)}).");

        void Add(string file, string relative, bool isNamed)
        {
            if (!SourceFile.Endings.Contains(Path.GetExtension(file), StringComparer.OrdinalIgnoreCase))
            {
                if (isNamed) throw new KnowledgeException($"{file} is of no known kind ({string.Join(" ", SourceFile.Endings)}).");
                return;
            }
            if (files.Values.Any(f => isNamed && f.Path == file)) return;
            var place = $"{name}/{Odd().Replace(relative.Replace('\\', '/'), "-")}";
            var slug = Path.ChangeExtension(place, null);
            if (files.ContainsKey(slug)) slug = place;
            for (var copy = 2; files.ContainsKey(slug); copy++) slug = $"{place}-{copy}";
            files.Add(slug, new SourceFile(file, slug, place));
        }
    }

    // Hidden folders and other people's packages are not what a team writes; links may lead in circles.
    private static IEnumerable<string> Below(string folder)
    {
        var options = new EnumerationOptions { AttributesToSkip = FileAttributes.Hidden | FileAttributes.ReparsePoint, IgnoreInaccessible = false, RecurseSubdirectories = false };
        try
        {
            return [.. Directory.GetFiles(folder, "*", options).Order(StringComparer.Ordinal),
                .. Directory.GetDirectories(folder, "*", options).Where(d => Path.GetFileName(d) != "node_modules").Order(StringComparer.Ordinal).SelectMany(Below)];
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new KnowledgeException($"The folder {folder} cannot be read ({e.Message}); nothing was changed.", e);
        }
    }

    [GeneratedRegex("^[a-z0-9][a-z0-9._-]{0,63}$", RegexOptions.None, 1000)]
    private static partial Regex SourceName();

    [GeneratedRegex("[^a-z0-9._-]+", RegexOptions.None, 1000)]
    private static partial Regex Unusual();

    [GeneratedRegex("[^A-Za-z0-9._/-]+", RegexOptions.None, 1000)]
    private static partial Regex Odd();
}
