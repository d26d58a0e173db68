using System.Collections.Immutable;
using AgentHost.Knowledge.Memory;
using AgentHost.Skills;

namespace AgentHost.Composition;

/// <summary>A skill's answer after its proposals were kept.</summary>
/// <param name="Result">The answer, with the ids of what was kept; proposals that were not are still among it.</param>
/// <param name="Refused">Why a proposal was not kept; empty where each was.</param>
internal sealed record Recording<T>(T Result, ImmutableArray<string> Refused)
    where T : SkillResult
{
    /// <summary>The answer for programs, with the reasons among what it tells of the memory.</summary>
    public T Told => Refused.IsEmpty ? Result : Result with { MemoryProblems = [.. Result.MemoryProblems ?? [], .. Refused] };

    /// <summary>The answer's text with the reasons behind it.</summary>
    public string Rendered(Func<T, string> render) => Refused.IsEmpty ? render(Result) : $"{render(Result).TrimEnd()}\n{string.Join('\n', Refused)}";
}

/// <summary>Keeps what a skill proposes.</summary>
internal static class Recording
{
    /// <summary>Keeps the proposals of an answer where the caller asked for that. A proposal that the memory refuses fails nothing: it is told.</summary>
    /// <param name="result">The answer.</param>
    /// <param name="memory">The memory.</param>
    /// <param name="wanted">Whether the caller asked for it.</param>
    /// <param name="by">Who keeps them; null for the user of the process.</param>
    /// <param name="cancellation">Ends it between two entries.</param>
    public static async Task<Recording<T>> KeptAsync<T>(this T result, MemoryJournal memory, bool wanted, string? by, CancellationToken cancellation)
        where T : SkillResult
    {
        if (!wanted)
            return new(result, []);
        var (ids, left, refused) = (new List<string>(), new List<ProposedEntry>(), ImmutableArray.CreateBuilder<string>());
        foreach (var proposal in result.Proposals ?? [])
        {
            try
            {
                ids.Add((await memory.AppendAsync(proposal.ToNewEntry(by), cancellation)).Id);
            }
            catch (MemoryException refusal)
            {
                left.Add(proposal);
                refused.Add($"not recorded: \"{proposal.Title}\": {refusal.Message}");
            }
        }
        if (result.Proposals is null or [])
            refused.Add("nothing to record: this answer brought nothing that the memory does not say");
        return new(result with { Recorded = ids.Count == 0 ? null : ids, Proposals = left.Count == 0 ? null : left }, refused.ToImmutable());
    }
}
