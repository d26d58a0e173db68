using System.Collections.Immutable;
using System.Text.RegularExpressions;
using AgentHost.Sql;

namespace AgentHost.Skills.DesignSchema.Model;

/// <summary>
/// Vets a SQL condition of a model before it becomes part of DDL that is run: one expression with balanced parentheses, calling immutable
/// functions only, without comments, statements or subqueries. Whether it is well typed, PostgreSQL says during the proof.
/// </summary>
internal static partial class CheckCondition
{
    private const int MaxLength = 2000;

    private static readonly ImmutableSortedSet<string> Functions = ImmutableSortedSet.Create(StringComparer.Ordinal,
        "abs", "array_length", "btrim", "cardinality", "ceil", "char_length", "coalesce", "date_trunc", "extract", "floor", "greatest", "jsonb_typeof",
        "least", "length", "lower", "ltrim", "mod", "num_nonnulls", "num_nulls", "nullif", "octet_length", "position", "round", "rtrim",
        "starts_with", "substring", "trim", "upper");

    private static readonly ImmutableHashSet<string> WordsBeforeParenthesis =
        ["and", "or", "not", "in", "between", "is", "any", "all", "like", "ilike", "case", "when", "then", "else", "similar", "to", "numeric", "from"];

    private static readonly ImmutableHashSet<string> Refused = ["select", "with", "table", "values", "constraint", "check", "references"];

    /// <summary>The condition, or null with a problem.</summary>
    public static string? Read(YamlNode node, ProblemList problems)
    {
        if (node is not YamlScalar { IsNull: false } scalar)
            return Complain("a check is a SQL condition in one text, as \"amount > 0\"");
        var text = scalar.Value.Trim();
        if (text.Length > MaxLength)
            return Complain($"the check is longer than {MaxLength} characters");
        var depth = 0;
        var position = 0;
        var previous = "";
        while (position < text.Length)
        {
            var token = Token().Match(text, position);
            if (!token.Success || token.Index != position)
                return Complain($"the check cannot be read at '{Names.Shorten(text[position..])}': one condition, without semicolons, comments or dollar quotes");
            position += token.Length;
            var word = token.Value.ToLowerInvariant();
            if (string.IsNullOrWhiteSpace(word))
                continue;
            if (Refused.Contains(word))
                return Complain($"a check cannot hold {word.ToUpperInvariant()}; it sees one row of one table");
            if (word == "(")
            {
                depth++;
                var isName = previous.Length > 0 && (char.IsLetter(previous[0]) || previous[0] is '_' or '"');
                if (isName && !Functions.Contains(previous) && !WordsBeforeParenthesis.Contains(previous))
                    return Complain($"a check may not call '{Names.Shorten(previous)}'; immutable functions only{NearestNames.Suggest(previous, Functions)}");
            }
            else if (word == ")" && --depth < 0)
                return Complain("the check closes a parenthesis that it did not open");
            previous = word;
        }
        if (depth != 0 || text.Length == 0)
            return Complain("the check is empty or leaves a parenthesis open");
        try
        {
            SqlParser.Parse($"SELECT 1 WHERE ({text.ReplaceLineEndings(" ")})");
            return text.ReplaceLineEndings(" ");
        }
        catch (SqlSyntaxException e)
        {
            return Complain($"the check '{Names.Shorten(text)}' is no condition: {e.Reason}");
        }
        catch (SqlInputException e)
        {
            return Complain($"the check cannot be read: {e.Message}");
        }

        string? Complain(string message)
        {
            problems.Add(node, message);
            return null;
        }
    }

    [GeneratedRegex("""\G(?:\s+|'(?:[^'\\]|'')*'|"(?:[^"]|"")*"|[A-Za-z_][A-Za-z0-9_]*(?!')|[0-9]+(?:\.[0-9]+)?|::|<>|<=|>=|!=|!~\*?|~\*?|\|\||->>?|@>|<@|(?!--|/\*)[()<>=+\-*/%,.\[\]?#])""", RegexOptions.CultureInvariant, 1000)]
    private static partial Regex Token();
}
