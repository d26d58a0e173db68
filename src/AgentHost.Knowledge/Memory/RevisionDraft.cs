namespace AgentHost.Knowledge.Memory;

/// <summary>Checks what is to become of an entry and brings it into its kept form.</summary>
internal static class RevisionDraft
{
    public static Revision Accept(EntryRevision asked, MemoryEntry entry, MemorySnapshot now, DateOnly today, TimeProvider clock)
    {
        var standing = now.StandingOf(entry, today);
        var text = EntryDraft.Text(asked.Text, "A revision needs a text: why it no longer holds, or how it was settled.");
        var because = EntryText.List(asked.Because.AsSpan());
        foreach (var id in because) _ = now.Find(id) ?? throw EntryLinks.Unknown(id, now);
        return new Revision(Status(asked.Action, entry, standing), EntryDraft.Now(clock), EntryDraft.Author(asked.By), text) { Because = because };
    }

    private static string Status(RevisionAction action, MemoryEntry entry, Standing standing) => action switch
    {
        RevisionAction.Reopen when standing.InForce => throw new MemoryException($"{entry.Id} is in force, so there is nothing to reopen."),
        RevisionAction.Reopen when EntryFormat.Holds(entry.Kind, entry.Status) => throw new MemoryException($"{entry.Id} does not count because it is {standing.Reason}: reopening would not change that. Remember a new entry instead."),
        RevisionAction.Reopen => EntryFormat.FirstStatus(entry.Kind),
        _ when !standing.InForce => throw new MemoryException($"{entry.Id} is not in force any more ({standing.Reason}); nothing was written."),
        RevisionAction.Resolve when entry.Kind != MemoryKind.Issue =>
            throw new MemoryException($"{entry.Id} is a {entry.Kind.ToString().ToLowerInvariant()}; only issues are resolved. Close it, or supersede it by another."),
        RevisionAction.Resolve => "resolved",
        _ => EntryFormat.LastStatus(entry.Kind),
    };
}
