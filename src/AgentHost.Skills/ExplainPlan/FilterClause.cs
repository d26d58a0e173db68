using System.Collections.Immutable;
using System.Text.RegularExpressions;
using AgentHost.Sql;

namespace AgentHost.Skills.ExplainPlan;

/// <summary>What an index can do with one condition of a filter.</summary>
public enum ClauseKind
{
    /// <summary>Column = constant, parameter or list: a key's leading part.</summary>
    Equality,

    /// <summary>Column compared with a bound, or LIKE 'prefix%': the last useful key column.</summary>
    Range,

    /// <summary>IS NULL or IS NOT NULL: best the predicate of a partial index.</summary>
    NullTest,

    /// <summary>LIKE or regular expression that does not begin at the start: only a trigram index helps.</summary>
    UnanchoredPattern,

    /// <summary>OR of conditions, each of which an index could answer: one index for each.</summary>
    Alternatives,

    /// <summary>The column stands inside a function or arithmetic: only an index on that expression helps.</summary>
    Expression,

    /// <summary>The column is cast to another type to meet the other side.</summary>
    CastColumn,

    /// <summary>Contains, overlaps, matches a text search (@&gt;, &amp;&amp;, @@): a GIN or GiST index answers it.</summary>
    Containment,

    /// <summary>Anything else; nothing is claimed about it.</summary>
    Other,
}

/// <summary>One AND-ed condition of a filter as EXPLAIN prints it.</summary>
/// <param name="Kind">What an index can do with it.</param>
/// <param name="Subject">The column (without its table), or the expression that stands for it.</param>
/// <param name="Text">The condition.</param>
public sealed partial record FilterClause(ClauseKind Kind, string Subject, string Text)
{
    private const int LongestThatIsRead = 4000;

    /// <summary>
    /// Whether the column is printed as <c>(c)::text</c>: a varchar is always printed so and its index serves; of another type it is a cast and no index does.
    /// </summary>
    public bool MayBeCast { get; init; }

    private const string Column = """(?:(?:"(?:[^"]|"")+"|[a-z_][a-z0-9_$]*)\.)?(?<column>"(?:[^"]|"")+"|[a-z_][a-z0-9_$]*)""";

    /// <summary>The AND-ed conditions of a filter; EXPLAIN puts every condition in parentheses, so the split needs no SQL grammar.</summary>
    /// <param name="filter">The filter.</param>
    /// <param name="alias">The alias of the relation that is filtered: columns of others are values then, as of the row around a subquery. Null where unknown.</param>
    public static ImmutableArray<FilterClause> Split(string filter, string? alias = null)
    {
        var clauses = ImmutableArray.CreateBuilder<FilterClause>();
        foreach (var part in Conjuncts(Peel(filter)))
            clauses.Add(Classify(Peel(part), alias));
        return clauses.ToImmutable();
    }

    /// <summary>The AND-ed conditions that say something of one relation equals something of others, so that a hash or an index could answer them.</summary>
    internal static IEnumerable<string> EqualitiesBetweenRelations(string condition)
    {
        if (condition.Length > LongestThatIsRead)
            yield break;
        foreach (var part in Conjuncts(Peel(condition)))
        {
            var (left, op, right) = Operator(Peel(part));
            var (of, with) = (Qualifiers(left), Qualifiers(right));
            if (op == "=" && of.Count > 0 && with.Count > 0 && !of.Overlaps(with))
                yield return Peel(part);
        }
    }

