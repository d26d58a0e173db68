using System.Collections.Immutable;

namespace AgentHost.Knowledge.Memory;

/// <summary>What an entry is about, found once.</summary>
/// <param name="Title">The matters of its title and tags.</param>
/// <param name="Body">The matters of its text that the title does not tell.</param>
/// <param name="Names">Its words of two letters and more, lower case, with their underscores.</param>
internal sealed record EntryTerms(ImmutableHashSet<int> Title, ImmutableHashSet<int> Body, HashSet<string> Names)
{
    public static EntryTerms Of(MemoryEntry entry)
    {
        var title = Concerns.OfEntry($"{entry.Title} ; {string.Join(" ; ", entry.Tags.Concat(entry.Waives).Concat(entry.Chooses).Concat(entry.Rejects)).Replace('-', ' ')}");
        return new(title, Concerns.OfEntry(entry.Text).Except(title), CaseNames.Of($"{entry.Title} {string.Join(' ', entry.Tags)} {entry.Text} {string.Join(' ', entry.Rejects)}"));
    }
}
