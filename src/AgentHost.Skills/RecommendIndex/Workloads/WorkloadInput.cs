using System.Collections.Immutable;
using AgentHost.Postgres.Catalog;
using AgentHost.Skills.RecommendIndex.Statistics;
using AgentHost.Sql;
using AgentHost.Sql.Queries;

namespace AgentHost.Skills.RecommendIndex.Workloads;

/// <summary>The statements of a workload, wherever they come from, and those that cannot be read, with the reason.</summary>
/// <param name="Queries">The statements.</param>
/// <param name="Skipped">What could not be read.</param>
public sealed record WorkloadInput(ImmutableArray<WeightedQuery> Queries, ImmutableArray<SkippedQuery> Skipped)
{
    /// <summary>Where the statements come from, in a few words: for a log how many lines of it counted; null where nothing is to be said.</summary>
    public string? Source { get; init; }

    /// <summary>Whether more ran than is here: a log tells of slow statements, and of many counted ones only the longest are taken.</summary>
    public bool IsSample { get; init; }

    /// <summary>The planner's estimates that logged runs proved wrong.</summary>
    internal ImmutableArray<LoggedEstimate> Estimates { get; init; } = [];

    /// <summary>Look-ups that a log shows to run again and again behind another statement.</summary>
    internal ImmutableArray<StatementLoop> Loops { get; init; } = [];

    /// <summary>Nothing.</summary>
    public static WorkloadInput Empty { get; } = new([], []);

    /// <summary>Reads a text that is a file of queries, one query, or a server's log; which, its content tells.</summary>
    /// <exception cref="SqlInputException">A file of queries gives a weight that is none.</exception>
    public static WorkloadInput Read(string text) => ServerLog.Entries(text) is { } entries ? LoggedWorkload.Of(entries) : new WorkloadInput(QueryScript.Parse(text), []);

    /// <summary>The statements that <c>pg_stat_statements</c> counted.</summary>
    /// <exception cref="SkillInputException">There are none.</exception>
    public static WorkloadInput Read(CatalogSnapshot snapshot, string target) => CountedWorkload.Of(snapshot, target);

    /// <summary>Both, with names that are told apart.</summary>
    public WorkloadInput With(WorkloadInput other)
    {
        var taken = Queries.Select(q => q.Name).ToHashSet(StringComparer.Ordinal);
        var renamed = other.Queries.Select(q =>
        {
            var name = q.Name;
            for (var n = 2; !taken.Add(name); n++)
                name = $"{q.Name} ({n})";
            return q with { Name = name };
        });
        return new WorkloadInput([.. Queries, .. renamed], [.. Skipped, .. other.Skipped])
        {
            IsSample = (Queries.IsEmpty || IsSample) && (other.Queries.IsEmpty || other.IsSample),
            Estimates = [.. Estimates, .. other.Estimates],
            Loops = [.. Loops, .. other.Loops],
            Source = string.Join(' ', new[] { Source, other.Source }.OfType<string>()) is { Length: > 0 } source ? source : null,
        };
    }
}
