using System.Text;
using AgentHost.Composition;
using AgentHost.Knowledge.Memory;

namespace AgentHost.Rendering;

/// <summary>Memory entries as compact text.</summary>
internal static class MemoryText
{
    private const int MaxBody = 600;

    /// <summary>Each entry: its id, what it is, its title, its text; long texts are cut where only many are shown.</summary>
    public static string Render(MemoryEntries result)
    {
        if (result.Entries.IsEmpty)
            return "Nothing remembered bears on this.";
        var text = new StringBuilder();
        foreach (var entry in result.Entries)
            Append(text, entry, result.Entries.Length == 1 ? int.MaxValue : MaxBody);
        return text.ToString().TrimEnd();
    }

    private static void Append(StringBuilder text, MemoryEntry entry, int maxBody)
    {
        text.Append(entry.Id).Append(' ').Append(entry.Kind.ToString().ToLowerInvariant()).Append(" (").Append(entry.Status).Append(", ")
            .Append(entry.When.ToString("yyyy-MM-dd")).Append(", ").Append(entry.By).Append("): ").AppendLine(entry.Title);
        if (!entry.Scopes.IsEmpty || !entry.Tags.IsEmpty)
        {
            text.Append("  ").AppendJoin("; ", new[] { Labelled("scope", entry.Scopes), Labelled("tags", entry.Tags) }.Where(part => part.Length > 0))
                .AppendLine();
        }
        if (entry.Text.Length == 0)
            return;
        var body = entry.Text.Length <= maxBody ? entry.Text : entry.Text[..maxBody] + $" … (recall \"{entry.Id}\" for all)";
        foreach (var line in body.Split('\n'))
            text.Append("  ").AppendLine(line.TrimEnd());
    }

    private static string Labelled(string label, IEnumerable<string> words) => words.Any() ? $"{label} {string.Join(", ", words)}" : "";
}
