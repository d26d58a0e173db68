using AgentHost.Knowledge.Memory;
using AgentHost.Skills.DesignSchema.Physical;

namespace AgentHost.Skills.DesignSchema.Following;

/// <summary>Which tables follow which decisions, and which depart from them, gathered and told once a decision.</summary>
internal sealed class FollowedDecisions(int tables)
{
    private const int NamedTables = 5;

    private readonly List<(ChosenBy By, string? Table)> followed = [];
    private readonly List<(ChosenBy By, string? Table, string Instead, string Value)> departed = [];
    private readonly List<(ChosenBy By, string? Table, string Why)> impossible = [];

    public void Follow(ChosenBy by, string? table) => followed.Add((by, table));

    /// <param name="by">The decision.</param>
    /// <param name="table">The table; null for the whole design.</param>
    /// <param name="instead">What the model says, in words.</param>
    /// <param name="value">The same as a value of the subject.</param>
    public void Depart(ChosenBy by, string? table, string instead, string value) => departed.Add((by, table, instead, value));

    public void CannotFollow(ChosenBy by, string? table, string why) => impossible.Add((by, table, why));

    public void Tell(DecisionLog log)
    {
        foreach (var group in followed.GroupBy(f => (f.By.Decision.Id, f.By.Choice)))
        {
            var (by, subject) = (group.First().By, Subject.All[(group.Key.Choice.Subject, group.Key.Choice.Value)]);
            log.Follow($"{subject.Words}{Where(group.Select(f => f.Table))}", $"followed {by.Decision.Id} “{by.Decision.Title}”", subject.Document, subject.Section, by.Decision.Id);
        }
        foreach (var group in departed.GroupBy(d => (d.By.Decision.Id, d.By.Choice, d.Instead, d.Value)))
        {
            var (decision, of) = (group.First().By.Decision, group.Select(d => d.Table).OfType<string>().ToList());
            var way = of.Count > 0 && of.Count < tables ? $"scope [{string.Join(", ", of.Take(NamedTables).Select(t => $"public.{t}"))}], an exception" : $"supersedes [{decision.Id}]";
            log.Warn($"{group.Key.Instead}{Where(group.Select(d => d.Table))}: the model departs from {decision.Id} “{decision.Title}”. Leave it out of the model to follow; "
                + $"if it is meant, remember a decision with chooses [{group.Key.Choice.Subject} = {group.Key.Value}] and {way}");
        }
        foreach (var group in impossible.GroupBy(i => (i.By.Decision.Id, i.By.Choice, i.Why)))
            log.Warn($"{group.First().By.Decision.Id} “{group.First().By.Decision.Title}” ({group.Key.Choice}) is not followed{Where(group.Select(i => i.Table))}: {group.Key.Why}");
    }

    private string Where(IEnumerable<string?> of)
    {
        var named = of.OfType<string>().Distinct(StringComparer.Ordinal).ToList();
        return named.Count == 0 || named.Count == tables ? "" : $" ({string.Join(", ", named.Take(NamedTables))}{(named.Count > NamedTables ? $" and {named.Count - NamedTables} more" : "")})";
    }
}
