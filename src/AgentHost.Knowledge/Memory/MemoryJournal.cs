using System.Collections.Immutable;
using System.Runtime.ExceptionServices;
using System.Security.Cryptography;

namespace AgentHost.Knowledge.Memory;

/// <summary>
/// The project's memory: <c>learnings.md</c>, <c>decisions.md</c> and <c>issues.md</c> in one folder. The files are canonical: people may edit them
/// at any time, and every call sees what they say now. An entry that <see cref="AppendAsync"/> has returned is on disk. Safe for many threads and processes.
/// </summary>
public sealed class MemoryJournal
{
    private const string IdAlphabet = "0123456789abcdefghjkmnpqrstvwxyz"; // Crockford's base 32: no letter looks like a digit
    private const long LargeRead = 500_000;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private readonly string folder, workspace;
    private readonly TimeProvider clock;
    private readonly Lock gate = new();
    private readonly EntrySearch search = new();
    private readonly ImmutableArray<JournalFile> files;
    private ImmutableArray<FileContent> contents;
    private MemorySnapshot snapshot = new([]);

    /// <summary>Opens the memory of a folder; nothing is read or made yet.</summary>
    /// <param name="folder">The folder; made by the first entry where it is missing but its parent exists.</param>
    public MemoryJournal(string folder) : this(folder, workspace: null) { }

    /// <summary>Opens the memory of a folder within a workspace.</summary>
    /// <param name="folder">The folder.</param>
    /// <param name="workspace">The folder that links must not lead out of; the memory folder's parent where null.</param>
    /// <param name="clock">Tells the time; the system's where null.</param>
    public MemoryJournal(string folder, string? workspace, TimeProvider? clock = null)
    {
        this.folder = Path.TrimEndingDirectorySeparator(Path.GetFullPath(folder));
        this.workspace = Path.GetFullPath(workspace ?? Path.GetDirectoryName(this.folder) ?? "/");
        this.clock = clock ?? TimeProvider.System;
        files = [.. Enum.GetValues<MemoryKind>().Select(kind => new JournalFile(kind, this.folder))];
    }

    /// <summary>The folder of the memory files.</summary>
    public string Folder => folder;

    /// <summary>All entries in the order of the files: learnings, decisions, issues; each oldest first.</summary>
    /// <exception cref="MemoryException">A file cannot be read.</exception>
    public ImmutableArray<MemoryEntry> Entries => Current().Entries;

    /// <summary>Places in the files that do not read as entries; nothing of them is lost or changed.</summary>
    /// <exception cref="MemoryException">A file cannot be read.</exception>
    public ImmutableArray<MemoryProblem> Problems
    {
        get
        {
            var now = Current();
            if (!contents.Any(file => file.EndsUnfinished)) return now.Problems;
            // Somebody may be writing just now: then it is no problem yet, and the next call sees it whole.
            using var held = FolderLock.TryAcquire(folder);
            return held is not null ? Current().Problems : [.. now.Problems.Where(problem => !contents.Any(file => file.EndsUnfinished && file.Problems[^1] == problem))];
        }
    }

    /// <summary>Remembers an entry. When the task completes, the entry is on disk and has been read back.</summary>
    /// <param name="entry">What to remember.</param>
    /// <param name="ct">Honoured until writing begins.</param>
    /// <returns>The entry as it will be recalled.</returns>
    /// <exception cref="MemoryException">The entry is not acceptable (a secret in it, no title) or cannot be written; nothing was written then.</exception>
    public async Task<MemoryEntry> AppendAsync(NewEntry entry, CancellationToken ct = default)
    {
        ArgumentNullException.ThrowIfNull(entry);
        var draft = EntryDraft.Accept(entry, clock);
        return await WriteAsync(draft.Kind, now =>
        {
            EntryLinks.Check(draft, now);
            Contradictions.Check(draft, now.Entries.Where(e => e.Kind == MemoryKind.Decision && now.IsInForce(e, Today)));
            string id;
            do id = NewId(draft.Kind, draft.When);
            while (now.Find(id) is not null);
            return (id, EntryFormat.Write(draft with { Id = id }));
        }, ct).ConfigureAwait(false);
    }

