using System.Collections.Immutable;
using System.Text.Json;
using AgentHost.Knowledge.Memory;
using AgentHost.Knowledge.Trail;

namespace AgentHost.Composition;

/// <summary>What of the memory is told to whom asks, cut so that it fits beside other work.</summary>
internal static class Recall
{
    // A token is about four characters: the digest stays under 1,200 of them, a search under 1,500 where ten entries are asked for.
    private const int DigestCharacters = 4_400, SearchCharacters = 4_000;
    private const int LeastText = 60, MostDigestText = 400;
    private const int DigestEntries = 15, MostCalls = 5, MostProblems = 3;
    private const int Everything = 1000;

    /// <summary>The entries that answer a query, or without one the digest.</summary>
    /// <param name="architect">Has the memory and the trail.</param>
    /// <param name="query">Words, a table's name or an id; null for the digest.</param>
    /// <param name="max">The most entries; null for the usual number.</param>
    public static MemoryEntries Ask(Architect architect, string? query, int? max)
    {
        var memory = architect.Memory;
        var problems = Problems(memory);
        if (string.IsNullOrWhiteSpace(query))
            return Digest(architect, memory, max ?? DigestEntries) with { Problems = problems };
        var found = memory.Recall(query, max ?? 10);
        var share = found.Length == 1 ? int.MaxValue : Math.Max(LeastText, SearchCharacters / Math.Max(1, found.Length));
        return new MemoryEntries([.. found.Select(entry => new RecalledEntry(entry, Cut(entry.Text, share, entry.Id), memory.StandingOf(entry)))]) { Problems = problems };
    }

    private static MemoryEntries Digest(Architect architect, MemoryJournal memory, int max)
    {
        var all = memory.Recall(null, Everything);
        var entries = memory.Recall(null, max);
        var calls = LastCalls(architect);
        var bare = new MemoryEntries([.. entries.Select(entry => new RecalledEntry(entry, null, Standing.Good) { IsBrief = true })]) { Holds = Holds(all), More = all.Length > entries.Length ? all.Length - entries.Length : null, LastCalls = calls };
        var left = DigestCharacters - JsonSerializer.Serialize(bare, AnswerJson.For<MemoryEntries>()).Length;
        var share = Math.Clamp(left / Math.Max(1, entries.Length), 0, MostDigestText);
        return bare with { Entries = [.. bare.Entries.Select(brief => brief with { Text = share < LeastText ? null : Cut(EntryLine(brief.Entry.Text), share, null) })] };
    }

    // Only what was concluded: a refusal, a search or another recall tells a fresh context nothing. Of calls about the same the latest counts.
    private static ImmutableArray<TrailRecord> LastCalls(Architect architect)
    {
        try
        {
            return architect.Trail is not { } trail ? [] :
            [
                .. trail.Last(MostCalls * 8, IsConclusion).DistinctBy(record => (record.Tool, record.Subject)).Take(MostCalls).Select(record => record with { Sql = null }),
            ];
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            return []; // The trail is a help: the memory is told without it.
        }
    }

    private static bool IsConclusion(TrailRecord record) =>
        record.Tool is "review_migration" or "explain_plan" or "recommend_index" or "design_schema"
        && !record.Verdict.StartsWith("refused", StringComparison.Ordinal) && !record.Verdict.StartsWith("failed", StringComparison.Ordinal) && record.Verdict != "cancelled";

    private static string Holds(ImmutableArray<MemoryEntry> all)
    {
        var more = all.Length == Everything ? "at least " : "";
        return $"{more}{Count(MemoryKind.Issue, "open issue")}, {Count(MemoryKind.Decision, "decision")} in force, {Count(MemoryKind.Learning, "learning")}";

        string Count(MemoryKind kind, string noun) => all.Count(entry => entry.Kind == kind) is var count && count == 1 ? $"1 {noun}" : $"{count} {noun}s";
    }

    /// <summary>The places that do not read as entries, the first few unless all are wanted; null where there are none.</summary>
    public static ImmutableArray<string>? Problems(MemoryJournal memory, bool all = false) => memory.Problems switch
    {
        { IsEmpty: true } => null,
        var problems when all || problems.Length <= MostProblems => [.. problems.Select(problem => problem.ToString())],
        var problems => [.. problems.Take(MostProblems).Select(problem => problem.ToString()), $"{problems.Length - MostProblems} more: agenthost memory check"],
    };

    private static string EntryLine(string text) => string.Join(' ', text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));

    private static string Cut(string text, int longest, string? id)
    {
        if (text.Length <= longest)
            return text;
        var end = text.LastIndexOfAny([' ', '\n'], longest - 1, Math.Min(20, longest - 1));
        return text[..(end > 0 ? end : char.IsHighSurrogate(text[longest - 1]) ? longest - 1 : longest)].TrimEnd() + (id is null ? " …" : $" … (recall {id} for all)");
    }
}
