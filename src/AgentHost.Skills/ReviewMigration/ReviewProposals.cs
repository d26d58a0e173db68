using System.Collections.Immutable;
using AgentHost.Skills.ReviewMigration.Sizes;
using AgentHost.Sql;

namespace AgentHost.Skills.ReviewMigration;

/// <summary>
/// What of a review outlives the migration. A hazard that its author now mends does not; what the schema itself has wrong, a table too large for
/// what is done to it, and a mistake made again and again do.
/// </summary>
internal static class ReviewProposals
{
    /// <summary>From so many seconds on, work on a table is felt by those who wait for its lock.</summary>
    private const double LongSeconds = 5;

    /// <summary>So many statements with the same hazard are a habit.</summary>
    private const int Habit = 3;

    private const int NamedFiles = 3;

    /// <summary>What may be worth keeping, the most telling first.</summary>
    public static IEnumerable<Candidate> Of(ReviewResult result)
    {
        var counted = result.Files.SelectMany(file => file.Findings.Where(finding => finding.WaivedBy is null).Select(finding => (file.Path, Finding: finding))).ToList();
        return [.. InRoutines(counted), .. LargeTables(counted), .. Habits(counted)];
    }

    private static IEnumerable<Candidate> InRoutines(List<(string Path, Finding Finding)> counted) =>
        counted.Where(found => found.Finding is { IsElsewhere: true, IsAdvice: false, Severity: > Severity.Info }).DistinctBy(found => (found.Finding.Rule, found.Finding.Relation))
            .Select(found => Entry("issue", $"A routine of the schema has {found.Finding.Rule}{On(found.Finding.Relation)}",
                $"{Path.GetFileName(found.Path)} only calls it; the hazard is in the routine's own body, so each caller has it.\n{Safe(found.Finding)}", found.Finding));

    private static IEnumerable<Candidate> LargeTables(List<(string Path, Finding Finding)> counted) =>
        counted.Where(found => found.Finding is { IsAdvice: false, Severity: > Severity.Info, Relation: not null })
            .Select(found => (found.Finding, Size: found.Finding.Evidence.OfType<TableSize>().FirstOrDefault(size => size.Seconds >= LongSeconds)))
            .Where(found => found.Size is not null)
            .OrderByDescending(found => found.Size!.Seconds).DistinctBy(found => found.Finding.Relation)
            .Select(found => Large(found.Finding, found.Size!));

    private static Candidate Large(Finding finding, TableSize size)
    {
        var rows = size.Rows is { } known ? $"{SizeText.Count(known)} rows, " : "";
        var text = $"{Name(finding.Relation!)} has {rows}{SizeText.Bytes(size.Bytes)} and {SizeText.Bytes(size.IndexBytes)} of indexes"
            + $"{(size.WritesPerSecond is { } writes and >= 1 ? $", {SizeText.Count(writes)} writes/s" : "")}.\n"
            + $"{finding.Rule} there takes {SizeText.Duration(size.Seconds!.Value)} ({size.Basis}){(finding.Lock is { } mode ? $" under {mode.ToSql()}" : "")}.\n{Safe(finding)}";
        return Entry("learning", $"{Name(finding.Relation!)} is large ({rows}{SizeText.Bytes(size.Bytes)}): change it online only", text, finding, "large-table");
    }

    private static IEnumerable<Candidate> Habits(List<(string Path, Finding Finding)> counted) =>
        counted.Where(found => found.Finding is { IsAdvice: false, Severity: > Severity.Info } && !ReviewMemory.IsFact(found.Finding.Rule))
            .GroupBy(found => found.Finding.Rule, StringComparer.Ordinal)
            .Select(group => (Rule: group.Key, Found: group.DistinctBy(found => (found.Path, found.Finding.StatementIndex)).ToList()))
            .Where(group => group.Found.Count >= Habit)
            .OrderByDescending(group => group.Found.Count)
            .Select(group => Repeated(group.Rule, group.Found));

    private static Candidate Repeated(string rule, List<(string Path, Finding Finding)> found)
    {
        var files = found.Select(one => Path.GetFileName(one.Path)).Distinct(StringComparer.Ordinal).ToList();
        var where = $"{found.Count} statements in {(files.Count == 1 ? files[0] : $"{files.Count} files ({string.Join(", ", files.Take(NamedFiles))}{(files.Count > NamedFiles ? ", …" : "")})")}";
        return new Candidate(
            new ProposedEntry("learning", $"Migrations here repeat {rule} ({found.Count} times)", $"{where}. {RuleCatalog.Find(rule)?.Title}.\n{Safe(found[0].Finding)}") { Tags = [rule, "migrations"] },
            [rule, "migrations"]);
    }

    private static Candidate Entry(string kind, string title, string text, Finding finding, string? tag = null) => new(
        new ProposedEntry(kind, title, text)
        {
            Tags = tag is null ? [finding.Rule] : [tag, finding.Rule],
            Scope = finding.Relation is { } relation ? [Name(relation)] : null,
        },
        [tag ?? finding.Rule]);

    private static string Safe(Finding finding) => finding.Fix is { } fix ? $"Safe form: {fix.Title}." : $"See the page of {finding.Rule}.";

    private static string On(QualifiedName? relation) => relation is null ? "" : $" on {Name(relation)}";

    private static string Name(QualifiedName relation) => (relation.Schema is null ? relation with { Schema = "public" } : relation).ToString();
}
