using System.Collections.Immutable;

namespace AgentHost.Knowledge.Memory;

/// <summary>What the decisions in force chose and rejected, as the memory said when it was asked.</summary>
public sealed class DecisionChoices
{
    private readonly ImmutableArray<(MemoryEntry Decision, ImmutableArray<Choice> Choices, ImmutableArray<ScopePattern> Scopes)> decisions;

    internal DecisionChoices(IEnumerable<MemoryEntry> inForce)
    {
        decisions =
        [
            .. inForce.Select(decision => (Decision: decision, Choices: ChoiceReader.Of(decision), Scopes: ScopePattern.ReadAll(decision)))
                .Where(decision => !decision.Choices.IsEmpty || !decision.Decision.Rejects.IsEmpty),
        ];
    }

    /// <summary>What was chosen for a subject: the decision with the narrowest scope that covers the relation, of these the latest; null where none did.</summary>
    /// <param name="subject">A subject, as <c>key-strategy</c>.</param>
    /// <param name="relation">The relation as <c>schema.table</c> or <c>table</c>; null asks for what holds everywhere.</param>
    public ChosenBy? For(string subject, string? relation) =>
        (from decision in decisions
         from choice in decision.Choices
         where choice.Subject == subject
         let narrowness = Narrowness(decision.Scopes, relation)
         where narrowness >= 0
         orderby narrowness descending, decision.Decision.When descending
         select new ChosenBy(choice, decision.Decision)).FirstOrDefault();

    /// <summary>What decisions do not want proposed again, in the order of the file.</summary>
    public ImmutableArray<(MemoryEntry Decision, string Text)> Rejections =>
        [.. decisions.SelectMany(decision => decision.Decision.Rejects.Select(text => (decision.Decision, text)))];

    // -1: not covered; 0: holds everywhere; 1: a family of tables; 2: the table itself.
    private static int Narrowness(ImmutableArray<ScopePattern> scopes, string? relation) =>
        scopes.IsEmpty ? 0 : scopes.Max(scope => scope.IsEverything ? 0 : relation is null || !scope.Covers(relation) ? -1 : scope.IsExact ? 2 : 1);
}

/// <summary>A choice and the decision that made it.</summary>
/// <param name="Choice">What was chosen.</param>
/// <param name="Decision">The decision.</param>
public sealed record ChosenBy(Choice Choice, MemoryEntry Decision);
