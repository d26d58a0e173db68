using System.Collections.Immutable;
using AgentHost.Knowledge.Memory;

namespace AgentHost.Skills.ReviewMigration;

/// <summary>Tells of waivers that end soon, and of those that have just ended, so that nobody is surprised by a finding that comes back.</summary>
internal static class WaiverDays
{
    /// <summary>A waiver that ends within so many days is told: time for one iteration to mend what it covers.</summary>
    private const int Soon = 14;

    /// <summary>One that ended within so many days is told where its finding counts again.</summary>
    private const int Lately = 30;

    /// <summary>The files, each with notes on the waivers of its findings; a decision is told once.</summary>
    public static ImmutableArray<ReviewedFile> Note(MemoryJournal? memory, ImmutableArray<ReviewedFile> files)
    {
        if (memory is null || !files.Any(file => !file.Findings.IsEmpty))
            return files;
        var (today, earlier, told) = (memory.Today, new Lazy<Waivers>(() => memory.WaiversOn(memory.Today.AddDays(-Lately))), new HashSet<string>(StringComparer.Ordinal));
        return [.. files.Select(file => Noted(file, [.. file.Findings.Select(finding => Tell(finding, today, earlier, told)).OfType<string>()]))];
    }

    private static ReviewedFile Noted(ReviewedFile file, ImmutableArray<string> notes) => notes.IsEmpty ? file : file with { Notes = [.. file.Notes ?? [], .. notes] };

    private static string? Tell(Finding finding, DateOnly today, Lazy<Waivers> earlier, HashSet<string> told)
    {
        if (finding.Waiver is { Until: { } last } waiver)
        {
            var left = last.DayNumber - today.DayNumber;
            return left <= Soon && told.Add(waiver.Id)
                ? $"{waiver.Id} (“{waiver.Title}”) waives {finding.Rule} {(left == 0 ? "today for the last time" : $"until {last:yyyy-MM-dd}, {Days(left)} more")}. Mend it, or supersede the decision with a later day."
                : null;
        }
        if (finding.WaivedBy is not null || ReviewMemory.IsFact(finding.Rule))
            return null;
        var ended = earlier.Value.For(finding.Rule, finding.Relation?.ToString());
        return ended?.Until is { } day && day < today && told.Add(ended.Id)
            ? $"{ended.Id} (“{ended.Title}”) waived {finding.Rule} until {day:yyyy-MM-dd}, {Days(today.DayNumber - day.DayNumber)} ago, so it counts again."
            : null;
    }

    private static string Days(int count) => count == 1 ? "1 day" : $"{count} days";
}
