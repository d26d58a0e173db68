using AgentHost.Knowledge.Memory;
using AgentHost.Postgres;

namespace AgentHost.Skills.ExplainPlan;

/// <summary>What to explain: a plan's text, or a query to be planned on a target.</summary>
public sealed record ExplainRequest
{
    /// <summary>EXPLAIN (FORMAT JSON)'s output as it was pasted. Either this or <see cref="Query"/>.</summary>
    public string? PlanText { get; init; }

    /// <summary>One reading statement, planned on <see cref="Target"/>; with parameters (<c>$1</c>) the generic plan is shown, from version 16 on.</summary>
    public string? Query { get; init; }

    /// <summary>
    /// The database that plans <see cref="Query"/>, or that <see cref="PlanText"/> came from; it is only read. Its catalog tells which indexes are there
    /// already, so that none of them is advised.
    /// </summary>
    public ReadOnlyTarget? Target { get; init; }

    /// <summary>Whether the query is run to measure it, within the target's time limit.</summary>
    public bool Analyze { get; init; }

    /// <summary>The project's memory, for precedents about the plan's tables.</summary>
    public MemoryJournal? Memory { get; init; }
}
