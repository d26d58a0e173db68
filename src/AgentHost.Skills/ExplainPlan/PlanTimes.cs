using System.Collections.Immutable;
using System.Text.RegularExpressions;

namespace AgentHost.Skills.ExplainPlan;

/// <summary>
/// Works out what each node took on the clock. EXPLAIN gives an average per loop over all processes, so a node below a Gather that ran
/// in three processes has three loops: its time on the clock is average × loops ÷ processes. An InitPlan or CTE is printed below the
/// node that owns it but runs inside the nodes that read it; it is taken off those, once. The nodes' own times add up to the top node's
/// time (and the CTEs that change rows unread, which run behind it).
/// </summary>
/// <remarks>
/// What is printed is rounded, and rounding counts as many times as a node ran: where inputs seem to have taken longer than the node that reads them, they are shortened to fit.
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
        if (Timed)
            Fit(nodes);
        _total.CopyTo(_self, 0);
        foreach (var node in nodes)
        {
            if (node.Parent > 0 && !node.IsInitPlan)
                _self[node.Parent - 1] -= _total[node.Number - 1];
        }
        TakeOff(nodes, [.. nodes.Where(n => n is { IsInitPlan: true, Parent: > 0 } && _total[n.Number - 1] > 0).Take(MaxInitPlans)]);
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
        // Launched is told of the last loop only.
        var launched = parent.WorkersLaunched + 1;
        var took = parent.Loops > 0 && node.Loops > 0 ? node.Loops.Value / parent.Loops.Value : launched;
        return above * Math.Clamp(took, 1, Math.Max(launched, parent.WorkersPlanned + 1));
    }

    // A node's children stand behind it, so its own total is final when they are shortened.
    private void Fit(ImmutableArray<PlanNode> nodes)
    {
        foreach (var node in nodes)
        {
            var inputs = node.Children.Where(c => !c.IsInitPlan).Sum(c => _total[c.Number - 1]);
            var whole = _total[node.Number - 1];
            if (inputs <= whole || inputs <= 0)
                continue;
            foreach (var child in node.Children.Where(c => !c.IsInitPlan))
                _total[child.Number - 1] *= whole / inputs;
        }
    }

    /// <summary>
    /// Takes what the plans ran off the nodes that ran them: first off those that show it, so that what is left for guesses is nobody
    /// else's. Without VERBOSE a node's output is not printed, and whom it reads there is not known.
    /// </summary>
    private void TakeOff(ImmutableArray<PlanNode> nodes, ImmutableArray<PlanNode> plans)
    {
        var left = new double[plans.Length];
        for (var i = 0; i < plans.Length; i++)
        {
            var readers = ReadersOf(nodes, plans[i]);
            var spent = _total[plans[i].Number - 1];
            // A CTE that changes rows runs to its end whether it is read or not: unread, behind the top node's time.
            left[i] = readers.Count == 0 && plans[i].Type == "ModifyTable" ? 0 : spent - Take(readers, spent);
        }
        for (var i = 0; i < plans.Length; i++)
            left[i] -= Take([nodes[plans[i].Parent - 1]], left[i]);
        for (var i = 0; i < plans.Length; i++)
        {
            if (left[i] <= 0)
                continue;
            var (plan, end) = (plans[i], End(nodes, plans[i]));
            foreach (var node in Subtree(nodes, plan.Parent).Where(n => n.Number < plan.Number || n.Number >= end).OrderByDescending(n => _self[n.Number - 1]))
            {
                left[i] -= Take([node], left[i]);
                if (left[i] <= 0)
                    break;
            }
            if (left[i] > 0)
                Shorten(Subtree(nodes, plan.Number), left[i]);
        }
    }

    /// <summary>A plan that took longer than all that could have run it was rounded up, or they were rounded away.</summary>
    private void Shorten(IEnumerable<PlanNode> plan, double by)
    {
        var nodes = plan.ToList();
        var whole = nodes.Sum(n => Math.Max(0, _self[n.Number - 1]));
        var part = whole > by ? 1 - (by / whole) : 0;
        foreach (var node in nodes)
        {
            _self[node.Number - 1] = Math.Max(0, _self[node.Number - 1]) * part;
            _total[node.Number - 1] *= part;
        }
    }

    /// <summary>Takes the time off the nodes, each in proportion to its own, and tells how much they had.</summary>
    private double Take(IReadOnlyCollection<PlanNode> from, double time)
    {
        var available = from.Sum(r => Math.Max(0, _self[r.Number - 1]));
        if (available <= 0 || time <= 0)
            return 0;
        var taken = Math.Min(time, available);
        foreach (var node in from)
        {
            ref var self = ref _self[node.Number - 1];
            self -= taken * Math.Max(0, self) / available;
        }
        return taken;
    }

    private static IEnumerable<PlanNode> Subtree(ImmutableArray<PlanNode> nodes, int number)
    {
        for (var i = number - 1; i == number - 1 || (i < nodes.Length && nodes[i].Parent >= number); i++)
            yield return nodes[i];
    }

    /// <summary>The number behind the last node below the plan.</summary>
    private static int End(ImmutableArray<PlanNode> nodes, PlanNode plan) => plan.Number + Subtree(nodes, plan.Number).Count();

    /// <summary>
    /// Where the plan runs that a node reads: the leader runs it in the topmost Gather between, before it starts the workers.
    /// </summary>
    private static PlanNode RunsIn(ImmutableArray<PlanNode> nodes, PlanNode reader, int owner)
    {
        var runs = reader;
        for (var at = reader; at.Number != owner && at.Parent > 0;)
        {
            var parent = nodes[at.Parent - 1];
            if (parent.Type is "Gather" or "Gather Merge" && !at.IsInitPlan && !at.IsSubPlan)
                runs = parent;
            at = parent;
        }
        return runs;
    }

    private static HashSet<PlanNode> ReadersOf(ImmutableArray<PlanNode> nodes, PlanNode plan)
    {
        var name = plan.SubplanName ?? "";
        var cte = name.StartsWith("CTE ", StringComparison.Ordinal) ? name[4..] : null;
        var marks = cte is null ? Marks(name) : [];
        var readers = new HashSet<PlanNode>(ReferenceEqualityComparer.Instance);
        // Readers lie below the owner; the plan itself may be read by a later sibling, never by its own nodes.
        foreach (var node in Subtree(nodes, plan.Parent))
        {
            if (cte is not null
                ? node.Type == "CTE Scan" && node.CteName == cte
                : marks.Count > 0 && node.Expressions.Any(e => marks.Exists(m => Mentions(e, m))))
                readers.Add(cte is null ? RunsIn(nodes, node, plan.Parent) : node);
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
