using System.Buffers;
using System.Text;
using System.Text.Unicode;
using AgentHost.Skills;
using AgentHost.Skills.ReviewMigration;

namespace AgentHost.Workspaces;

/// <summary>Reads text: UTF-8 or nothing, and not without bound.</summary>
internal static class TextFile
{
    /// <summary>The largest text that is read, in bytes: 16 MB.</summary>
    public const int MaxBytes = 16 << 20;

    private const int MaxFiles = 1000;

    /// <summary>As deep as runners nest; hidden folders hold no migrations.</summary>
    private static readonly EnumerationOptions Nested = new() { RecurseSubdirectories = true, MaxRecursionDepth = 4 };

    /// <summary>The text of a file.</summary>
    /// <param name="path">Where it is.</param>
    /// <param name="name">What the caller calls it.</param>
    /// <exception cref="SkillInputException">It is missing, too large or not UTF-8.</exception>
    public static string Read(string path, string name)
    {
        try
        {
            var length = new FileInfo(path).Length;
            if (length > MaxBytes)
                throw TooLarge(name, length);
            // A pipe or device has no length: it is not opened, for that may wait for ever.
            return length == 0 ? "" : Decode(File.ReadAllBytes(path), name);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            throw new SkillInputException($"'{name}' cannot be read: {failure.Message}", failure);
        }
    }

    /// <summary>The text of a file of SQL, and what Flyway's script configuration beside it says about transactions.</summary>
    /// <exception cref="SkillInputException">As for <see cref="Read"/>.</exception>
    public static NamedText ReadScript(string path, string name) => new(name, Read(path, name)) { NoTransaction = IsUnwrapped(path + ".conf") };

    private static bool IsUnwrapped(string configuration)
    {
        try
        {
            return File.Exists(configuration) && new FileInfo(configuration).Length is > 0 and < MaxBytes
                && File.ReadLines(configuration).Any(line => line.Replace(" ", "", StringComparison.Ordinal).Equals("executeInTransaction=false", StringComparison.OrdinalIgnoreCase));
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            throw new SkillInputException($"'{configuration}' cannot be read: {failure.Message}", failure);
        }
    }

    /// <summary>Each <c>*.sql</c> file in a folder and its sub-folders, in the order in which migration runners take them.</summary>
    /// <param name="folder">Where it is.</param>
    /// <param name="name">What the caller calls it.</param>
    /// <param name="locate">Gives the real path of an entry, or throws where it must not be read.</param>
    public static IReadOnlyList<NamedText> ReadFolder(string folder, string name, Func<string, string> locate)
    {
        var found = Directory.EnumerateFiles(folder, "*.sql", Nested).Take(MaxFiles + 1).Select(file => Path.GetRelativePath(folder, file));
        var files = MigrationFolder.Order(found).Select(file => Path.Combine(folder, file)).ToArray();
        if (files.Length == 0)
            throw new SkillInputException($"There is no *.sql file in '{name}'.");
        if (files.Length > MaxFiles)
            throw new SkillInputException($"'{name}' holds more than {MaxFiles} *.sql files; name the ones to review.");
        var total = files.Sum(file => new FileInfo(file).Length);
        if (total > MaxBytes)
            throw TooLarge(name, total);
        return [.. files.Select(file => (Path: file, Name: Path.Combine(name, Path.GetRelativePath(folder, file))))
            .Select(file => ReadScript(locate(file.Path), file.Name))];
    }

    /// <summary>The files that lie beside migrations and undo them.</summary>
    /// <param name="migrations">Where each migration is, and what the caller calls it.</param>
    /// <param name="locate">Gives the real path of a file, or throws where it must not be read.</param>
    public static IEnumerable<NamedText> ReadDowns(IEnumerable<(string Path, string Name)> migrations, Func<string, string> locate)
    {
        var folders = new Dictionary<string, HashSet<string>>(StringComparer.Ordinal);
        foreach (var (path, name) in migrations)
        {
            if (Path.GetDirectoryName(path) is not { } folder || !File.Exists(path))
                continue;
            if (!folders.TryGetValue(folder, out var beside))
                folders[folder] = beside = [.. Directory.EnumerateFiles(folder, "*.sql").Take(MaxFiles)];
            if (MigrationFolder.DownOf(path, beside) is { } down)
                yield return new NamedText(name[..^Path.GetFileName(name).Length] + Path.GetFileName(down), Read(locate(down), down));
        }
    }

    /// <summary>The text of a stream that ends, as stdin.</summary>
    public static async Task<string> ReadAsync(Stream stream, string name, CancellationToken cancellation)
    {
        using var buffer = new MemoryStream();
        var block = new byte[81_920];
        int read;
        while ((read = await stream.ReadAsync(block, cancellation)) > 0)
        {
            if (buffer.Length + read > MaxBytes)
                throw TooLarge(name, null);
            buffer.Write(block, 0, read);
        }
        return Decode(buffer.ToArray(), name);
    }

    private static string Decode(ReadOnlySpan<byte> bytes, string name)
    {
        var start = bytes.StartsWith(Encoding.UTF8.Preamble) ? Encoding.UTF8.Preamble.Length : 0;
        bytes = bytes[start..];
        var characters = new char[bytes.Length];
        var status = Utf8.ToUtf16(bytes, characters, out var read, out var written, replaceInvalidSequences: false);
        return status == OperationStatus.Done
            ? new string(characters, 0, written)
            : throw new SkillInputException($"'{name}' is not UTF-8: the byte 0x{bytes[read]:X2} at offset {start + read} begins no character. Convert the file to UTF-8.");
    }

    private static SkillInputException TooLarge(string name, long? bytes) =>
        new($"'{name}' is too large{(bytes is null ? "" : $": {bytes.Value / (1 << 20)} MB")}; at most {MaxBytes >> 20} MB are read. Give the part that matters.");
}