    /// <summary>Changes the standing of an entry. When the task completes, the revision is on disk and has been read back; the entry's own section stays as it was.</summary>
    /// <param name="revision">What to change.</param>
    /// <param name="ct">Honoured until writing begins.</param>
    /// <returns>The entry as it will be recalled.</returns>
    /// <exception cref="MemoryException">There is no such entry, it cannot be revised so (only issues are resolved, only what is ended is reopened), or it cannot be written; nothing was written then.</exception>
    public Task<MemoryEntry> ReviseAsync(EntryRevision revision, CancellationToken ct = default)
    {
        ArgumentNullException.ThrowIfNull(revision);
        var entry = Current().Find(revision.Id) ?? throw EntryLinks.Unknown(revision.Id, Current());
        return WriteAsync(entry.Kind, now =>
        {
            var current = now.Find(entry.Id) ?? throw EntryLinks.Unknown(revision.Id, now);
            return (current.Id, EntryFormat.Write(current.Id, RevisionDraft.Accept(revision, current, now, Today, clock)));
        }, ct);
    }

    // Everything is judged under the lock, on what the files say then.
    private async Task<MemoryEntry> WriteAsync(MemoryKind kind, Func<MemorySnapshot, (string Id, string Section)> compose, CancellationToken ct)
    {
        var file = files[(int)kind];
        CheckLinks(file.Path);
        MakeFolder();
        using var held = await FolderLock.AcquireAsync(folder, Patience, ct).ConfigureAwait(false);
        lock (gate)
        {
            var (id, section) = compose(Current());
            file.Append(section, held);
            return Current().Find(id) ?? throw new MemoryException($"{id} was written to {file.Path}, but another program has changed the file since, and it is not there any more. Look at the file.");
        }
    }

    /// <summary>Entries that bear on a query, best first; without one the digest: open issues, decisions in force, latest learnings, each newest first.</summary>
    /// <param name="query">Words or an entry's id; null or blank for the digest.</param>
    /// <param name="max">The most entries to return, 1 to 1000.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="max"/> is out of range.</exception>
    /// <exception cref="MemoryException">A file cannot be read.</exception>
    public ImmutableArray<MemoryEntry> Recall(string? query, int max)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(max, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(max, 1000);
        var now = Current();
        if (string.IsNullOrWhiteSpace(query)) return Digest(now, max);
        var asked = query.Trim();
        var named = now.Entries.Where(e => e.Id.Equals(asked, StringComparison.OrdinalIgnoreCase)).ToImmutableArray();
        return named.IsEmpty ? [.. search.Find(now.Entries, asked).Take(max).Select(hit => hit.Entry)] : [.. named.Take(max)];
    }

    /// <summary>
    /// Entries in force about tables and topics, closest first: their scope names one of the tables, or (without a scope) a tag, a waived rule or their words name one of the
    /// topics or tables. An entry whose scope lies elsewhere is not about them; one for a whole schema only with a topic as well.
    /// </summary>
    /// <param name="relations">Tables as <c>schema.table</c> or <c>table</c>.</param>
    /// <param name="topics">Rule ids and tags.</param>
    /// <param name="max">The most entries to return.</param>
    /// <exception cref="MemoryException">A file cannot be read.</exception>
    public ImmutableArray<MemoryEntry> Concerning(IEnumerable<string> relations, IEnumerable<string> topics, int max)
    {
        var now = Current();
        var relevance = new Relevance(relations, topics);
        return
        [
            .. now.Entries.Where(e => now.IsInForce(e, Today)).Select(e => (Entry: e, Score: relevance.Closeness(e))).Where(r => r.Score > 0)
                .OrderByDescending(r => r.Score).ThenByDescending(r => r.Entry.When).Take(max).Select(r => r.Entry),
        ];
    }

    /// <summary>Entries in force that truly bear on a case, most telling first; few cases have any.</summary>
    /// <param name="subject">The case.</param>
    /// <param name="max">The most entries to return.</param>
    /// <exception cref="MemoryException">A file cannot be read.</exception>
    public ImmutableArray<MemoryEntry> Bearing(MemoryCase subject, int max = 3) =>
    [
        .. Compare(subject).Select(compared => (compared.Entry, Score: BearingWeights.Score(compared.Features))).Where(compared => compared.Score >= BearingWeights.Least)
            .OrderByDescending(compared => compared.Score).ThenByDescending(compared => compared.Entry.When).Take(max).Select(compared => compared.Entry),
    ];

    /// <summary>How near every entry is to a query.</summary>
    internal ImmutableArray<EntrySearch.Hit> Weigh(string query) => search.Weigh(Current().Entries, query);

    /// <summary>What speaks for each entry in force bearing on a case.</summary>
    internal ImmutableArray<(MemoryEntry Entry, CaseFeatures Features)> Compare(MemoryCase subject)
    {
        var now = Current();
        return search.Compare([.. now.Entries.Where(e => now.IsInForce(e, Today))], subject);
    }

