using System.Globalization;
using System.Text;
using AgentHost.Composition;
using AgentHost.Knowledge.Memory;

namespace AgentHost.Rendering;

/// <summary>Memory entries as compact text.</summary>
internal static class MemoryText
{
    /// <summary>What was found or written; the digest where nothing was asked for.</summary>
    public static string Render(MemoryEntries result)
    {
        var text = new StringBuilder();
        if (result.IsDigest)
            AppendDigest(text, result);
        else if (result.Entries.IsEmpty)
            text.AppendLine("Nothing remembered bears on this.");
        else
            foreach (var entry in result.Entries)
                Append(text, entry);
        foreach (var problem in result.Problems ?? [])
            text.Append("memory not read: ").AppendLine(problem);
        return text.ToString().TrimEnd();
    }

    /// <summary>What became of an entry: its new standing, or the entry that replaces it with what it took over.</summary>
    public static string Revised(Change change, MemoryEntries entries)
    {
        var entry = entries.Entries[0];
        return change.Action == "supersede"
            ? $"{change.Id} is superseded by {entry.Id}: {entry.Title}{(Facts(entry) is { Length: > 0 } facts ? $" [{facts}]" : "")}"
            : $"{entry.Id} is now {entry.Status}: {entry.Title}";
    }

    private static void AppendDigest(StringBuilder text, MemoryEntries digest)
    {
        if (digest.Entries.IsEmpty)
            text.AppendLine("Nothing is remembered yet: `remember` what is decided, learnt or left open.");
        else
            text.Append(digest.Holds).AppendLine(".");
        foreach (var (kind, heading) in new[] { (MemoryKind.Issue, "Open issues"), (MemoryKind.Decision, "Decisions in force"), (MemoryKind.Learning, "Latest learnings") })
        {
            var entries = digest.Entries.Where(entry => entry.Kind == kind).ToList();
            if (entries.Count > 0)
                text.AppendLine(heading);
            foreach (var entry in entries)
            {
                text.Append("  ").Append(entry.Id).Append(' ').Append(entry.Title);
                if (Facts(entry) is { Length: > 0 } facts)
                    text.Append(" [").Append(facts).Append(']');
                if (entry.Text is { Length: > 0 })
                    text.Append(" - ").Append(entry.Text);
                text.AppendLine();
            }
        }
        if (digest.More is { } more)
            text.AppendLine(CultureInfo.InvariantCulture, $"({more} more: recall with words, a table or an id)");
        if (digest.LastCalls is { IsEmpty: false } calls)
            text.AppendLine("Last calls here");
        foreach (var call in digest.LastCalls ?? [])
            text.AppendLine(CultureInfo.InvariantCulture, $"  {call.When.UtcDateTime:yyyy-MM-dd HH:mm} {call.Tool} {call.Subject}: {call.Verdict}");
    }

    private static void Append(StringBuilder text, RecalledEntry recalled)
    {
        var entry = recalled.Entry;
        text.Append(entry.Id).Append(' ').Append(entry.Kind.ToString().ToLowerInvariant()).Append(" (").Append(entry.Status).Append(", ")
            .Append(entry.Day).Append(", ").Append(entry.By).Append("): ").AppendLine(entry.Title);
        if (recalled.NotInForce is { } reason)
            text.Append("  not in force: ").AppendLine(reason);
        if (Facts(recalled) is { Length: > 0 } facts)
            text.Append("  ").AppendLine(facts);
        foreach (var line in recalled.Text is { Length: > 0 } body ? body.Split('\n') : [])
            text.Append("  ").AppendLine(line.TrimEnd());
        foreach (var revision in recalled.History ?? [])
            text.AppendLine(CultureInfo.InvariantCulture, $"  {revision.Status} {revision.When.UtcDateTime:yyyy-MM-dd}, {revision.By}: {revision.Text}");
    }

    private static string Facts(RecalledEntry entry) => string.Join("; ", new[]
    {
        Labelled("scope", entry.Scope), Labelled("tags", entry.Tags), Labelled("chooses", entry.Chooses), Labelled("rejects", entry.Rejects),
        Labelled("waives", entry.Waives), entry.Until is { } until && until > DateOnly.MinValue ? string.Create(CultureInfo.InvariantCulture, $"until {until:yyyy-MM-dd}") : "",
        Labelled("supersedes", entry.Supersedes), Labelled("resolves", entry.Resolves), Labelled("because", entry.Because),
    }.Where(part => part.Length > 0));

    private static string Labelled(string label, IEnumerable<string>? words) => words is not null && words.Any() ? $"{label} {string.Join(", ", words)}" : "";
}
