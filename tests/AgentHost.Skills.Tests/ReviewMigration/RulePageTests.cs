using AgentHost.Knowledge;
using AgentHost.Skills.ReviewMigration;
using AgentHost.Sql;

namespace AgentHost.Skills.Tests.ReviewMigration;

/// <summary>Every page of a rule is its test.</summary>
public sealed class RulePageTests
{
    public static TheoryData<string> Pages => [.. RulePage.Ids];

    [Fact]
    public void Every_rule_has_a_page_and_every_page_a_rule() =>
        Assert.Equal(RulePage.Ids, RuleCatalog.All.Select(rule => rule.Id).Order(StringComparer.Ordinal));

    [Theory]
    [MemberData(nameof(Pages))]
    public void A_page_and_its_class_agree(string id)
    {
        var (page, rule) = (RulePage.Read(id), RuleCatalog.All.Single(candidate => candidate.Id == id));
        Assert.Equal(rule.Title, page.Front["title"]);
        Assert.Equal(rule.IsAdvice ? "advice" : "hazard", page.Front["class"]);
        foreach (string heading in (string[])["Why", "What it locks", "Bad", "Good", "References"])
            Assert.Contains($"\n## {heading}\n", page.Text, StringComparison.Ordinal);
        Assert.NotEmpty(page.Of("bad"));
        Assert.NotEmpty(page.Of("good"));
    }

    [Theory]
    [MemberData(nameof(Pages))]
    public async Task A_bad_example_is_found_as_its_page_says(string id)
    {
        var page = RulePage.Read(id);
        foreach (var bad in page.Of("bad"))
        {
            var reviewed = await Reviewing.ReviewAsync(bad.Sql, page.Schema, bad.Version, bad.Transaction, page.NeedsProof, remarks: true);
            var finding = Assert.Single(reviewed.Findings, candidate => candidate.Rule == id);
            Assert.Equal(page.Front["severity"], finding.Severity.ToString().ToLowerInvariant());
            Assert.Equal(page.Front["rewrites"] == "true", finding.Rewrites);
            Assert.Equal(page.Front["scans"] == "true", finding.Scans);
            if (finding.Lock is { } mode)
                Assert.Equal(page.Front["lock"], mode.ToSql());
            Assert.Equal(finding.Severity == Severity.Info && !page.IsSettledByProof, reviewed.Verdict == Verdict.Safe);
        }
    }

    [Theory]
    [MemberData(nameof(Pages))]
    public async Task A_good_example_and_one_that_only_looks_bad_are_clean(string id)
    {
        var page = RulePage.Read(id);
        foreach (var example in page.Of("good").Concat(page.Of("fine")))
        {
            var reviewed = await Reviewing.ReviewAsync(example.Sql, page.Schema, example.Version, remarks: true);
            Assert.Empty(reviewed.Findings.Where(finding => finding.Severity > Severity.Info || finding.Rule == id).Select(finding => $"{finding.Rule}: {finding.Message}"));
            Assert.Equal(Verdict.Safe, reviewed.Verdict);
        }
    }

    [Theory]
    [MemberData(nameof(Pages))]
    public async Task A_finding_cites_a_section_that_its_page_has(string id)
    {
        var page = RulePage.Read(id);
        var library = DocumentLibrary.Load(Path.Combine(AppContext.BaseDirectory, "skills"));
        var findings = (await Reviewing.ReviewAsync(page.Of("bad").First().Sql, page.Schema, page.Of("bad").First().Version, page.Of("bad").First().Transaction, page.NeedsProof, remarks: true)).Findings;
        foreach (var citation in findings.Select(finding => finding.Citation))
            Assert.True(library.Find(citation!.Document)!.HasSection(citation.Section!));
    }

    [Theory]
    [MemberData(nameof(Pages))]
    public void A_rule_misses_nothing_by_being_asked_only_about_what_it_is_concerned_with(string id)
    {
        var page = RulePage.Read(id);
        foreach (var example in page.Of("bad").Concat(page.Of("good")).Concat(page.Of("fine")))
        {
            var file = MigrationFile.Read(new MigrationSource("example.sql", example.Sql));
            var schema = SchemaModel.Empty.Apply(SqlParser.Parse(page.Schema));
            var replay = MigrationReplay.Run(file, PartialScript.Parse(file.UpText).Script, schema, example.Version, example.Transaction);
            var everyone = RuleCatalog.All.SelectMany(rule => rule.Judge(replay).Concat(replay.Statements.SelectMany(rule.Judge)));
            Assert.Equal(everyone.Select(Place).Order(StringComparer.Ordinal), RuleCatalog.Judge(replay).Select(Place).Order(StringComparer.Ordinal));
        }
    }

    private static string Place(Finding finding) => $"{finding.Rule} {finding.Span.Start} {finding.Message}";
}
