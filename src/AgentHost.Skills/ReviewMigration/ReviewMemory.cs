using System.Collections.Immutable;
using AgentHost.Knowledge.Memory;

namespace AgentHost.Skills.ReviewMigration;

/// <summary>What the team has decided: waivers of rules and precedents that bear on the tables at hand.</summary>
internal static class ReviewMemory
{
    /// <summary>The finding, marked where a decision in force waives it.</summary>
    public static Finding Waive(MemoryJournal? memory, Finding finding) =>
        memory?.WaiverFor(finding.Rule, finding.Relation?.ToString()) is { } decision ? finding with { WaivedBy = decision.Id } : finding;

    /// <summary>The entries that bear on the findings, most telling first.</summary>
    public static ImmutableArray<Precedent> Precedents(MemoryJournal? memory, ImmutableArray<ReviewedFile> files)
    {
        if (memory is null)
            return [];
        var findings = files.SelectMany(file => file.Findings).ToList();
        var relations = findings.Select(finding => finding.Relation?.ToString()).OfType<string>().Distinct(StringComparer.Ordinal);
        var rules = findings.Select(finding => finding.Rule).Distinct(StringComparer.Ordinal);
        return [.. memory.Bearing(relations, rules).Select(entry => new Precedent(entry.Id, entry.Kind.ToString().ToLowerInvariant(), entry.Title))];
    }
}
