using System.Globalization;
using System.Text;
using System.Xml;
using System.Xml.Linq;

namespace AgentHost.Skills.ReviewMigration.Formats;

/// <summary>A review as a JUnit test report: a suite a file, a failed case a finding at or above the threshold, a passed case for a file without any.</summary>
public static class JUnitReport
{
    /// <summary>Writes a review.</summary>
    /// <param name="result">The review.</param>
    /// <param name="failOn">Findings below it pass, their message as output; waived ones are skipped.</param>
    public static string Render(ReviewResult result, Severity failOn)
    {
        ArgumentNullException.ThrowIfNull(result);
        var suites = result.Files.Select(file => Suite(file, failOn)).ToList();
        var root = new XElement("testsuites", new XAttribute("name", "agenthost review"), Sum("tests"), Sum("failures"), Sum("skipped"), suites);
        var text = new StringBuilder("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n");
        using (var writer = XmlWriter.Create(text, new XmlWriterSettings { Indent = true, NewLineChars = "\n", OmitXmlDeclaration = true }))
            root.WriteTo(writer);
        return text.Append('\n').ToString();

        XAttribute Sum(string name) => new(name, suites.Sum(suite => int.Parse(suite.Attribute(name)!.Value, CultureInfo.InvariantCulture)));
    }

    private static XElement Suite(ReviewedFile file, Severity failOn)
    {
        var cases = file.Findings.Select(finding => Case(file.Path, finding, failOn)).DefaultIfEmpty(
            new XElement("testcase", new XAttribute("classname", Legal(file.Path)), new XAttribute("name", "review"))).ToList();
        return new XElement("testsuite", new XAttribute("name", Legal(file.Path)), new XAttribute("tests", cases.Count),
            new XAttribute("failures", cases.Count(test => test.Element("failure") is not null)), new XAttribute("skipped", cases.Count(test => test.Element("skipped") is not null)), cases);
    }

    private static XElement Case(string path, Finding finding, Severity failOn)
    {
        var test = new XElement("testcase", new XAttribute("classname", Legal(path)), new XAttribute("name", $"{finding.Rule} at {finding.Line}:{finding.Column}"));
        var details = Legal($"{path}:{finding.Line}:{finding.Column}\n{finding.Message}\n{finding.Statement}{(finding.Fix is { } fix ? $"\n\n{fix.Title}:\n{fix.Sql}" : "")}");
        test.Add(finding.WaivedBy is { } decision ? new XElement("skipped", new XAttribute("message", $"waived by {decision}"))
            : finding.Severity >= failOn ? new XElement("failure", new XAttribute("type", finding.Severity.ToString().ToLowerInvariant()), new XAttribute("message", Legal(finding.Message)), details)
            : new XElement("system-out", details));
        return test;
    }

    // XML 1.0 has no way to write most control characters (section 2.2).
    private static string Legal(string text) => string.Concat(text.EnumerateRunes().Select(rune => rune.Value is < 0x20 and not (0x9 or 0xA or 0xD) or 0xFFFE or 0xFFFF ? "\uFFFD" : rune.ToString()));
}