    private static FilterClause Classify(string text, string? alias)
    {
        if (text.Length > LongestThatIsRead || text.Contains("SubPlan", StringComparison.Ordinal))
            return new FilterClause(ClauseKind.Other, "", text);
        if (NullTest().Match(text) is { Success: true } nullTest)
            return new FilterClause(ClauseKind.NullTest, nullTest.Groups["column"].Value, text);
        if (BooleanColumn().Match(text) is { Success: true } flag)
            return new FilterClause(ClauseKind.Equality, flag.Groups["column"].Value, text);
        if (Parts(text, " OR ").ToList() is { Count: > 1 } arms)
            return Alternatives(text, arms, alias);
        if (RowComparison().Match(text) is { Success: true } row && IsValue(row.Groups["value"].Value, alias))
            return new FilterClause(ClauseKind.Range, row.Groups["column"].Value, text);
        var (left, op, right) = Operator(text);
        if (!IsValue(right, alias) && IsValue(left, alias))
            (left, op, right) = (right, Mirrored(op), left);
        if (op.Length == 0 || !IsValue(right, alias))
            return new FilterClause(ClauseKind.Other, "", text);
        left = WithoutAlias(left, alias);
        if (op == "=" && IsConstant(left) && AnyOfColumn().Match(WithoutAlias(right, alias)) is { Success: true } array)
            return new FilterClause(ClauseKind.Containment, array.Groups["column"].Value, text);
        var cast = CastOfColumn().Match(left);
        var column = BareColumn().Match(left) is { Success: true } bare ? bare.Groups["column"].Value
            : cast.Success && cast.Groups["type"].Value is "text" or "character varying" ? cast.Groups["column"].Value
            : null;
        if (op is "~~" or "~~*" or "~" or "~*")
        {
            var subject = column ?? left;
            return new FilterClause(!IsAnchored(op, right) ? ClauseKind.UnanchoredPattern : column is not null ? ClauseKind.Range : ClauseKind.Expression, subject, text) { MayBeCast = cast.Success };
        }
        if (op is "@>" or "<@" or "&&" or "@@" or "@?" or "?" or "?|" or "?&" or "%" or "<%" or "%>")
            return new FilterClause(ClauseKind.Containment, column ?? Peel(left), text);
        var kind = op switch { "=" => ClauseKind.Equality, "<" or ">" or "<=" or ">=" => ClauseKind.Range, _ => ClauseKind.Other };
        if (kind == ClauseKind.Other || column is not null)
            return new FilterClause(kind, column ?? "", text) { MayBeCast = cast.Success };
        if (cast.Success && cast.Groups["type"].Value is "numeric" or "double precision" or "real" or "bigint" or "integer")
            return new FilterClause(ClauseKind.CastColumn, cast.Groups["column"].Value, text);
        return new FilterClause(AnyColumn().IsMatch(Literals().Replace(left, "")) ? ClauseKind.Expression : ClauseKind.Other, Peel(left), text);
    }

    private static FilterClause Alternatives(string text, List<string> arms, string? alias)
    {
        var keys = arms.ConvertAll(arm => Split(arm, alias).FirstOrDefault(c => c is { Kind: ClauseKind.Equality or ClauseKind.Range, Subject.Length: > 0 })?.Subject);
        return keys.Contains(null) ? new FilterClause(ClauseKind.Other, "", text) : new FilterClause(ClauseKind.Alternatives, string.Join(", ", keys.Distinct(StringComparer.Ordinal)), text);
    }

    private static bool IsAnchored(string op, string right)
    {
        var pattern = right.TrimStart('(', 'E');
        return op switch
        {
            "~~" => pattern.Length > 1 && pattern[0] == '\'' && pattern[1] is not ('%' or '_'),
            "~" => pattern.StartsWith("'^", StringComparison.Ordinal),
            _ => false,
        };
    }

    /// <summary>Literals, parameters, ANY lists and calls without columns; a bare word would be another column.</summary>
    private static bool IsConstant(string right) => Constant().IsMatch(right);

    /// <summary>What is the same for the whole scan: constants, and what only mentions other relations.</summary>
    private static bool IsValue(string side, string? alias) =>
        IsConstant(side) || (alias is not null && side.Length <= LongestThatIsRead && Qualifiers(side) is { Count: > 0 } others && !others.Contains(alias) && !others.Contains(""));

    /// <summary>The aliases whose columns an expression mentions; an empty one stands for columns without alias.</summary>
    internal static HashSet<string> Qualifiers(string expression)
    {
        var found = new HashSet<string>(StringComparer.Ordinal);
        foreach (Match match in Reference().Matches(Casts().Replace(Literals().Replace(expression, " "), " ")))
        {
            // EXPLAIN writes keywords in capitals, and quotes names that hold any.
            var isName = match.Groups["alias"].Success || match.Value[0] == '"' || match.Value.Any(char.IsAsciiLetterLower);
            if (isName && match.Groups["call"].Length == 0 && match.Value is not ("true" or "false"))
                found.Add(match.Groups["alias"].Value.Trim('"').Replace("\"\"", "\"", StringComparison.Ordinal));
        }
        return found;
    }

