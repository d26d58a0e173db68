using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace AgentHost.Skills.ReviewMigration.Formats;

/// <summary>A review as SARIF 2.1.0 (OASIS Standard, 2020), for code-scanning services and editors.</summary>
public static class SarifReport
{
    private const string Schema = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/os/schemas/sarif-schema-2.1.0.json";

    private static readonly JsonSerializerOptions Readable = new() { WriteIndented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>Writes a review. Columns count UTF-16 code units; what a decision waives is there as suppressed.</summary>
    /// <param name="result">The review.</param>
    /// <param name="toolVersion">The version of the tool, as <c>0.1.0</c>.</param>
    public static string Render(ReviewResult result, string toolVersion)
    {
        ArgumentNullException.ThrowIfNull(result);
        var findings = result.Files.SelectMany(file => file.Findings.Select(finding => (file.Path, Finding: finding))).ToList();
        var rules = findings.Select(found => found.Finding.Rule).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal).ToList();
        var log = new JsonObject
        {
            ["$schema"] = Schema,
            ["version"] = "2.1.0",
            ["runs"] = new JsonArray(new JsonObject
            {
                ["tool"] = new JsonObject
                {
                    ["driver"] = new JsonObject
                    {
                        ["name"] = "AgentHost",
                        ["version"] = toolVersion,
                        ["rules"] = Array(rules.Select(Rule)),
                    },
                },
                ["columnKind"] = "utf16CodeUnits",
                ["artifacts"] = Array(result.Files.Select(file => file.Path).Distinct(StringComparer.Ordinal).Select(path => new JsonObject { ["location"] = Location(path) })),
                ["results"] = Array(findings.Select(found => Result(found.Path, found.Finding, rules.IndexOf(found.Finding.Rule)))),
            }),
        };
        return log.ToJsonString(Readable) + "\n";
    }

    private static JsonObject Rule(string id)
    {
        var rule = new JsonObject { ["id"] = id };
        if (RuleCatalog.Find(id) is { } known)
        {
            rule["shortDescription"] = Message(known.Title);
            rule["properties"] = new JsonObject { ["tags"] = Array([JsonValue.Create(known.IsAdvice ? "advice" : "hazard")]) };
        }
        return rule;
    }

    private static JsonObject Result(string path, Finding finding, int ruleIndex)
    {
        var result = new JsonObject
        {
            ["ruleId"] = finding.Rule,
            ["ruleIndex"] = ruleIndex,
            ["level"] = finding.Severity switch { Severity.Error => "error", Severity.Warning => "warning", _ => "note" },
            ["message"] = Message(finding.Fix is { } fix ? $"{finding.Message}\n\n{fix.Title}:\n{fix.Sql}" : finding.Message),
            ["locations"] = Array([new JsonObject
            {
                ["physicalLocation"] = new JsonObject
                {
                    ["artifactLocation"] = Location(path),
                    ["region"] = new JsonObject { ["startLine"] = Math.Max(1, finding.Line), ["startColumn"] = Math.Max(1, finding.Column), ["snippet"] = Message(finding.Statement) },
                },
            }]),
        };
        if (finding is { WaivedBy: { } reason, Waiver: null })
            result["suppressions"] = Array([new JsonObject { ["kind"] = "inSource", ["justification"] = reason }]);
        else if (finding.Waiver is { } waiver)
            result["suppressions"] = Array([new JsonObject { ["kind"] = "external", ["status"] = "accepted", ["justification"] = $"decision {waiver.Id} ({waiver}): {waiver.Title}" }]);
        return result;
    }

    private static JsonObject Message(string text) => new() { ["text"] = text };

    // Absolute and relative paths alike become URI references; stdin has no place of its own.
    private static JsonObject Location(string path) =>
        new() { ["uri"] = path == "-" ? "stdin" : Path.IsPathRooted(path) ? new Uri(path).AbsoluteUri : string.Join('/', path.Split('/').Select(Uri.EscapeDataString)) };

    private static JsonArray Array(IEnumerable<JsonNode?> items) => [.. items];
}
