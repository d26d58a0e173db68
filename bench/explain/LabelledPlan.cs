using System.Collections.Immutable;
using AgentHost.Skills.ExplainPlan;
using YamlDotNet.Serialization;
using YamlDotNet.Serialization.NamingConventions;

namespace AgentHost.Bench.Explain;

/// <summary>A plan captured from a real server, with what an experienced administrator would say of it.</summary>
/// <param name="Name">The file's name.</param>
/// <param name="Text">The plan as the server printed it.</param>
/// <param name="Expect">Ids of its causes; none for a healthy plan.</param>
/// <param name="Or">Ids that name the same cause as well: each may stand in the place of one expected.</param>
/// <param name="Why">What it is about, in a line.</param>
public sealed record LabelledPlan(string Name, string Text, ImmutableArray<string> Expect, ImmutableArray<string> Or, string Why)
{
    private sealed class Label
    {
        public List<string> Expect { get; set; } = [];

        public List<string> Or { get; set; } = [];

        public string Why { get; set; } = "";
    }

    public bool Healthy => Expect.IsEmpty;

    /// <summary>The plans of a folder, in the order of its <c>labels.yaml</c>.</summary>
    public static ImmutableArray<LabelledPlan> Load(string folder)
    {
        var labels = new DeserializerBuilder().WithNamingConvention(CamelCaseNamingConvention.Instance).Build()
            .Deserialize<Dictionary<string, Label>>(File.ReadAllText(Path.Combine(folder, "labels.yaml")));
        return [.. labels.Select(l => new LabelledPlan(l.Key, File.ReadAllText(Path.Combine(folder, l.Key)), [.. l.Value.Expect], [.. l.Value.Or], l.Value.Why))];
    }

    /// <summary>Explains the plan and holds the answer against the label.</summary>
    public async Task<Judgement> JudgeAsync(CancellationToken ct = default)
    {
        var result = await ExplainPlanEngine.RunAsync(new ExplainRequest { PlanText = Text }, ct);
        var found = result.Problems.Select(p => p.Id).Distinct(StringComparer.Ordinal).ToList();
        var open = Expect.Where(e => !found.Remove(e)).ToList();
        var missed = open.Where(_ => Or.FirstOrDefault(found.Contains) is not { } other || !found.Remove(other)).ToImmutableArray();
        return new Judgement(this, result, missed, [.. found]);
    }
}
