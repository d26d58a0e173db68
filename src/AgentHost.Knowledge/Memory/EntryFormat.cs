using System.Collections.Immutable;
using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;

namespace AgentHost.Knowledge.Memory;

/// <summary>
/// The Markdown form of an entry: a second-level heading with id and title, a list of fields, a blank line, the text.
/// Reading is generous (people edit these files) and never throws; what cannot be read is told as a <see cref="MemoryProblem"/>.
/// </summary>
internal static partial class EntryFormat
{
    public static string FileName(MemoryKind kind) => kind switch
    {
        MemoryKind.Learning => "learnings.md",
        MemoryKind.Decision => "decisions.md",
        _ => "issues.md",
    };

    public static char Letter(MemoryKind kind) => kind switch { MemoryKind.Learning => 'L', MemoryKind.Decision => 'D', _ => 'I' };

    public static string FirstStatus(MemoryKind kind) =>
        kind switch { MemoryKind.Learning => "noted", MemoryKind.Decision => "accepted", _ => "open" };

    /// <summary>What a new file begins with.</summary>
    public static string Preamble(MemoryKind kind) => kind switch
    {
        MemoryKind.Learning => "# Learnings\n\nWhat was found out about this project and will matter again. People and agents write here; the newest entry is last.\n",
        MemoryKind.Decision => "# Decisions\n\nWhat this project has decided, and why. People and agents write here; the newest entry is last.\n",
        _ => "# Issues\n\nWhat is known to be wrong or unsettled. People and agents write here; the newest entry is last.\n",
    };

    public static string Write(MemoryEntry entry)
    {
        var section = new StringBuilder();
        section.Append("## ").Append(entry.Id).Append(": ").Append(entry.Title).Append('\n');
        Field("when", entry.When.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture));
        Field("by", entry.By);
        Field("tags", string.Join(", ", entry.Tags));
        Field("scope", string.Join(", ", entry.Scopes));
        Field("status", entry.Status);
        Field("waives", string.Join(", ", entry.Waives));
        Field("until", entry.Until?.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture) ?? "");
        Field("supersedes", string.Join(", ", entry.Supersedes));
        Field("resolves", string.Join(", ", entry.Resolves));
        Field("because", string.Join(", ", entry.Because));
        Field("chooses", string.Join(", ", entry.Chooses));
        foreach (var rejected in entry.Rejects) Field("rejects", rejected);
        if (entry.Text.Length > 0) section.Append('\n').Append(EntryText.Escape(entry.Text)).Append('\n');
        return section.ToString();

        void Field(string key, string value)
        {
            if (value.Length > 0) section.Append("- ").Append(key).Append(": ").Append(value).Append('\n');
        }
    }

    public static ImmutableArray<MemoryEntry> Read(MemoryKind kind, string content, ImmutableArray<MemoryProblem>.Builder problems)
    {
        var entries = ImmutableArray.CreateBuilder<MemoryEntry>();
        var lines = content.TrimStart('\uFEFF').Split('\n');
        for (var i = 0; i < lines.Length; i++) lines[i] = lines[i].TrimEnd('\r');
        var ids = new Dictionary<string, int>(StringComparer.OrdinalIgnoreCase);
        var starts = Headings(lines);
        for (var s = 0; s < starts.Count; s++)
        {
            var section = new ArraySegment<string>(lines, starts[s], (s + 1 < starts.Count ? starts[s + 1] : lines.Length) - starts[s]);
            var reader = new EntryReader(kind, FileName(kind), starts[s] + 1, problems);
            if (reader.Read(section) is not { } entry) continue;
            if (!ids.TryAdd(entry.Id, entry.Line))
                problems.Add(new MemoryProblem(entry.File, entry.Line, $"The id {entry.Id} is already used in line {ids[entry.Id]}. Give one of the two another id."));
            entries.Add(entry);
        }
        return entries.ToImmutable();
    }

    [GeneratedRegex(@"^##\s+(?<id>[LDIldi]-[A-Za-z0-9][A-Za-z0-9\-]{0,60})\s*:\s*(?<title>.*)$", RegexOptions.ExplicitCapture, 1000)]
    public static partial Regex Heading();

    // A code block of the text may hold lines with two hashes; an entry's own heading counts even there, lest an unclosed block swallow entries.
    private static List<int> Headings(string[] lines)
    {
        var starts = new List<int>();
        char fence = '\0';
        for (var i = 0; i < lines.Length; i++)
        {
            var line = lines[i];
            var trimmed = line.AsSpan().TrimStart();
            var mark = trimmed.StartsWith("```", StringComparison.Ordinal) ? '`' : trimmed.StartsWith("~~~", StringComparison.Ordinal) ? '~' : '\0';
            if (Heading().IsMatch(line))
            {
                starts.Add(i);
                fence = '\0';
            }
            else if (fence == '\0' && line.StartsWith("##", StringComparison.Ordinal) && (line.Length == 2 || char.IsWhiteSpace(line[2])))
            {
                starts.Add(i);
            }
            else if (mark != '\0' && (fence == '\0' || fence == mark))
            {
                fence = fence == '\0' ? mark : '\0';
            }
        }
        return starts;
    }
}
