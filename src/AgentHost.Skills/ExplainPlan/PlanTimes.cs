using System.Collections.Immutable;
using System.Text.RegularExpressions;

namespace AgentHost.Skills.ExplainPlan;

/// <summary>
/// Works out what each node took on the clock. EXPLAIN gives an average per loop over all processes, so a node below a Gather that ran
/// in three processes has three loops: its time on the clock is average × loops ÷ processes. An InitPlan or CTE is printed below the
/// node that owns it but runs inside the nodes that read it; it is taken off those, once.
/// </summary>
/// <remarks>
/// Where nothing was timed the same arithmetic is done on estimated costs, and with COSTS OFF on the rows that were handled; both are good for shares only.
/// </remarks>
public sealed partial class PlanTimes
{
    // Looking for a plan's readers walks its owner's subtree; a hostile plan of nothing but InitPlans must not take minutes.
    private const int MaxInitPlans = 1000;

    private readonly double[] _total;
    private readonly double[] _self;
    private readonly double[] _processes;

    internal PlanTimes(ImmutableArray<PlanNode> nodes)
    {
        Timed = nodes.Length > 0 && nodes[0].ActualMs is not null;
        _total = new double[nodes.Length];
        _self = new double[nodes.Length];
        _processes = new double[nodes.Length];
        foreach (var node in nodes)
        {
            var i = node.Number - 1;
            _processes[i] = node.Parent == 0 ? 1 : ProcessesBelow(nodes[node.Parent - 1], node);
            _total[i] = (Timed ? node.ActualMs ?? 0 : node.TotalCost) * (node.Loops ?? 1) / _processes[i];
        }
        if (!Timed && nodes.All(n => n.TotalCost <= 0))
            CountRows(nodes);
        _total.CopyTo(_self, 0);
        foreach (var node in nodes)
        {
            if (node.Parent > 0 && !node.IsInitPlan)
                _self[node.Parent - 1] -= _total[node.Number - 1];
        }
        foreach (var node in nodes.Where(n => n is { IsInitPlan: true, Parent: > 0 } && _total[n.Number - 1] > 0).Take(MaxInitPlans))
            TakeOffReaders(nodes, node);
        for (var i = 0; i < _self.Length; i++)
            _self[i] = Math.Max(0, _self[i]);
        SumOfSelf = _self.Sum();
    }

    /// <summary>Whether the figures are milliseconds; otherwise they are the planner's cost units.</summary>
    public bool Timed { get; }

    internal double SumOfSelf { get; }

    /// <summary>The node with everything below it, in milliseconds on the clock.</summary>
    public double Total(PlanNode node) => _total[node.Number - 1];

    /// <summary>The node alone, in milliseconds on the clock.</summary>
    public double Self(PlanNode node) => _self[node.Number - 1];

    /// <summary>In how many processes the node ran: 1 outside of a Gather.</summary>
    public double Processes(PlanNode node) => _processes[node.Number - 1];

    // A node's children stand behind it.
    private void CountRows(ImmutableArray<PlanNode> nodes)
    {
        for (var i = nodes.Length - 1; i >= 0; i--)
        {
            var node = nodes[i];
            _total[i] += (node.TotalRows + node.TotalRemovedByFilter + (node.RemovedByJoinFilter * (node.Loops ?? 0))) / _processes[i];
            if (node.Parent > 0 && !node.IsInitPlan)
                _total[node.Parent - 1] += _total[i];
        }
    }

    private double ProcessesBelow(PlanNode parent, PlanNode node)
    {
        var above = _processes[parent.Number - 1];
        if (parent.Type is not ("Gather" or "Gather Merge") || node.IsInitPlan || node.IsSubPlan)
            return above;
        // The loops of a Gather's input say who really took part: the leader may have stayed out (parallel_leader_participation).
        var launched = parent.WorkersLaunched + 1;
        var took = parent.Loops > 0 && node.Loops > 0 ? node.Loops.Value / parent.Loops.Value : launched;
        return above * Math.Clamp(took, 1, launched);
    }

    private void TakeOffReaders(ImmutableArray<PlanNode> nodes, PlanNode plan)
    {
        var readers = ReadersOf(nodes, plan);
        var available = readers.Sum(r => Math.Max(0, _self[r.Number - 1]));
        var spent = _total[plan.Number - 1];
        if (available <= 0)
        {
            _self[plan.Parent - 1] -= spent;
            return;
        }
        foreach (var reader in readers)
        {
            ref var self = ref _self[reader.Number - 1];
            self -= Math.Min(Math.Max(0, self), spent * Math.Max(0, self) / available);
        }
    }

    private static List<PlanNode> ReadersOf(ImmutableArray<PlanNode> nodes, PlanNode plan)
    {
        var name = plan.SubplanName ?? "";
        var cte = name.StartsWith("CTE ", StringComparison.Ordinal) ? name[4..] : null;
        var marks = cte is null ? Marks(name) : [];
        var readers = new List<PlanNode>();
        // Readers lie below the owner; the plan itself may be read by a later sibling, never by its own nodes.
        for (var i = plan.Parent - 1; i < nodes.Length && (i == plan.Parent - 1 || nodes[i].Parent >= plan.Parent); i++)
        {
            var node = nodes[i];
            if (cte is not null
                ? node.Type == "CTE Scan" && node.CteName == cte
                : marks.Count > 0 && node.Expressions.Any(e => marks.Exists(m => Mentions(e, m))))
                readers.Add(node);
        }
        return readers;
    }

    /// <summary>What expressions call the plan's results: <c>$0</c> up to 16 and <c>(InitPlan 1)</c> since 17.</summary>
    private static List<string> Marks(string subplanName)
    {
        var marks = Parameter().Matches(subplanName).Select(m => m.Value).ToList();
        if (InitPlanNumber().Match(subplanName) is { Success: true } number)
            marks.Add($"({number.Value})");
        return marks;
    }

    private static bool Mentions(string expression, string mark)
    {
        for (var at = expression.IndexOf(mark, StringComparison.Ordinal); at >= 0; at = expression.IndexOf(mark, at + 1, StringComparison.Ordinal))
        {
            var end = at + mark.Length;
            if (end == expression.Length || !char.IsAsciiDigit(expression[end]))
                return true;
        }
        return false;
    }

    [GeneratedRegex(@"\$\d+", RegexOptions.None, 1000)]
    private static partial Regex Parameter();

    [GeneratedRegex(@"InitPlan \d+", RegexOptions.None, 1000)]
    private static partial Regex InitPlanNumber();
}