    /// <summary>What the decisions in force accept.</summary>
    /// <exception cref="MemoryException">A file cannot be read.</exception>
    public Waivers Waivers() => WaiversOn(Today);

    /// <summary>What decisions accept on another day: those in force but for their last day, which is on that day or later.</summary>
    /// <exception cref="MemoryException">A file cannot be read.</exception>
    public Waivers WaiversOn(DateOnly day)
    {
        var now = Current();
        return new(now.Entries.Where(e => e.Kind == MemoryKind.Decision && !e.Waives.IsEmpty && now.IsInForce(e, day)));
    }

    /// <summary>What the decisions in force chose and rejected.</summary>
    /// <exception cref="MemoryException">A file cannot be read.</exception>
    public DecisionChoices Choices()
    {
        var now = Current();
        return new(now.Entries.Where(e => e.Kind == MemoryKind.Decision && now.IsInForce(e, Today)));
    }

    /// <summary>Whether an entry still holds today: not superseded or resolved, not closed, not past its last day.</summary>
    /// <exception cref="MemoryException">A file cannot be read.</exception>
    public bool IsInForce(MemoryEntry entry) => StandingOf(entry).InForce;

    /// <summary>Whether an entry holds today, and why not.</summary>
    /// <exception cref="MemoryException">A file cannot be read.</exception>
    public Standing StandingOf(MemoryEntry entry) => Current().StandingOf(entry, Today);

    /// <summary>The day (UTC) that entries are judged by.</summary>
    public DateOnly Today => DateOnly.FromDateTime(clock.GetUtcNow().UtcDateTime);

    private ImmutableArray<MemoryEntry> Digest(MemorySnapshot now, int max)
    {
        var groups = new[] { MemoryKind.Issue, MemoryKind.Decision, MemoryKind.Learning }
            .Select(kind => now.Entries.Where(e => e.Kind == kind && now.IsInForce(e, Today)).Reverse().OrderByDescending(e => e.When).ToArray()).ToArray();

        // Many open issues must not crowd out the decisions: each kind has a third, and what one leaves free goes to the others in their order.
        var shares = groups.Select(g => Math.Min(g.Length, max / groups.Length)).ToArray();
        for (var (g, free) = (0, max - shares.Sum()); g < groups.Length; g++)
        {
            var more = Math.Min(free, groups[g].Length - shares[g]);
            (shares[g], free) = (shares[g] + more, free - more);
        }
        return [.. groups.Zip(shares, (group, share) => group.Take(share)).SelectMany(g => g)];
    }

    private MemorySnapshot Current()
    {
        lock (gate)
        {
            foreach (var file in files) CheckLinks(file.Path);
            var read = ReadAll();
            if (contents.IsDefault || !read.AsSpan().SequenceEqual(contents.AsSpan(), ReferenceEqualityComparer.Instance))
                (contents, snapshot) = (read, new MemorySnapshot(read));
            return snapshot;
        }
    }

    // Large files are read side by side, since nobody may be kept waiting at the first call.
    private ImmutableArray<FileContent> ReadAll()
    {
        if (files.Sum(file => file.UnreadLength) < LargeRead) return [.. files.Select(file => file.Read())];
        var read = new FileContent[files.Length];
        try
        {
            Parallel.For(0, files.Length, i => read[i] = files[i].Read());
        }
        catch (AggregateException several) when (several.InnerExceptions[0] is MemoryException first)
        {
            ExceptionDispatchInfo.Throw(first);
        }
        return [.. read];
    }

    private void CheckLinks(string path)
    {
        if (WorkspaceLinks.IsWithin(WorkspaceLinks.Resolve(path), WorkspaceLinks.Resolve(workspace))) return;
        throw new MemoryException($"The memory file {path} leads out of the workspace {workspace} through a symbolic link. Replace the link by a real folder or file.");
    }

    private void MakeFolder()
    {
        if (Directory.Exists(folder)) return;
        if (!Directory.Exists(Path.GetDirectoryName(folder)))
            throw new MemoryException($"The memory folder {folder} cannot be made: {Path.GetDirectoryName(folder)} does not exist. Make it, or configure another memory folder.");
        try
        {
            Directory.CreateDirectory(folder);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new MemoryException($"The memory folder {folder} cannot be made: {e.Message} Make it by hand, or configure another memory folder.", e);
        }
    }

    private static string NewId(MemoryKind kind, DateTimeOffset when) =>
        $"{EntryFormat.Letter(kind)}-{when.UtcDateTime:yyyyMMdd}-{RandomNumberGenerator.GetString(IdAlphabet, 6)}";
}