    private static string WithoutAlias(string expression, string? alias) => alias is null
        ? expression
        : Regex.Replace(expression, """(?<![\w$".])""" + Regex.Escape(SqlIdentifier.Quote(alias)) + @"\.", "", RegexOptions.None, TimeSpan.FromSeconds(1));

    private static string Mirrored(string op) => op switch { "<" => ">", ">" => "<", "<=" => ">=", ">=" => "<=", "@>" => "<@", "<@" => "@>", "=" or "&&" or "<>" => op, _ => "" };

    /// <summary>Splits at the first operator outside of parentheses and quotes.</summary>
    private static (string Left, string Op, string Right) Operator(string text)
    {
        foreach (var (at, depth) in Outside(text))
        {
            if (depth != 0 || text[at] != ' ')
                continue;
            var end = text.IndexOf(' ', at + 1);
            if (end > at && Comparison().IsMatch(text[(at + 1)..end]))
                return (text[..at], text[(at + 1)..end], text[(end + 1)..]);
        }
        return (text, "", "");
    }

    private static IEnumerable<string> Conjuncts(string text) => Parts(text, " AND ");

    private static IEnumerable<string> Parts(string text, string between)
    {
        var start = 0;
        foreach (var (at, depth) in Outside(text))
        {
            if (depth == 0 && at >= start && string.CompareOrdinal(text, at, between, 0, between.Length) == 0)
            {
                yield return text[start..at];
                start = at + between.Length;
            }
        }
        yield return text[start..];
    }

    /// <summary>Takes off parentheses that enclose the whole text.</summary>
    private static string Peel(string text)
    {
        text = text.Trim();
        while (text.Length > 1 && text[0] == '(' && ClosesAtEnd(text))
            text = text[1..^1].Trim();
        return text;
    }

    private static bool ClosesAtEnd(string text)
    {
        foreach (var (at, depth) in Outside(text))
        {
            if (depth == 0 && text[at] == ')')
                return at == text.Length - 1;
        }
        return false;
    }

    /// <summary>Positions that are not in quotes, with the depth of parentheses after them.</summary>
    private static IEnumerable<(int At, int Depth)> Outside(string text)
    {
        var depth = 0;
        var quote = '\0';
        for (var i = 0; i < text.Length; i++)
        {
            var c = text[i];
            if (quote != '\0')
            {
                if (c == quote)
                    quote = '\0';
                continue;
            }
            if (c is '\'' or '"')
            {
                quote = c;
                continue;
            }
            if (c is '(' or '[')
                depth++;
            else if (c is ')' or ']')
                depth--;
            yield return (i, depth);
        }
    }

    [GeneratedRegex("^" + Column + "$", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex BareColumn();

    [GeneratedRegex(@"^ROW\(" + Column + @"(, [\w$.""]+)*\) (<|>|<=|>=|=) ROW\((?<value>.*)\)$", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex RowComparison();

    [GeneratedRegex("^(NOT )?" + Column + "$", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex BooleanColumn();

    [GeneratedRegex(@"^ANY \(" + Column + @"\)$", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex AnyOfColumn();

    [GeneratedRegex("^" + Column + " IS (NOT )?NULL$", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex NullTest();

    [GeneratedRegex(@"^\(" + Column + @"\)::(?<type>[a-z ]+)$", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex CastOfColumn();

    [GeneratedRegex(@"^(=|<|>|<=|>=|<>|~~|~~\*|!~~|!~~\*|~|~\*|!~|!~\*|@>|<@|&&|@@|@\?|\?|\?\||\?&|%|<%|%>)$", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Comparison();

    [GeneratedRegex(@"^\(*([E]?'|-?[0-9]|\$[0-9]|true|false|ANY \(|InitPlan|now\(\)|CURRENT_|LOCALTIME|current_setting\(|statement_timestamp\()", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Constant();

    [GeneratedRegex(@"E?'([^']|'')*'(::[a-z ]+)?", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Literals();

    [GeneratedRegex(@"::[a-z_ ]+(\([0-9,]+\))?(\[\])*|COLLATE ""[^""]*""", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Casts();

    [GeneratedRegex("""((?<alias>"([^"]|"")+"|[A-Za-z_][\w$]*)\.)?("([^"]|"")+"|[A-Za-z_][\w$]*)(?<call>\()?""", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Reference();

    [GeneratedRegex("[a-z_]", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex AnyColumn();
}
