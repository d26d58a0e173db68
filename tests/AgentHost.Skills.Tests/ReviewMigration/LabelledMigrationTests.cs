using System.Collections.Frozen;
using System.Collections.Immutable;
using AgentHost.Skills.ReviewMigration;
using static AgentHost.Skills.Tests.ReviewMigration.Reviewing;

namespace AgentHost.Skills.Tests.ReviewMigration;

/// <summary>Holds reviews, without a database, to what is known of many migrations.</summary>
public sealed class LabelledMigrationTests
{
    private static readonly FrozenDictionary<string, RuleSummary> Rules = RuleSummary.All.ToFrozenDictionary(rule => rule.Id, StringComparer.Ordinal);

    public static TheoryData<string> Names => [.. LabelledMigrations.All.Select(migration => migration.Name)];

    [Theory]
    [MemberData(nameof(Names))]
    public async Task Each_hazard_is_reported_and_nothing_else_is(string name)
    {
        var migration = LabelledMigrations.All.Single(migration => migration.Name == name);
        var complaints = Complaints(migration, await FindingsAsync(migration));
        Assert.True(complaints.Length == 0 == migration.WrongBecause is null, $"{string.Join('\n', complaints)}\n{migration.WrongBecause}\n{migration.Sql}");
    }

    [Fact]
    public async Task Advice_is_given_where_it_is_due()
    {
        var missed = new List<string>();
        var due = 0;
        foreach (var migration in LabelledMigrations.All.Where(migration => migration.Labels.Any(IsAdvice)))
        {
            var findings = await FindingsAsync(migration);
            due += migration.Labels.Count(IsAdvice);
            missed.AddRange(migration.Labels.Where(IsAdvice).Where(label => !findings.Any(label.Fits)).Select(label => $"{migration.Name}: {label}"));
        }

        Assert.NotEqual(0, due);
        Assert.True(missed.Count <= 0.05 * due, string.Join('\n', missed));
    }

    [Fact]
    public void A_label_names_a_rule_and_a_case_is_named_once()
    {
        Assert.Empty(LabelledMigrations.All.SelectMany(migration => migration.Rules).Except(Rules.Keys, StringComparer.Ordinal));
        Assert.Empty(LabelledMigrations.All.GroupBy(migration => migration.Name, StringComparer.Ordinal).Where(same => same.Skip(1).Any()).Select(same => same.Key));
    }

    [Fact]
    public void The_review_is_known_to_be_wrong_about_a_handful_at_most() => Assert.True(LabelledMigrations.All.Count(migration => migration.WrongBecause is not null) <= 5);

    private static async Task<ImmutableArray<Finding>> FindingsAsync(LabelledMigration migration) =>
        (await ReviewAsync(migration.Sql, migration.Schema, migration.PgVersion, migration.Transaction, remarks: true)).Findings;

    private static string[] Complaints(LabelledMigration migration, ImmutableArray<Finding> findings) =>
    [
        .. migration.Labels.Where(label => !IsAdvice(label) && !findings.Any(label.Fits)).Select(label => $"missed: {label}"),
        .. findings.Where(finding => !migration.Labels.Any(label => label.Fits(finding)) && IsWrong(migration, finding)).Select(finding => $"not due: {finding.Rule} on line {finding.Line}: {finding.Message}"),
    ];

    /// <summary>Whether a finding without a label is a fault: advice is one only where it is forbidden.</summary>
    private static bool IsWrong(LabelledMigration migration, Finding finding) =>
        migration.Forbidden.Contains(finding.Rule)
        || (!migration.Allowed.Contains(finding.Rule) && (finding.Severity == Severity.Error || (!Rules[finding.Rule].IsAdvice && finding.Severity > Severity.Info)));

    private static bool IsAdvice(Label label) => Rules[label.Rule].IsAdvice;
}
