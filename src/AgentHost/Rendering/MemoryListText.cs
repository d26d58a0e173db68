using System.Globalization;
using System.Text;
using AgentHost.Composition;
using AgentHost.Knowledge.Memory;

namespace AgentHost.Rendering;

/// <summary>The memory as a whole, for people.</summary>
internal static class MemoryListText
{
    /// <summary>A line an entry, newest first, under a heading for each kind.</summary>
    public static string Render(MemoryEntries result)
    {
        var text = new StringBuilder();
        if (result.Entries.IsEmpty)
            text.AppendLine("No entry is like that.");
        foreach (var group in result.Entries.GroupBy(entry => entry.Kind))
        {
            text.AppendLine(CultureInfo.InvariantCulture, $"{group.Count()} {group.Key.ToString().ToLowerInvariant()}{(group.Count() == 1 ? "" : "s")}");
            foreach (var entry in group)
            {
                text.Append("  ").Append(entry.Id.PadRight(17)).Append("  ").Append(entry.Entry.Day.PadRight(10)).Append("  ").Append(entry.Title);
                if (entry.Scope is { } scope)
                    text.Append(" [").AppendJoin(", ", scope).Append(']');
                text.AppendLine(entry.NotInForce is { } reason ? $" ({reason})" : "");
            }
        }
        foreach (var problem in result.Problems ?? [])
            text.Append("memory not read: ").AppendLine(problem);
        return text.ToString().TrimEnd();
    }

    /// <summary>One entry, where it stands, and the entries that name it.</summary>
    public static string Show(RecalledEntry entry, MemoryJournal memory)
    {
        var text = new StringBuilder(MemoryText.Render(new MemoryEntries([entry])));
        var naming = memory.Entries.Where(other => other.Supersedes.Concat(other.Resolves).Concat(other.Because).Contains(entry.Id, StringComparer.OrdinalIgnoreCase)).ToList();
        foreach (var other in naming)
            text.Append("\n  named by ").Append(other.Id).Append(": ").Append(other.Title);
        return text.Append(CultureInfo.InvariantCulture, $"\n  {Path.Combine(memory.Folder, entry.Entry.File)}:{entry.Entry.Line}").ToString();
    }

    /// <summary>What is wrong, a line each, as compilers tell it.</summary>
    public static string Checkup(MemoryCheckup checkup, string folder) => checkup.Problems.IsEmpty
        ? $"{folder}: {checkup.Entries} entries, nothing wrong."
        : string.Join('\n', checkup.Problems.Select(problem => Path.Combine(folder, problem.ToString())));
}
