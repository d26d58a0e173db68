using System.Diagnostics;
using System.Globalization;
using System.Text;
using AgentHost.Skills.ExplainPlan;

namespace AgentHost.Bench.Explain;

/// <summary>How long explaining takes, from the text to the drawn answer, and how many tokens the answer has.</summary>
internal static class Timing
{
    private const int Warm = 60;
    private const int Runs = 101;

    /// <summary>An aggregate over an Append of joins: 2 nodes and 3 for each join.</summary>
    private const int Joins = 166;

    /// <summary>Times a plan of 500 nodes in every format.</summary>
    public static async Task RunAsync()
    {
        (string Format, string Plan)[] plans = [("json", Json()), ("xml", Xml()), ("yaml", Yaml()), ("text", Text())];
        var all = plans.Select(_ => new List<double>()).ToList();
        var reading = plans.Select(_ => new List<double>()).ToList();
        // In turn, so that none has the others' warmth.
        for (var run = 0; run < Warm + Runs; run++)
        {
            for (var i = 0; i < plans.Length; i++)
            {
                var start = Stopwatch.GetTimestamp();
                _ = PlanReader.Read(plans[i].Plan);
                reading[i].Add(Stopwatch.GetElapsedTime(start).TotalMilliseconds);
                start = Stopwatch.GetTimestamp();
                var result = await ExplainPlanEngine.RunAsync(new ExplainRequest { PlanText = plans[i].Plan });
                if (ExplainText.Render(result).Length == 0 || result.Plan.Nodes.Length != 2 + (3 * Joins))
                    throw new InvalidOperationException($"The plan in {plans[i].Format} was not read.");
                all[i].Add(Stopwatch.GetElapsedTime(start).TotalMilliseconds);
            }
        }
        for (var i = 0; i < plans.Length; i++)
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{plans[i].Format}: 500 nodes, {plans[i].Plan.Length / 1024} KiB: {At(all[i], 0.5):0.0} ms in the median ({At(reading[i], 0.5):0.0} of them reading), {At(all[i], 0.95):0.0} ms at the 95th percentile, {At(all[i], 0):0.0} at best"));
    }

    private static double At(List<double> times, double part)
    {
        var sorted = times.Skip(Warm).Order().ToList();
        return sorted[(int)((sorted.Count - 1) * part)];
    }

