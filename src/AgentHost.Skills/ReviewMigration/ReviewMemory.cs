using System.Collections.Immutable;
using AgentHost.Knowledge.Memory;

namespace AgentHost.Skills.ReviewMigration;

/// <summary>What the team has decided: waivers of rules and precedents that bear on the tables at hand.</summary>
internal static class ReviewMemory
{
    /// <summary>Files whose text counts; the precedents of a hundred migrations at once are those of none.</summary>
    private const int MostFiles = 20;

    /// <summary>The finding, marked where a decision in force waives it.</summary>
    public static Finding Waive(Waivers? waivers, Finding finding) =>
        waivers?.For(finding.Rule, finding.Relation?.ToString()) is { } decision && !IsFact(finding.Rule)
            ? finding with { WaivedBy = decision.Id, Waiver = new(decision.Id, decision.Title, decision.By, decision.When) { Until = decision.Until } }
            : finding;

    /// <summary>The files, the first with a note on each decision in force whose waiver can never work: of an unknown rule, or of a fact.</summary>
    public static ImmutableArray<ReviewedFile> NoteIdleWaivers(MemoryJournal? memory, ImmutableArray<ReviewedFile> files)
    {
        if (memory is null || files.IsEmpty)
            return files;
        var idle = memory.Entries.Where(entry => entry.Kind == MemoryKind.Decision && !entry.Waives.IsEmpty && memory.IsInForce(entry))
            .SelectMany(entry => entry.Waives.Select(rule => Idle(entry.Id, rule))).OfType<string>().ToList();
        return idle.Count == 0 ? files : files.SetItem(0, files[0] with { Notes = [.. files[0].Notes ?? [], .. idle] });
    }

    private static string? Idle(string decision, string rule)
    {
        if (IsFact(rule))
            return $"{decision} waives {rule}, but that states what PostgreSQL does: no decision changes it, and it counts.";
        return RuleCatalog.All.Any(known => known.Id.Equals(rule, StringComparison.OrdinalIgnoreCase))
            ? null
            : $"{decision} waives {rule}, which is no rule, so it waives nothing. Is the name mistyped?";
    }

    /// <summary>Whether a rule states what PostgreSQL does, such as refusing the statement.</summary>
    public static bool IsFact(string rule) =>
        rule.Equals("invalid-sql", StringComparison.OrdinalIgnoreCase)
        || RuleCatalog.All.Any(known => known.IsFact && known.Id.Equals(rule, StringComparison.OrdinalIgnoreCase));

    /// <summary>The review with what the memory has to do with it: with the tables of the migrations, found something wrong or not.</summary>
    public static ReviewResult Recall(ReviewRequest request, ReviewResult result)
    {
        if (request.Memory is not { } memory)
            return result;
        var text = string.Join('\n', request.Files.Take(MostFiles).Select(file => file.Text));
        var findings = result.Files.SelectMany(file => file.Findings).ToList();
        var relations = findings.Select(finding => finding.Relation?.ToString()).OfType<string>().Concat(MentionedRelations.In(text));
        return result.Recalling(memory, relations, findings.Select(finding => finding.Rule), text).Proposing(memory, ReviewProposals.Of(result));
    }
}
