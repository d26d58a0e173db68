using System.Collections.Immutable;
using AgentHost.Knowledge.Memory;
using AgentHost.Postgres;
using AgentHost.Postgres.Catalog;
using AgentHost.Sql.Queries;

namespace AgentHost.Skills.RecommendIndex;

/// <summary>Asks which indexes a workload wants. Give queries, or a queries file's text, or ask for the target's own workload.</summary>
public sealed record IndexRequest
{
    /// <summary>The database; only its catalogs are read. One of this and <see cref="Snapshot"/> is given.</summary>
    public ReadOnlyTarget? Target { get; init; }

    /// <summary>What was read of a database before, or made of a schema and its numbers of rows.</summary>
    public CatalogSnapshot? Snapshot { get; init; }

    /// <summary>The queries; <see cref="QueryScript.Parse"/> reads them from a file's text.</summary>
    public ImmutableArray<WeightedQuery> Queries { get; init; } = [];

    /// <summary>The text of a queries file; its queries come behind <see cref="Queries"/>.</summary>
    public string? QueriesText { get; init; }

    /// <summary>Take the workload from the target's <c>pg_stat_statements</c>, weighted by calls.</summary>
    public bool Workload { get; init; }

    /// <summary>The most disk space that all recommended indexes may take, in MB of 2^20 bytes; null for no limit.</summary>
    public double? BudgetMb { get; init; }

    /// <summary>The most indexes to recommend; null for no limit.</summary>
    public int? MaxIndexes { get; init; }

    /// <summary>The most seconds that the search may take; what was found by then is the answer, and says so. The number of planner calls is bounded besides.</summary>
    public double BudgetSeconds { get; init; } = 60;

    /// <summary>How long a verification takes where the caller says nothing else, in seconds at most.</summary>
    public const double DefaultVerifySeconds = 60;

    /// <summary>How many seconds may be spent on measuring what the planner chose on made-up rows; null for no measuring: the answer then says "unverified".</summary>
    public double? VerifySeconds { get; init; }

    /// <summary>The project's memory; its entries that bear on the tables come back as precedents.</summary>
    public MemoryJournal? Memory { get; init; }

    /// <summary>Told in a few words what is being done.</summary>
    public IProgress<string>? Progress { get; init; }
}
