using System.Globalization;
using System.Text.Json.Nodes;

namespace AgentHost.Skills.Tests.ExplainPlan;

/// <summary>
/// A plan made from the time that each node takes by itself, on the clock of one process; <see cref="Json"/> prints what EXPLAIN would:
/// averages per loop over all processes, with InitPlans and CTEs below their owner but within the time of whoever runs them.
/// </summary>
internal sealed class MadePlan
{
    private readonly Random random;
    private readonly List<Node> nodes = [];
    private readonly List<Node> uncertain = [];
    private readonly bool newNames;
    private int names;

    public MadePlan(int seed)
    {
        random = new Random(seed);
        newNames = random.Next(2) == 0;
        Root = Build(depth: random.Next(2, 6), processes: 1, loops: 1, executed: true, relationship: null);
        foreach (var owner in nodes.ToList())
        {
            if (owner.Executed && random.Next(4) == 0)
                Plan(owner);
        }
        foreach (var node in uncertain.SelectMany(o => o.All()))
            node.Uncertain = true;
    }

    public Node Root { get; }

    /// <summary>All nodes in EXPLAIN's order.</summary>
    public IEnumerable<Node> Nodes => Root.All();

    /// <summary>What the root and the CTEs that changed rows unread took.</summary>
    public double Whole => Root.Total + Nodes.Where(n => n.Unread).Sum(n => n.Total);

    public string Json() => new JsonObject { ["Plan"] = Root.Print() }.ToJsonString();

    internal sealed class Node
    {
        public required string Type { get; init; }
        public string? Relationship { get; init; }
        public string? Name { get; init; }
        public double Self { get; set; }
        public required double Loops { get; init; }
        public required int Processes { get; init; }
        public int Workers { get; init; }
        public bool Executed => Loops > 0;
        public bool Unread { get; set; }

        /// <summary>Whether the plan's text leaves open how much it ran of what it reads.</summary>
        public bool Uncertain { get; set; }
        public string? Filter { get; set; }
        public string? Cte { get; set; }
        public double Within { get; set; }
        public List<Node> Plans { get; } = [];
        public List<Node> Children { get; } = [];
        public Node? Parent { get; set; }

        public double Total => Self + Within + Children.Sum(c => c.Total);

        public IEnumerable<Node> All() => Plans.Concat(Children).SelectMany(c => c.All()).Prepend(this);

        public IEnumerable<Node> Ordinary() => Children.SelectMany(c => c.Ordinary()).Prepend(this);

        public JsonObject Print()
        {
            var json = new JsonObject
            {
                ["Node Type"] = Cte is null ? Type : "CTE Scan",
                ["Actual Loops"] = Loops * Processes,
                ["Actual Rows"] = 1,
                ["Actual Startup Time"] = 0,
                ["Actual Total Time"] = Executed ? Total / Loops : 0,
                ["Plan Rows"] = 1,
            };
            Put(json, "Parent Relationship", Relationship);
            Put(json, "Subplan Name", Name);
            Put(json, "Filter", Filter);
            Put(json, "CTE Name", Cte);
            if (Workers > 0)
            {
                json["Workers Planned"] = Workers;
                json["Workers Launched"] = Workers;
            }
            if (Plans.Count + Children.Count > 0)
                json[nameof(Plans)] = new JsonArray([.. Plans.Concat(Children).Select(c => (JsonNode)c.Print())]);
            return json;
        }

        private static void Put(JsonObject json, string name, string? value)
        {
            if (value is not null)
                json[name] = value;
        }
    }

