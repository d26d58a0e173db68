using AgentHost.Knowledge.Memory;

namespace AgentHost.Skills;

/// <summary>An entry of the project's memory that bears on the case at hand.</summary>
/// <param name="Id">Its id, as <c>D-0007</c>.</param>
/// <param name="Kind"><c>learning</c>, <c>decision</c> or <c>issue</c>.</param>
/// <param name="Title">Its title.</param>
public sealed record Precedent(string Id, string Kind, string Title)
{
    /// <summary>The precedent that an entry is.</summary>
    public static Precedent Of(MemoryEntry entry)
    {
        ArgumentNullException.ThrowIfNull(entry);
        return new(entry.Id, entry.Kind.ToString().ToLowerInvariant(), entry.Title);
    }
}
