using System.Collections.Immutable;
using System.Globalization;
using System.Text.RegularExpressions;
using AgentHost.Sql.Parsing;

namespace AgentHost.Sql.Queries;

/// <summary>A query of a workload.</summary>
/// <param name="Name">How answers call it.</param>
/// <param name="Sql">Its text, without a closing semicolon; it may not parse.</param>
/// <param name="Weight">How often it runs, in any unit common to the workload; greater than 0.</param>
public sealed record WeightedQuery(string Name, string Sql, double Weight = 1)
{
    /// <summary>Some of its runs as they were: its text with values in place of its parameters. Empty where none is known.</summary>
    public ImmutableArray<string> Samples { get; init; } = [];

    /// <summary>How many rows a run gives or changes; null where nobody counted.</summary>
    public double? RowsPerRun { get; init; }
}

/// <summary>
/// Reads a file of queries: statements separated by semicolons, each with optional comments <c>-- name: …</c> and <c>-- weight: 120</c>
/// before it. Statements are told apart by their tokens, so that one which does not parse leaves the others whole.
/// </summary>
public static partial class QueryScript
{
    /// <summary>The queries in source order; one without a name is called by its number, as <c>query 3</c>.</summary>
    /// <exception cref="SqlInputException">A weight is no number above 0, or the text has too many tokens.</exception>
    public static ImmutableArray<WeightedQuery> Parse(string text)
    {
        var queries = ImmutableArray.CreateBuilder<WeightedQuery>();
        var names = new HashSet<string>(StringComparer.Ordinal);
        var tokens = Lexer.Tokenize(text).Tokens;
        for (int first = 0, behind = 0; first < tokens.Length; first++)
        {
            var last = first;
            while (last < tokens.Length && !IsSemicolon(text, tokens[last]))
                last++;
            if (last > first)
            {
                var lead = text[behind..tokens[first].Start];
                var name = NameComment().Match(lead) is { Success: true } match ? match.Groups["value"].Value.Trim() : "";
                name = Unique(name.Length > 0 ? name : $"query {queries.Count + 1}", names);
                queries.Add(new WeightedQuery(name, text[tokens[first].Start..tokens[last - 1].End], Weight(lead, text, behind)));
            }
            behind = last < tokens.Length ? tokens[last].End : text.Length;
            first = last;
        }
        return queries.DrainToImmutable();
    }

    private static bool IsSemicolon(string text, Token token) => token.Kind == TokenKind.Symbol && text[token.Start] == ';';

    private static string Unique(string name, HashSet<string> names)
    {
        var unique = name;
        for (var n = 2; !names.Add(unique); n++)
            unique = $"{name} ({n})";
        return unique;
    }

    private static double Weight(string lead, string text, int offset)
    {
        if (WeightComment().Match(lead) is not { Success: true } match)
            return 1;
        var written = match.Groups["value"].Value.Trim();
        if (double.TryParse(written, NumberStyles.Float, CultureInfo.InvariantCulture, out var weight) && weight > 0 && double.IsFinite(weight))
            return weight;
        var span = new LineIndex(text).Span(offset + match.Index, offset + match.Index + match.Length);
        throw new SqlInputException($"Line {span.Line}: the weight '{written}' is not a number above 0. Write for example '-- weight: 120'.", span);
    }

    [GeneratedRegex(@"^[ \t]*--[ \t]*name:(?<value>.*)$", RegexOptions.Multiline | RegexOptions.IgnoreCase | RegexOptions.RightToLeft | RegexOptions.CultureInvariant, 1000)]
    private static partial Regex NameComment();

    [GeneratedRegex(@"^[ \t]*--[ \t]*weight:(?<value>.*)$", RegexOptions.Multiline | RegexOptions.IgnoreCase | RegexOptions.RightToLeft | RegexOptions.CultureInvariant, 1000)]
    private static partial Regex WeightComment();
}
