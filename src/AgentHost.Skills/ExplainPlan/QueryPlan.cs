using System.Collections.Immutable;

namespace AgentHost.Skills.ExplainPlan;

/// <summary>A plan read from EXPLAIN's JSON, with the time of every node worked out.</summary>
public sealed record QueryPlan
{
    private readonly ImmutableArray<PlanNode> _nodes = [];

    /// <summary>The top node.</summary>
    public required PlanNode Root { get; init; }

    /// <summary>All nodes in EXPLAIN's order; a node's <see cref="PlanNode.Number"/> is its position plus one.</summary>
    public required ImmutableArray<PlanNode> Nodes
    {
        get => _nodes;
        init
        {
            _nodes = value;
            Times = new PlanTimes(value);
        }
    }

    /// <summary>What each node took.</summary>
    public PlanTimes Times { get; private init; } = new([]);

    /// <summary>Milliseconds of planning; null where the plan does not say.</summary>
    public double? PlanningMs { get; init; }

    /// <summary>Milliseconds of execution, triggers included; the root's where the plan does not say; null without timing.</summary>
    public double? ExecutionMs { get; init; }

    /// <summary>Milliseconds that just-in-time compilation took; 0 when there was none.</summary>
    public double JitMs { get; init; }

    /// <summary>Milliseconds in triggers, foreign-key checks among them.</summary>
    public double TriggerMs { get; init; }

    /// <summary>The triggers, those of foreign keys among them.</summary>
    public ImmutableArray<PlanTrigger> Triggers { get; init; } = [];

    /// <summary>Functions that just-in-time compilation made.</summary>
    public double JitFunctions { get; init; }

    /// <summary>KiB of memory that planning used (EXPLAIN's MEMORY, from version 17 on); null where the plan does not say.</summary>
    public double? PlanningMemoryKb { get; init; }

    /// <summary>Milliseconds in which the result was made into what a client reads (EXPLAIN's SERIALIZE, from version 17 on); null where the plan does not say.</summary>
    public double? SerializationMs { get; init; }

    /// <summary>KiB that a client would have read (SERIALIZE).</summary>
    public double SerializationKb { get; init; }

    /// <summary>The statement's number in <c>pg_stat_statements</c>, as text; null without VERBOSE or compute_query_id.</summary>
    public string? QueryId { get; init; }

    /// <summary>Planner settings that differ from the default (EXPLAIN's SETTINGS option).</summary>
    public ImmutableSortedDictionary<string, string> Settings { get; init; } = ImmutableSortedDictionary<string, string>.Empty;

    /// <summary>Whether EXPLAIN was asked for the settings: without any that differ from the default the list is empty all the same.</summary>
    public bool SettingsTold { get; init; }

    /// <summary>The query's text, which auto_explain gives.</summary>
    public string? QueryText { get; init; }

    /// <summary>Whether nodes are missing, since the text ends or breaks before they do.</summary>
    public bool IsCutOff { get; init; }

    /// <summary>What was left out while reading, in words for the user.</summary>
    public ImmutableArray<string> Notes { get; init; } = [];

    /// <summary>What the plan's database says of its tables; empty where the plan came without one.</summary>
    internal PlanCatalog Catalog { get; init; } = PlanCatalog.Empty;

    /// <summary>Whether the plan was run (ANALYZE).</summary>
    public bool Analyzed => Root.Loops is not null;

    /// <summary>Whether nodes were timed (ANALYZE without TIMING OFF).</summary>
    public bool Timed => Times.Timed;

    /// <summary>Whether the plan holds the planner's estimates (not with COSTS OFF).</summary>
    public bool Estimated => Root.PlanRows is not null;

    /// <summary>The node with that number.</summary>
    public PlanNode this[int number] => Nodes[number - 1];

    /// <summary>The parent, or null for the root.</summary>
    public PlanNode? ParentOf(PlanNode node) => node.Parent == 0 ? null : this[node.Parent];

    /// <summary>The parent, its parent, and so on up to the root.</summary>
    public IEnumerable<PlanNode> AncestorsOf(PlanNode node)
    {
        for (var at = ParentOf(node); at is not null; at = ParentOf(at))
            yield return at;
    }

    /// <summary>The node and everything below it.</summary>
    public IEnumerable<PlanNode> Subtree(PlanNode node)
    {
        yield return node;
        // Preorder numbering: the subtree is the run of nodes whose parent lies in it.
        for (var i = node.Number; i < Nodes.Length && Nodes[i].Parent >= node.Number; i++)
            yield return Nodes[i];
    }

    /// <summary>The share of the whole (0–1) that the node itself took; of the estimated cost, or without that of the rows, where nothing was timed.</summary>
    public double SelfShare(PlanNode node) => Share(Times.Self(node));

    /// <summary>The share of the whole (0–1) of the node with everything below it.</summary>
    public double TotalShare(PlanNode node) => Share(Times.Total(node));

    private double Share(double value)
    {
        var whole = Timed ? ExecutionMs ?? Times.Total(Root) : Times.SumOfSelf;
        return whole > 0 ? Math.Min(1, value / whole) : 0;
    }
}
