using System.Text.Json;
using System.Xml.Linq;
using AgentHost.Skills.ReviewMigration;
using AgentHost.Skills.ReviewMigration.Formats;
using AgentHost.Sql;
using FsCheck;
using FsCheck.Fluent;

namespace AgentHost.Skills.Tests.ReviewMigration;

/// <summary>The forms that other programs read: whatever a migration says, they stay well-formed and lose no finding.</summary>
public sealed class FormatTests
{
    private static readonly ReviewResult Mixed = Result("migrations/a b,c:%.sql",
        Found("index-not-concurrent", Severity.Error, "Blocks every write.\nSecond line, 100% sure.") with { Fix = new Fix("Build it concurrently", "CREATE INDEX CONCURRENTLY i ON t (a); -- ```") },
        Found("missing-lock-timeout", Severity.Warning, "Queues.") with { IsAdvice = true },
        Found("drop-table", Severity.Error, "Loses rows.") with { WaivedBy = "D-1" });

    [Fact]
    public void Sarif_names_rules_places_and_suppressions()
    {
        var log = JsonDocument.Parse(SarifReport.Render(Mixed, "1.2.3")).RootElement;
        Assert.Equal("2.1.0", log.GetProperty("version").GetString());
        var run = log.GetProperty("runs").EnumerateArray().Single();
        var rules = run.GetProperty("tool").GetProperty("driver").GetProperty("rules").EnumerateArray().Select(rule => rule.GetProperty("id").GetString()).ToList();
        var results = run.GetProperty("results").EnumerateArray().ToList();
        Assert.Equal(["index-not-concurrent", "missing-lock-timeout", "drop-table"], results.Select(result => result.GetProperty("ruleId").GetString()));
        Assert.All(results, result => Assert.Equal(result.GetProperty("ruleId").GetString(), rules[result.GetProperty("ruleIndex").GetInt32()]));
        Assert.Equal(["error", "warning", "error"], results.Select(result => result.GetProperty("level").GetString()));
        Assert.Equal([false, false, true], results.Select(result => result.TryGetProperty("suppressions", out _)));
        var place = results[0].GetProperty("locations")[0].GetProperty("physicalLocation");
        Assert.Equal("migrations/a%20b%2Cc%3A%25.sql", place.GetProperty("artifactLocation").GetProperty("uri").GetString());
        Assert.Equal((3, 7), (place.GetProperty("region").GetProperty("startLine").GetInt32(), place.GetProperty("region").GetProperty("startColumn").GetInt32()));
    }

    [Fact]
    public void Annotations_are_a_line_each_with_what_would_end_them_escaped() => Assert.Equal(
        """
        ::error file=migrations/a b%2Cc%3A%25.sql,line=3,col=7,title=index-not-concurrent::Blocks every write.%0ASecond line, 100%25 sure.%0ABuild it concurrently:%0ACREATE INDEX CONCURRENTLY i ON t (a); -- ```
        ::warning file=migrations/a b%2Cc%3A%25.sql,line=3,col=7,title=missing-lock-timeout::Queues.

        """, GitHubAnnotations.Render(Mixed));

    [Fact]
    public void A_junit_case_fails_at_the_threshold_and_is_skipped_where_waived()
    {
        var suite = XDocument.Parse(JUnitReport.Render(Mixed, Severity.Error)).Root!.Elements("testsuite").Single();
        Assert.Equal(("3", "1", "1"), (suite.Attribute("tests")!.Value, suite.Attribute("failures")!.Value, suite.Attribute("skipped")!.Value));
        Assert.Equal(2, XDocument.Parse(JUnitReport.Render(Mixed, Severity.Warning)).Descendants("failure").Count());
        Assert.Single(XDocument.Parse(JUnitReport.Render(Result("clean.sql"), Severity.Error)).Descendants("testcase"));
    }

    [Fact]
    public void Markdown_folds_advice_and_fences_what_holds_a_fence()
    {
        var text = MarkdownReport.Render(Mixed);
        Assert.Contains("| `migrations/a b,c:%.sql` | ⛔ unsafe | 1 | 1 |", text, StringComparison.Ordinal);
        Assert.Contains("````sql\nCREATE INDEX CONCURRENTLY i ON t (a); -- ```\n````", text, StringComparison.Ordinal);
        Assert.Contains("<details><summary>1 advice</summary>", text, StringComparison.Ordinal);
        Assert.DoesNotContain("Loses rows", text, StringComparison.Ordinal);
    }

    [Fact]
    public void No_text_breaks_a_form() => Prop.ForAll(
        ArbMap.Default.ArbFor<NonNull<string>>(), ArbMap.Default.ArbFor<NonNull<string>>(),
        (path, message) =>
        {
            var result = Result("x" + path.Get, Found("drop-table", Severity.Error, message.Get), Found("drop-column", Severity.Error, path.Get));
            Assert.Equal(2, JsonDocument.Parse(SarifReport.Render(result, "1")).RootElement.GetProperty("runs")[0].GetProperty("results").GetArrayLength());
            Assert.Equal(2, XDocument.Parse(JUnitReport.Render(result, Severity.Error)).Descendants("failure").Count());
            Assert.Equal(2, GitHubAnnotations.Render(result).Split('\n').Length - 1);
        }).QuickCheckThrowOnFailure();

    private static ReviewResult Result(string path, params Finding[] findings) =>
        new([new ReviewedFile(path, findings.Length > 0 ? Verdict.Unsafe : Verdict.Safe, [.. findings])]);

    private static Finding Found(string rule, Severity severity, string message) =>
        new() { Rule = rule, Severity = severity, Message = message, Statement = message, Span = new SourceSpan(0, 0, 3, 7) };
}
