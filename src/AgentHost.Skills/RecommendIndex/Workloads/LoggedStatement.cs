using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;
using AgentHost.Skills.RecommendIndex.Statistics;

namespace AgentHost.Skills.RecommendIndex.Workloads;

/// <summary>A run of a statement that the log tells of.</summary>
/// <param name="Sql">Its text.</param>
/// <param name="Milliseconds">How long it took.</param>
/// <param name="IsPlan">Whether auto_explain wrote it; else log_min_duration_statement did.</param>
internal sealed partial record LoggedStatement(string Sql, double Milliseconds, bool IsPlan)
{
    /// <summary>The values of its parameters as SQL writes them, by number; one that was cut off is missing.</summary>
    public ImmutableSortedDictionary<int, string> Parameters { get; init; } = ImmutableSortedDictionary<int, string>.Empty;

    /// <summary>The planner's estimates that the run proved wrong; only of plans that were logged with the rows that came.</summary>
    public ImmutableArray<RowEstimate> Estimates { get; init; } = [];

    /// <summary>Who ran it; null where the log does not tell.</summary>
    public string? Session { get; init; }

    /// <summary>Reads a message; null where it tells of no statement (of a parse or bind step, whose execution has a message of its own), a reason where it is not understood.</summary>
    public static (LoggedStatement? Statement, string? Refusal) Read(LogEntry entry)
    {
        if (Duration().Match(entry.Message) is not { Success: true } match)
            return (null, null);
        var milliseconds = double.Parse(match.Groups["ms"].Value, CultureInfo.InvariantCulture);
        var rest = entry.Message[(match.Index + match.Length)..];
        // EXECUTE tells in its detail what was prepared.
        const string prepared = "prepare: ";
        if (match.Groups["kind"].Value == "statement: " && PreparedText.IsExecute(rest) && entry.Detail?.StartsWith(prepared, StringComparison.Ordinal) == true)
            return (new LoggedStatement(PreparedText.Unwrap(entry.Detail[prepared.Length..]), milliseconds, IsPlan: false) { Parameters = PreparedText.Values(rest) }, null);
        // Preparing is not running.
        if (match.Groups["kind"].Value == "statement: " && PreparedText.IsPrepare(rest))
            return (null, null);
        var parameters = Values(entry.Detail is { } detail ? detail[(detail.IndexOf(':', StringComparison.Ordinal) + 1)..] : "");
        return match.Groups["kind"].Value switch
        {
            "statement: " => (new LoggedStatement(rest.Trim(), milliseconds, IsPlan: false) { Parameters = parameters }, null),
            "plan:" => Plan(rest, milliseconds),
            var kind when kind.StartsWith("execute", StringComparison.Ordinal) => (new LoggedStatement(rest.Trim(), milliseconds, IsPlan: false) { Parameters = parameters }, null),
            _ => (null, null),
        };
    }

    private static (LoggedStatement?, string?) Plan(string body, double milliseconds)
    {
        if (body.AsSpan().TrimStart().StartsWith("{"))
        {
            try
            {
                using var document = JsonDocument.Parse(body);
                return document.RootElement.TryGetProperty("Query Text", out var text)
                    ? (new LoggedStatement(PreparedText.Unwrap(text.GetString()!.Trim()), milliseconds, IsPlan: true) { Parameters = Values(document.RootElement.TryGetProperty("Query Parameters", out var given) ? given.GetString()! : ""), Estimates = RowEstimate.Of(PlanStep.Read(body)) }, null)
                    : (null, "its plan has no query text.");
            }
            catch (JsonException)
            {
                return (null, "its plan was cut off.");
            }
        }
        const string text_ = "Query Text: ";
        var start = body.IndexOf(text_, StringComparison.Ordinal);
        if (start < 0 || PlanNode().Match(body, start) is not { Success: true } node)
            return (null, "its plan is neither text nor JSON, or was cut off.");
        // Behind the text stand the parameters, if any, and the plan's first node, which begins its line.
        var end = body.LastIndexOf('\n', node.Index);
        var sql = body[(start + text_.Length)..Math.Max(end, start + text_.Length)];
        var estimates = RowEstimate.Of(PlanStep.Read(body[Math.Max(end, 0)..]));
        var at = sql.LastIndexOf("\nQuery Parameters: ", StringComparison.Ordinal);
        return at < 0 ? (new LoggedStatement(PreparedText.Unwrap(sql.Trim()), milliseconds, IsPlan: true) { Estimates = estimates }, null)
            : (new LoggedStatement(PreparedText.Unwrap(sql[..at].Trim()), milliseconds, IsPlan: true) { Parameters = Values(sql[(at + "\nQuery Parameters: ".Length)..]), Estimates = estimates }, null);
    }

    private static ImmutableSortedDictionary<int, string> Values(string text)
    {
        var found = ImmutableSortedDictionary.CreateBuilder<int, string>();
        foreach (Match match in Parameter().Matches(text))
        {
            // What log_parameter_max_length cut off ends in dots.
            if (!match.Groups["value"].Value.EndsWith("...'", StringComparison.Ordinal) && int.TryParse(match.Groups["number"].Value, CultureInfo.InvariantCulture, out var number))
                found[number] = match.Groups["value"].Value;
        }
        return found.ToImmutable();
    }

    [GeneratedRegex(@"^duration: (?<ms>\d+(\.\d+)?) ms  (?<kind>plan:|statement: |(execute|parse|bind) [^:]*: )", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Duration();

    [GeneratedRegex(@"^[^\n]*\(cost=\d+\.\d+\.\.\d+\.\d+ rows=\d+ width=\d+\)", RegexOptions.CultureInvariant | RegexOptions.Multiline, 5000)]
    private static partial Regex PlanNode();

    [GeneratedRegex(@"\$(?<number>\d+) = (?<value>NULL|'(?:[^']|'')*')", RegexOptions.CultureInvariant, 5000)]
    private static partial Regex Parameter();
}
