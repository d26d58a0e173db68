using System.Globalization;
using System.Text;

namespace AgentHost.Knowledge.Memory;

/// <summary>The Markdown form of an entry: a second-level heading with id and title, a list of fields, a blank line, the text.</summary>
internal static class EntryFormat
{
    /// <summary>How times are written: UTC, to the second.</summary>
    public const string TimeFormat = "yyyy-MM-dd'T'HH:mm:ss'Z'";

    public static string FileName(MemoryKind kind) => kind switch
    {
        MemoryKind.Learning => "learnings.md",
        MemoryKind.Decision => "decisions.md",
        _ => "issues.md",
    };

    public static char Letter(MemoryKind kind) => kind switch { MemoryKind.Learning => 'L', MemoryKind.Decision => 'D', _ => 'I' };

    public static string FirstStatus(MemoryKind kind) =>
        kind switch { MemoryKind.Learning => "noted", MemoryKind.Decision => "accepted", _ => "open" };

    /// <summary>The status that ends an entry of a kind.</summary>
    public static string LastStatus(MemoryKind kind) =>
        kind switch { MemoryKind.Learning => "outdated", MemoryKind.Decision => "withdrawn", _ => "closed" };

    /// <summary>Whether an entry of a kind counts while it has a status. Decisions count only while accepted; the others until they are ended.</summary>
    public static bool Holds(MemoryKind kind, string status) => (kind == MemoryKind.Decision) == (kind switch
    {
        MemoryKind.Decision => Holding,
        MemoryKind.Issue => Settled,
        _ => Outdated,
    }).Contains(status);

    private static readonly HashSet<string>
        Holding = new(["accepted", "active", "in force"], StringComparer.OrdinalIgnoreCase),
        Settled = new(["closed", "resolved", "fixed", "done", "superseded", "rejected", "withdrawn", "wontfix", "won't fix"], StringComparer.OrdinalIgnoreCase),
        Outdated = new(["superseded", "outdated", "obsolete", "withdrawn", "wrong", "rejected", "closed"], StringComparer.OrdinalIgnoreCase);

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
        Field(section, "when", Time(entry.When));
        Field(section, "by", entry.By);
        Field(section, "tags", string.Join(", ", entry.Tags));
        Field(section, "scope", string.Join(", ", entry.Scopes));
        Field(section, "status", entry.Status);
        Field(section, "waives", string.Join(", ", entry.Waives));
        Field(section, "until", entry.Until?.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture) ?? "");
        Field(section, "supersedes", string.Join(", ", entry.Supersedes));
        Field(section, "resolves", string.Join(", ", entry.Resolves));
        Field(section, "because", string.Join(", ", entry.Because));
        Field(section, "chooses", string.Join(", ", entry.Chooses));
        foreach (var rejected in entry.Rejects) Field(section, "rejects", rejected);
        if (entry.Text.Length > 0) section.Append('\n').Append(EntryText.Escape(entry.Text)).Append('\n');
        return section.ToString();
    }

    /// <summary>The section that changes an entry's standing.</summary>
    public static string Write(string id, Revision revision)
    {
        var section = new StringBuilder().Append("## ").Append(SectionLines.RevisionOf).Append(id).Append('\n');
        Field(section, "when", Time(revision.When));
        Field(section, "by", revision.By);
        Field(section, "status", revision.Status);
        Field(section, "because", string.Join(", ", revision.Because));
        return section.Append('\n').Append(EntryText.Escape(revision.Text)).Append('\n').ToString();
    }

    private static string Time(DateTimeOffset when) => when.UtcDateTime.ToString(TimeFormat, CultureInfo.InvariantCulture);

    private static void Field(StringBuilder section, string key, string value)
    {
        if (value.Length > 0) section.Append("- ").Append(key).Append(": ").Append(value).Append('\n');
    }
}
