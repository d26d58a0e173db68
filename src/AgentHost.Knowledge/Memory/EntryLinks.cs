namespace AgentHost.Knowledge.Memory;

/// <summary>Sees that the ids which an entry names exist.</summary>
internal static class EntryLinks
{
    /// <exception cref="MemoryException">An id is unknown, or is no issue and cannot be resolved.</exception>
    public static void Check(MemoryEntry draft, MemorySnapshot now)
    {
        foreach (var id in draft.Supersedes.Concat(draft.Because))
            _ = now.Find(id) ?? throw Unknown(id, now);
        foreach (var id in draft.Resolves)
            if ((now.Find(id) ?? throw Unknown(id, now)).Kind != MemoryKind.Issue)
                throw new MemoryException($"{id} is no issue, so it cannot be resolved. To replace it, name it in 'supersedes'.");
    }

    /// <summary>The complaint about an id that no entry has.</summary>
    public static MemoryException Unknown(string id, MemorySnapshot now)
    {
        var near = now.Entries.Where(entry => entry.Id.StartsWith(id.Trim(), StringComparison.OrdinalIgnoreCase) && id.Trim().Length > 1).Take(3).Select(entry => entry.Id).ToList();
        return new MemoryException($"There is no entry '{EntryText.Line(id)}' in the memory. {(near.Count > 0 ? $"Did you mean {string.Join(" or ", near)}?" : "`recall` finds entries and their ids.")}");
    }
}
