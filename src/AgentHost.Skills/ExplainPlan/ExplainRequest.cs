using AgentHost.Knowledge.Memory;
using AgentHost.Postgres;
using AgentHost.Postgres.Catalog;

namespace AgentHost.Skills.ExplainPlan;

/// <summary>What to explain: a plan's text, or a query to be planned on a target or on a twin.</summary>
public sealed record ExplainRequest
{
    /// <summary>EXPLAIN's output as it was pasted, in any of its formats.</summary>
    public string? PlanText { get; init; }

    /// <summary>An earlier plan of the same query, to say what changed since.</summary>
    public string? Before { get; init; }

    /// <summary>
    /// The query. With <see cref="PlanText"/> it is the one that the plan is of, so that remedies can be priced. Alone it is one reading statement that is planned on
    /// <see cref="Target"/> or on a twin made of <see cref="Snapshot"/>; with parameters (<c>$1</c>) the generic plan is shown, from version 16 on.
    /// </summary>
    public string? Query { get; init; }

    /// <summary>
    /// The database that plans <see cref="Query"/>, or that <see cref="PlanText"/> came from; it is only read. Its catalog tells which indexes are there
    /// already, so that none of them is advised, and a twin of it prices remedies.
    /// </summary>
    public ReadOnlyTarget? Target { get; init; }

    /// <summary>What was read of the database before; a twin of it prices remedies.</summary>
    public CatalogSnapshot? Snapshot { get; init; }

    /// <summary>Whether the query is run to measure it, within the target's time limit.</summary>
    public bool Analyze { get; init; }

    /// <summary>The project's memory, for precedents about the plan's tables.</summary>
    public MemoryJournal? Memory { get; init; }

    /// <summary>How a query was planned when it was last explained; null where nobody keeps that.</summary>
    public Func<PlanIdentity, KnownPlan?>? Earlier { get; init; }
}