    /// <summary>The tokens of the default answers, at four characters each as everywhere in this project.</summary>
    public static void Tokens(IEnumerable<Judgement> judged)
    {
        const int CharactersPerToken = 4;
        var told = judged.Select(j => (j.Plan.Name, Nodes: j.Result.Plan.Nodes.Length, Problems: j.Result.Problems.Length, Tokens: ExplainText.Render(j.Result).Length / CharactersPerToken)).ToList();
        foreach (var group in told.GroupBy(t => t.Problems).OrderBy(g => g.Key))
        {
            var most = group.MaxBy(t => t.Tokens);
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{group.Key} problems: {group.Count()} answers, {group.Average(t => t.Tokens):0} tokens in the mean, {most.Tokens} at most ({most.Name}, {most.Nodes} nodes)"));
        }
        if (told.Where(t => t.Problems == 2).OrderBy(t => Math.Abs(t.Nodes - 30)).FirstOrDefault() is { Tokens: > 0 } near)
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"nearest to 30 nodes with two problems: {near.Name}, {near.Nodes} nodes, {near.Tokens} tokens"));
    }

    private sealed record Node(string Type, string Relationship, (string Name, string Value, bool Quoted)[] Properties);

    private static readonly (string, string, bool)[] Buffers =
    [
        ("Shared Hit Blocks", "12", false), ("Shared Read Blocks", "3", false), ("Shared Dirtied Blocks", "0", false), ("Shared Written Blocks", "0", false), ("Temp Read Blocks", "0", false), ("Temp Written Blocks", "0", false),
    ];

    private static Node Made(string type, string relationship, string name, double ms, params (string, string, bool)[] more) => new(type, relationship,
    [
        ("Relation Name", name, true), ("Alias", name, true), ("Startup Cost", "0.29", false), ("Total Cost", "150.50", false), ("Plan Rows", "100", false), ("Plan Width", "48", false),
        ("Actual Startup Time", "0.010", false), ("Actual Total Time", ms.ToString("0.000", CultureInfo.InvariantCulture), false), ("Actual Rows", "90", false), ("Actual Loops", "1", false), .. more, .. Buffers,
    ]);

    private static IEnumerable<(Node Join, Node Outer, Node Inner)> Branches()
    {
        for (var i = 0; i < Joins; i++)
        {
            yield return (
                Made("Hash Join", "Member", "", 2.5, ("Join Type", "Inner", true), ("Hash Cond", $"(o{i}.customer_id = c{i}.id)", true)),
                Made("Seq Scan", "Outer", $"o{i}", 1.2, ("Filter", $"((o{i}.status = 'open'::text) AND (o{i}.total > '100'::numeric))", true), ("Rows Removed by Filter", "20", false)),
                Made("Index Scan", "Inner", $"c{i}", 0.9, ("Index Name", $"c{i}_pkey", true), ("Index Cond", "(id > 5)", true)));
        }
    }

    private static IEnumerable<(string Name, string Value, bool Quoted)> All(Node node) =>
        node.Properties.Where(p => p.Value.Length > 0).Prepend(("Parent Relationship", node.Relationship, true)).Prepend(("Node Type", node.Type, true));

    private static string Json()
    {
        static string Properties(Node node) => string.Join(",\n", All(node).Select(p => $"    \"{p.Name}\": {(p.Quoted ? $"\"{p.Value}\"" : p.Value)}"));
        var branches = string.Join(",\n", Branches().Select(b => $"{{\n{Properties(b.Join)},\n\"Plans\": [\n{{\n{Properties(b.Outer)}\n}},\n{{\n{Properties(b.Inner)}\n}}\n]\n}}"));
        return $"[\n{{\n\"Plan\": {{\n{Properties(Made("Aggregate", "", "", 450, ("Strategy", "Plain", true), ("Partial Mode", "Simple", true)))},\n\"Plans\": [\n{{\n{Properties(Made("Append", "Outer", "", 430))},\n\"Plans\": [\n{branches}\n]\n}}\n]\n}},\n\"Execution Time\": 451.000\n}}\n]";
    }

    private static string Xml()
    {
        static string Properties(Node node) => string.Concat(All(node).Select(p => $"<{p.Name.Replace(' ', '-')}>{p.Value.Replace(">", "&gt;", StringComparison.Ordinal)}</{p.Name.Replace(' ', '-')}>\n"));
        var branches = string.Concat(Branches().Select(b => $"<Plan>\n{Properties(b.Join)}<Plans>\n<Plan>\n{Properties(b.Outer)}</Plan>\n<Plan>\n{Properties(b.Inner)}</Plan>\n</Plans>\n</Plan>\n"));
        return $"<explain xmlns=\"http://www.postgresql.org/2009/explain\">\n<Query>\n<Plan>\n{Properties(Made("Aggregate", "", "", 450, ("Strategy", "Plain", true), ("Partial Mode", "Simple", true)))}<Plans>\n<Plan>\n{Properties(Made("Append", "Outer", "", 430))}<Plans>\n{branches}</Plans>\n</Plan>\n</Plans>\n</Plan>\n<Execution-Time>451.000</Execution-Time>\n</Query>\n</explain>";
    }

    private static string Yaml()
    {
        static string Properties(Node node, int indent) => string.Join('\n', All(node).Select((p, i) => $"{new string(' ', indent - (i == 0 ? 2 : 0))}{(i == 0 ? "- " : "")}{p.Name}: {(p.Quoted ? $"\"{p.Value}\"" : p.Value)}")) + "\n";
        var plan = new StringBuilder("- Plan: \n").Append(Properties(Made("Aggregate", "", "", 450, ("Strategy", "Plain", true), ("Partial Mode", "Simple", true)), 4).Replace("  - ", "    ", StringComparison.Ordinal))
            .Append("    Plans: \n").Append(Properties(Made("Append", "Outer", "", 430), 8)).Append("        Plans: \n");
        foreach (var (join, outer, inner) in Branches())
            plan.Append(Properties(join, 12)).Append("            Plans: \n").Append(Properties(outer, 16)).Append(Properties(inner, 16));
        return plan.Append("  Execution Time: 451.000").ToString();
    }

    private static string Text()
    {
        static string Value(Node node, string name) => node.Properties.FirstOrDefault(p => p.Name == name).Value ?? "";
        static string Figures(Node node) =>
            $"  (cost={Value(node, "Startup Cost")}..{Value(node, "Total Cost")} rows={Value(node, "Plan Rows")} width={Value(node, "Plan Width")}) (actual time={Value(node, "Actual Startup Time")}..{Value(node, "Actual Total Time")} rows={Value(node, "Actual Rows")} loops={Value(node, "Actual Loops")})\n";
        static string Line(int indent, string line) => new string(' ', indent) + line;
        var plan = new StringBuilder("Aggregate").Append(Figures(Made("Aggregate", "", "", 450))).Append("  Buffers: shared hit=12 read=3\n").Append("  ->  Append").Append(Figures(Made("Append", "Outer", "", 430))).Append("        Buffers: shared hit=12 read=3\n");
        foreach (var (join, outer, inner) in Branches())
        {
            plan.Append(Line(8, "->  Hash Join")).Append(Figures(join)).Append(Line(14, $"Hash Cond: {Value(join, "Hash Cond")}\n")).Append(Line(14, "Buffers: shared hit=12 read=3\n"))
                .Append(Line(14, $"->  Seq Scan on {Value(outer, "Alias")}")).Append(Figures(outer)).Append(Line(20, $"Filter: {Value(outer, "Filter")}\n")).Append(Line(20, "Rows Removed by Filter: 20\n")).Append(Line(20, "Buffers: shared hit=12 read=3\n"))
                .Append(Line(14, $"->  Index Scan using {Value(inner, "Index Name")} on {Value(inner, "Alias")}")).Append(Figures(inner)).Append(Line(20, "Index Cond: (id > 5)\n")).Append(Line(20, "Buffers: shared hit=12 read=3\n"));
        }
        return plan.Append("Execution Time: 451.000 ms\n").ToString();
    }
}
