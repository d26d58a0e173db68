using System.Collections.Immutable;
using AgentHost.Knowledge.Memory;

namespace AgentHost.Skills.RecommendIndex;

/// <summary>What decisions in force do not want recommended.</summary>
internal sealed class Rejections
{
    private readonly ImmutableArray<Rejection> all;

    private Rejections(ImmutableArray<Rejection> all, ImmutableArray<string> unreadable) => (this.all, Unreadable) = (all, unreadable);

    /// <summary>What is wrong with lines that seem to be about the workload's tables.</summary>
    public ImmutableArray<string> Unreadable { get; }

    /// <summary>Reads what bears on the tables.</summary>
    public static Rejections Read(MemoryJournal? memory, IReadOnlyCollection<TableFacts> tables)
    {
        var (all, unreadable) = (ImmutableArray.CreateBuilder<Rejection>(), ImmutableArray.CreateBuilder<string>());
        foreach (var (decision, text) in memory?.Choices().Rejections ?? [])
        {
            var (rejection, problem) = Rejection.Read(decision, text);
            if (rejection is not null)
                all.Add(rejection);
            // A decision may reject anything; only what names one of these tables can have been meant for here.
            else if (tables.Any(table => text.Split([' ', '.', '(', '"', ';', ','], StringSplitOptions.RemoveEmptyEntries).Contains(table.Name.Name, StringComparer.OrdinalIgnoreCase)))
                unreadable.Add($"{decision.Id} rejects '{text}', which cannot be read as an index, so it holds nothing back: {problem}. Write it as schema.table (columns); cost 812 -> 9.1; rows 1200000; bytes 22020096.");
        }
        return new Rejections(all.ToImmutable(), unreadable.ToImmutable());
    }

    /// <summary>The latest rejection of an index, or null.</summary>
    public Rejection? Of(IndexCandidate index) => all.Where(rejection => rejection.Covers(index)).MaxBy(rejection => rejection.Decision.When);
}
