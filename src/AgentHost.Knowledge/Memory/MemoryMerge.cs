using System.Collections.Immutable;
using System.Text;

namespace AgentHost.Knowledge.Memory;

/// <summary>
/// Merges two branches' versions of a memory file entry by entry. Git merges lines, and two entries written at the same place share enough lines (by, tags, status) to be
/// shuffled into each other; as whole sections they never collide.
/// </summary>
/// <param name="Text">The merged file.</param>
/// <param name="Conflicts">How many sections both sides have changed, each in another way; they stand in the text between git's conflict marks.</param>
public sealed record MemoryMerge(string Text, int Conflicts)
{
    /// <summary>Merges.</summary>
    /// <param name="kind">The file's kind.</param>
    /// <param name="origin">The version from which both came; empty where there was none.</param>
    /// <param name="ours">One side; its order is kept.</param>
    /// <param name="theirs">The other side; what only it has follows.</param>
    public static MemoryMerge Of(MemoryKind kind, string origin, string ours, string theirs)
    {
        var (before, mine, others) = (Sections(kind, origin), Sections(kind, ours), Sections(kind, theirs));
        var conflicts = 0;
        var merged = new List<string>();
        foreach (var (key, text) in mine)
            Add(before.GetValueOrDefault(key), text, others.GetValueOrDefault(key));
        foreach (var (key, text) in others.Where(section => !mine.ContainsKey(section.Key)))
            Add(before.GetValueOrDefault(key), null, text);
        return new(string.Join('\n', merged), conflicts);

        void Add(string? original, string? our, string? their)
        {
            var chosen = our == their || their == original ? our : our == original ? their : null;
            if (chosen is not null) merged.Add(chosen);
            if (chosen is not null || our == their || their == original || our == original) return;
            conflicts++;
            merged.Add($"{SectionLines.ConflictStart}ours\n{our}{SectionLines.ConflictMiddle}\n{their}{SectionLines.ConflictEnd}theirs\n");
        }
    }

    // An ordered dictionary: sections by what they are about, in the order of the file.
    private static OrderedDictionary<string, string> Sections(MemoryKind kind, string file)
    {
        var bytes = Encoding.UTF8.GetBytes(file.ReplaceLineEndings("\n"));
        var read = SectionReader.Read(kind, bytes, 0, 1).ToImmutableArray();
        var sections = new OrderedDictionary<string, string>(StringComparer.Ordinal);
        for (var i = 0; i < read.Length; i++)
        {
            var end = i + 1 < read.Length ? read[i + 1].Start : bytes.Length;
            var text = Encoding.UTF8.GetString(bytes.AsSpan(read[i].Start..end)).TrimEnd() + "\n";
            var key = read[i] switch
            {
                { Entry: { } entry } => entry.Id,
                { Revision: { } revision } => $"revision of {revision.Id} {revision.Revision.When:O} {revision.Revision.By}",
                _ => text[..text.IndexOf('\n', StringComparison.Ordinal)],
            };
            var unique = key;
            for (var n = 2; !sections.TryAdd(unique, text); n++) unique = $"{key} ({n})";
        }
        return sections;
    }
}
