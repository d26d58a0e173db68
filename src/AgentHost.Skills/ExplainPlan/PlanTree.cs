using System.Globalization;
using System.Text;

namespace AgentHost.Skills.ExplainPlan;

/// <summary>
/// Draws a plan as a tree with a column of figures: the share of time as a bar, the node's own time, its rows, how far the estimate
/// was off. Branches that took next to nothing are folded into one line, steps between two others (⋯) into none.
/// </summary>
internal sealed class PlanTree
{
    /// <summary>A branch below a fiftieth of the time is folded in plans larger than <see cref="FoldFrom"/> nodes.</summary>
    private const double FoldShare = 0.02;
    private const int FoldFrom = 12;

    /// <summary>Lines beyond which even costly branches are folded: an answer must fit a context window.</summary>
    private const int MostLines = 40;

    /// <summary>Deeper nodes are drawn at this depth, with a mark: a column of bars is of no use to anyone.</summary>
    private const int DeepestIndent = 16;

    private const int BarCells = 8;

    private readonly QueryPlan plan;
    private readonly HashSet<int> marked;
    private readonly int columns;
    private readonly List<(string Label, string Figures)> drawn = [];
    private int lines;

    private PlanTree(ExplainResult result, int columns)
    {
        this.columns = columns;
        plan = result.Plan;
        marked = [];
        foreach (var problem in result.Problems)
        {
            marked.Add(problem.NodeNumber);
            marked.UnionWith(plan.AncestorsOf(plan[problem.NodeNumber]).Select(a => a.Number));
        }
        problems = result.Problems.Select(p => p.NodeNumber).ToHashSet();
    }

    private readonly HashSet<int> problems;

    public static void Draw(StringBuilder text, ExplainResult result, int columns)
    {
        var tree = new PlanTree(result, columns);
        tree.Line("", Heading(tree.plan), tree.plan.Timed ? "self" : tree.plan.Estimated ? "cost" : "", "rows", tree.plan.Estimated ? "expected" : "", bar: null);
        tree.Node(tree.plan.Root, "", "");
        // No wider than its widest line: blanks are tokens, too.
        var width = tree.drawn.Where(l => l.Figures.Length > 0).Max(l => l.Label.Length);
        foreach (var (label, figures) in tree.drawn)
            text.Append(figures.Length == 0 ? label : (label.PadRight(width + 1) + figures).TrimEnd()).Append('\n');
    }

    private static string Heading(QueryPlan plan) => !plan.Analyzed ? "plan (never run)"
        : plan.Timed ? "plan (▌ share of time by the node itself)"
        : plan.Estimated ? "plan (▌ share of the estimated cost)"
        : "plan (▌ share of the rows handled)";

    private void Node(PlanNode node, string stem, string branch)
    {
        lines++;
        var passed = false;
        for (; Passes(node) is { } only; node = only)
            passed = true;
        var name = node.SubplanName is { } plan ? $"{PlanNames.Shorten(plan, 40)}: {node.Title}" : node.Title;
        Line(stem + branch, $"{(passed ? "⋯ " : "")}{(problems.Contains(node.Number) ? "▶" : "")}#{node.Number} {name}", Time(node), Rows(node), Estimate(node), Share(node));
        var below = branch switch { "" => stem, "└ " => stem + "  ", _ => stem + "│ " };
        if (below.Length > 2 * DeepestIndent)
            below = below[..(2 * DeepestIndent - 2)] + "⋮ ";
        var shown = node.Children.Where(c => !Folds(c)).ToList();
        var folded = node.Children.Where(Folds).ToList();
        for (var i = 0; i < shown.Count; i++)
        {
            if (lines >= MostLines && !marked.Contains(shown[i].Number))
                folded.Add(shown[i]);
            else
                Node(shown[i], below, i == shown.Count - 1 && folded.Count == 0 ? "└ " : "├ ");
        }
        if (folded.Count > 0)
            Fold(folded, below);
    }

    private void Fold(List<PlanNode> folded, string stem)
    {
        var nodes = folded.Sum(f => plan.Subtree(f).Count());
        var time = folded.Sum(plan.Times.Total);
        drawn.Add(($"{stem}└ … {nodes} {(nodes == 1 ? "node" : "nodes")}{(plan.Timed ? $", {Figures.Ms(time)}" : "")}", ""));
        lines++;
    }

    /// <summary>In large plans a step that takes next to nothing between one above and one below: its only child that is shown; null for all others.</summary>
    private PlanNode? Passes(PlanNode node) =>
        plan.Nodes.Length > FoldFrom && plan.Analyzed && node.Number > 1 && !problems.Contains(node.Number) && plan.SelfShare(node) < FoldShare && node.Children.Where(c => !Folds(c)).Take(2).ToList() is [var only] ? only : null;

    private bool Folds(PlanNode node) =>
        plan.Nodes.Length > FoldFrom && plan.Analyzed && !marked.Contains(node.Number) && plan.TotalShare(node) < FoldShare;

    private void Line(string stem, string name, string time, string rows, string estimate, double? bar)
    {
        const int Figure = 10, Expected = 15;
        var figures = $"{(plan.Analyzed ? Bar(bar) : "")}{time,Figure}{rows,Figure}{(plan.Analyzed ? estimate.PadLeft(IsWide ? Expected : Figure) : "")}";
        var room = Math.Max(20, columns - figures.Length - 1);
        drawn.Add((PlanNames.Shorten(stem + name, room), figures));
    }

    private static string Bar(double? share)
    {
        if (share is not { } part)
            return new string(' ', BarCells);
        var halves = (int)Math.Round(part * BarCells * 2);
        return (new string('█', halves / 2) + (halves % 2 == 1 ? "▌" : "")).PadRight(BarCells);
    }

    private double? Share(PlanNode node) => plan.Analyzed ? plan.SelfShare(node) : null;

    private string Time(PlanNode node) => !plan.Timed ? plan.Estimated ? Short(node.TotalCost) : ""
        : node.Executed ? Figures.Ms(plan.Times.Self(node))
        : "never";

    private static string Rows(PlanNode node) => node.Loops is null ? node.PlanRows is { } planned ? Short(planned) : "" : node.Executed ? Short(node.TotalRows) : "–";

    // A narrow terminal has room for the factor alone.
    private bool IsWide => columns >= 90;

    /// <summary>The rows that were expected, and from twice on the factor by which others came: ↑ more, ↓ fewer.</summary>
    private string Estimate(PlanNode node)
    {
        const double Told = 2;
        if (!node.Executed || node.ActualRows is not { } actual || node.PlanRows is not { } planned || node.Type is "BitmapAnd" or "BitmapOr" or "ModifyTable")
            return "";
        var expected = Short(planned * node.Loops!.Value);
        var ratio = Math.Max(1, actual) / Math.Max(1, planned);
        if (!IsWide)
            return ratio >= Told ? $"↑{Short(ratio)}×" : ratio <= 1 / Told ? $"↓{Short(1 / ratio)}×" : "=";
        return ratio >= Told ? $"{expected} ↑{Short(ratio)}×" : ratio <= 1 / Told ? $"{expected} ↓{Short(1 / ratio)}×" : expected;
    }

    private static string Short(double value) => value switch
    {
        >= 1e9 => (value / 1e9).ToString("0.0", CultureInfo.InvariantCulture) + "G",
        >= 1e6 => (value / 1e6).ToString("0.0", CultureInfo.InvariantCulture) + "M",
        >= 1e5 => (value / 1e3).ToString("0", CultureInfo.InvariantCulture) + "k",
        _ => Math.Round(value).ToString("N0", CultureInfo.InvariantCulture),
    };
}
