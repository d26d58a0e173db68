using System.Globalization;
using AgentHost.Bench.Explain;
using AgentHost.Skills.ExplainPlan;

if (args.Contains("--time"))
{
    await Timing.RunAsync();
    return 0;
}

var names = args.Where(a => !a.StartsWith("--", StringComparison.Ordinal)).ToHashSet(StringComparer.Ordinal);
var plans = LabelledPlan.Load(Path.Combine(AppContext.BaseDirectory, "plans"));
var judged = new List<Judgement>();
foreach (var plan in plans.Where(p => names.Count == 0 || names.Contains(p.Name)))
    judged.Add(await plan.JudgeAsync());

foreach (var judgement in judged)
{
    if (!judgement.Right)
        Console.WriteLine($"{judgement.Plan.Name}: {string.Join(", ", [.. judgement.Missed.Select(m => "missed " + m), .. judgement.False.Select(f => "false " + f)])}  ({judgement.Plan.Why})");
    if (names.Count > 0 || (args.Contains("--answers") && !judgement.Right))
        Console.WriteLine(ExplainText.Render(judgement.Result));
}

var ill = judged.Where(j => !j.Plan.Healthy).ToList();
var healthy = judged.Where(j => j.Plan.Healthy).ToList();
var hits = judged.Sum(j => j.Hits);
Console.WriteLine();
Console.WriteLine($"{judged.Count} plans, {healthy.Count} of them healthy; {ill.SelectMany(j => j.Plan.Expect).Distinct(StringComparer.Ordinal).Count()} kinds of problems");
Console.WriteLine(Share("recall", hits, judged.Sum(j => j.Plan.Expect.Length)));
Console.WriteLine(Share("precision", hits, hits + judged.Sum(j => j.False.Length)));
Console.WriteLine(Share("healthy left alone", healthy.Count(j => j.Right), healthy.Count));
Timing.Tokens(judged);
Console.WriteLine($"named again at another node: {judged.Sum(j => j.Repeated)}");
return judged.TrueForAll(j => j.Right) ? 0 : 1;

static string Share(string what, int part, int whole) =>
    string.Create(CultureInfo.InvariantCulture, $"{what}: {(whole == 0 ? 1 : part / (double)whole):0.000} ({part} of {whole})");
