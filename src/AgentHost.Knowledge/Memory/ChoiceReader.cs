using System.Collections.Immutable;

namespace AgentHost.Knowledge.Memory;

/// <summary>Finds what a decision chose: its <c>chooses</c> field, else what its title says in plain words.</summary>
internal static class ChoiceReader
{
    // A title that denies or compares cannot be read word by word: it counts as silent, and the field tells.
    private static readonly string[] Denials = ["not", "never", "no", "avoid", "stop", "instead", "without", "drop", "against", "dont", "don't", "unless", "except", "maybe", "evaluate", "reject", "rejected", "replace", "from", "than"];

    public static ImmutableArray<Choice> Of(MemoryEntry decision) =>
        decision.Chooses.IsEmpty ? OfTitle(decision.Title) : [.. decision.Chooses.Select(Choice.Read).OfType<Choice>()];

    /// <summary>The choices that a title tells; empty where it tells none for sure.</summary>
    public static ImmutableArray<Choice> OfTitle(string title)
    {
        var words = Split(title);
        var choices = ImmutableArray.CreateBuilder<Choice>();
        foreach (var subject in MemorySubjects.Table)
        {
            var told = subject.Values.Where(value => value.Phrases.Any(phrase => Tells(words, phrase))).ToList();
            // "No soft delete" tells both values of its subject, and the one with the longer phrase is meant: values are listed in that order.
            if (told is [var value, ..] && (told.Count == 1 || subject.Name == "soft-delete")) choices.Add(new Choice(subject.Name, value.Value));
        }
        return choices.ToImmutable();
    }

    private static bool Tells(HashSet<string> words, string phrase)
    {
        var wanted = Split(phrase);
        return wanted.IsSubsetOf(words) && !Denials.Any(denial => words.Contains(denial) && !wanted.Contains(denial));
    }

    private static HashSet<string> Split(string text) =>
        [.. text.ToLowerInvariant().Split([' ', ',', '.', ':', ';', '(', ')', '"', '\'', '`', '/', '-'], StringSplitOptions.RemoveEmptyEntries).Select(Stem)];

    private static string Stem(string word) => word.Length > 3 && word.EndsWith('s') && !word.EndsWith("ss", StringComparison.Ordinal) ? word[..^1] : word;
}
