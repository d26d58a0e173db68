using System.Text;

namespace AgentHost.Knowledge.Memory;

/// <summary>Checks what is to be remembered and brings it into its kept form; the id is still to be given.</summary>
internal static class EntryDraft
{
    public static MemoryEntry Accept(NewEntry entry, TimeProvider clock)
    {
        var draft = new MemoryEntry(
            "", entry.Kind, EntryText.Line(entry.Title ?? ""), Text(entry.Text, "An entry needs a text: what was learnt or decided, and why. A title alone tells the next reader too little."),
            EntryText.List(entry.Tags.AsSpan()), EntryText.List(entry.Scopes.AsSpan()),
            EntryText.Line(entry.Status ?? "") is { Length: > 0 } status ? status : EntryFormat.FirstStatus(entry.Kind),
            Now(clock), Author(entry.By))
        {
            Waives = EntryText.List(entry.Waives.AsSpan()),
            Until = entry.Until,
            Supersedes = EntryText.List(entry.Supersedes.AsSpan()),
            Resolves = EntryText.List(entry.Resolves.AsSpan()),
            Because = EntryText.List(entry.Because.AsSpan()),
            Chooses = EntryText.ChoiceList(entry.Chooses.AsSpan()),
            Rejects = [.. entry.Rejects.Select(EntryText.Line).Where(line => line.Length > 0).Distinct(StringComparer.OrdinalIgnoreCase)],
        };
        Check(draft);
        return draft;
    }

    /// <summary>The time, to the second.</summary>
    public static DateTimeOffset Now(TimeProvider clock)
    {
        var now = clock.GetUtcNow();
        return new DateTimeOffset(now.Ticks - (now.Ticks % TimeSpan.TicksPerSecond), now.Offset).ToUniversalTime();
    }

    /// <summary>Who speaks: the name that was told, else the user of the process.</summary>
    public static string Author(string? told) => EntryText.Line(told ?? Environment.UserName) is { Length: > 0 } by && by.Length <= EntryText.LongestItem ? by : "unknown";

    /// <summary>A body that may be kept: not empty, not too long, without secrets.</summary>
    public static string Text(string? told, string whenEmpty)
    {
        var text = EntryText.Body(told ?? "");
        if (text.Length == 0) throw new MemoryException(whenEmpty);
        if (Encoding.UTF8.GetByteCount(text) > EntryText.LongestText)
            throw new MemoryException($"The text is longer than {EntryText.LongestText / 1024} KiB. Keep the conclusion, and name where the rest is.");
        RefuseSecrets(text);
        return text;
    }

    private static void RefuseSecrets(string part)
    {
        if (SecretScan.Find(part) is { } secret)
            throw new MemoryException($"This looks as if it held {secret}. Memory files are committed and read by everyone, so nothing was written: leave the secret out and say where it is kept.");
    }

    private static void Check(MemoryEntry draft)
    {
        if (draft.Title.Length == 0) throw new MemoryException("An entry needs a title: one line that says what is to be remembered.");
        if (draft.Title.Length > EntryText.LongestTitle)
            throw new MemoryException($"The title has {draft.Title.Length} characters; at most {EntryText.LongestTitle} fit. Put the detail into the text.");
        string[] items = [.. draft.Tags, .. draft.Scopes, .. draft.Waives, .. draft.Supersedes, .. draft.Resolves, .. draft.Because, .. draft.Chooses, .. draft.Rejects];
        if (items.Length > EntryText.MostItems || Array.Exists([.. items, draft.Status, draft.By], i => i.Length > EntryText.LongestItem))
            throw new MemoryException($"Tags, scopes and links are at most {EntryText.MostItems} together, each of at most {EntryText.LongestItem} characters.");
        foreach (var choice in draft.Chooses)
            if (Choice.Read(choice) is null)
                throw new MemoryException($"'{choice}' is no choice. Write subject = value, as key-strategy = uuidv7.");
        if (!(draft.Chooses.IsEmpty && draft.Rejects.IsEmpty) && draft.Kind != MemoryKind.Decision)
            throw new MemoryException("Only a decision can choose or reject. Remember it with the kind 'decision'.");
        foreach (var scope in draft.Scopes)
            if (ScopePattern.Read(scope) is null)
                throw new MemoryException($"The scope '{scope}' names nothing. Write schema.table, table, schema.* or *.");
        if (!draft.Waives.IsEmpty && draft.Kind != MemoryKind.Decision)
            throw new MemoryException("Only a decision can waive a rule. Remember it with the kind 'decision'.");
        if (!draft.Waives.IsEmpty && draft.Scopes.IsEmpty)
            throw new MemoryException("A waiver needs a scope: the tables it is for, as public.orders or billing.*, or * for everywhere.");
        foreach (var part in (string[])[draft.Title, draft.By, draft.Status, .. items])
            RefuseSecrets(part);
    }
}