    private Node Build(int depth, int processes, double loops, bool executed, string? relationship, string? name = null, string? type = null)
    {
        var gathers = type is null && processes == 1 && executed && random.Next(6) == 0 && depth > 1;
        type ??= gathers ? random.Next(2) == 0 ? "Gather" : "Gather Merge" : depth == 0 ? "Seq Scan" : (string[])["Nested Loop", "Append", "Sort", "Aggregate", "Hash Join", "Limit"] is var types ? types[random.Next(types.Length)] : "";
        var node = new Node
        {
            Type = type,
            Relationship = relationship,
            Name = name,
            Self = executed ? random.Next(0, 4) == 0 ? 0 : random.Next(1, 100_000) / 1000.0 : 0,
            Loops = executed ? loops : 0,
            Processes = processes,
            Workers = gathers ? random.Next(1, 5) : 0,
        };
        nodes.Add(node);
        var inputs = depth == 0 ? 0 : type switch { "Gather" or "Gather Merge" or "Sort" or "Aggregate" or "Limit" => 1, "Append" => random.Next(1, 5), _ => 2 };
        for (var i = 0; i < inputs; i++)
        {
            var runs = executed && random.Next(8) != 0;
            var below = gathers ? node.Workers + random.Next(2) : processes;
            var inner = i == 1 && type == "Nested Loop" ? random.Next(1, 1000) : 1;
            Adopt(node.Children, node, Build(depth - 1, Math.Max(1, below), loops * inner, runs, type == "Append" ? "Member" : i == 0 ? "Outer" : "Inner"));
        }
        if (executed && !gathers && depth > 0 && random.Next(6) == 0)
            Adopt(node.Children, node, Build(depth - 1, processes, loops * random.Next(1, 200), executed: true, "SubPlan", $"SubPlan {++names}"));
        return node;
    }

    private static void Adopt(List<Node> list, Node parent, Node child)
    {
        child.Parent = parent;
        list.Add(child);
    }

    /// <summary>Puts an InitPlan or a CTE below the owner and lets somebody read it.</summary>
    private void Plan(Node owner)
    {
        var number = ++names;
        var leaves = owner.Ordinary().Where(n => n.Executed && n.Processes == 1 && n.Children.Count == 0 && n.Plans.Count == 0 && n.Cte is null && n.Filter is null && n != owner).ToList();
        if (owner.Processes == 1 && leaves.Count > 0 && random.Next(2) == 0)
        {
            var name = $"cte{number}";
            var unread = random.Next(5) == 0;
            var cte = Build(random.Next(0, 3), 1, 1, executed: true, "InitPlan", $"CTE {name}", unread ? "ModifyTable" : null);
            Adopt(owner.Plans, owner, cte);
            cte.Unread = unread;
            if (unread)
                return;
            var readers = leaves.OrderBy(_ => random.Next()).Take(random.Next(1, 3)).ToList();
            for (var i = 0; i < readers.Count; i++)
            {
                readers[i].Cte = name;
                readers[i].Uncertain = readers.Count > 1;
                readers[i].Within += cte.Total / readers.Count;
            }
            return;
        }
        var plan = Build(random.Next(0, 3), owner.Processes, owner.Loops, executed: true, "InitPlan", newNames ? $"InitPlan {number}" : $"InitPlan {number} (returns ${number})");
        Adopt(owner.Plans, owner, plan);
        var candidates = owner.Ordinary().Where(n => n.Executed && n.Cte is null).ToList();
        if (candidates.Count == 0)
        {
            owner.Plans.Remove(plan);
            return;
        }
        var reader = candidates[random.Next(candidates.Count)];
        var runsIn = reader;
        for (var at = reader; at != owner; at = at.Parent!)
        {
            if (at.Parent!.Type is "Gather" or "Gather Merge" && at.Relationship != "SubPlan")
                runsIn = at.Parent;
        }
        runsIn.Within += plan.Total;
        // Without VERBOSE what a node gives is not printed, and so is not what it reads for that.
        if (random.Next(4) != 0 || runsIn.Self < plan.Total)
            reader.Filter = (reader.Filter is null ? "" : reader.Filter + " AND ") + (newNames ? $"(a > (InitPlan {number}).col1)" : string.Create(CultureInfo.InvariantCulture, $"(a > ${number})"));
        else
            uncertain.Add(owner);
    }
}
