using System.Collections.Immutable;
using System.Text.RegularExpressions;
using AgentHost.Sql;
using AgentHost.Sql.Statements;

namespace AgentHost.Postgres.Rows;

/// <summary>What a condition asks of a table's columns.</summary>
/// <param name="Condition">The condition.</param>
/// <param name="Columns">The columns that it names.</param>
/// <param name="Alone">Conditions on one column each, which hold where the whole does.</param>
/// <param name="Literals">The literals in it: values near which it becomes true or false.</param>
internal sealed partial record CheckFacts(string Condition, ImmutableArray<string> Columns, ImmutableArray<(string Column, string Condition)> Alone, ImmutableArray<string> Literals)
{
    /// <summary>Whether no constraint asks for it yet.</summary>
    public bool IsExpected { get; init; }

    /// <summary>Reads a condition over a table's columns.</summary>
    public static CheckFacts Read(string condition, RowTable table)
    {
        var words = Word().Matches(condition).Select(match => match.Value.Trim('"').Replace("\"\"", "\"", StringComparison.Ordinal)).ToHashSet(StringComparer.Ordinal);
        ImmutableArray<string> columns = [.. table.Columns.Select(column => column.Name).Where(words.Contains)];
        return new CheckFacts(condition, columns, columns is [var only] ? [(only, condition)] : [.. Parts(condition).Where(part => columns.Contains(part.Column))], Constants(condition));
    }

    /// <summary>Reads a domain's condition as one on a column of it.</summary>
    public static CheckFacts ReadDomain(string condition, RowColumn column)
    {
        var own = Value().Replace(condition, column.Sql.Replace("$", "$$", StringComparison.Ordinal));
        return new CheckFacts(own, [column.Name], [(column.Name, own)], Constants(condition));
    }

    private static ImmutableArray<string> Constants(string condition) =>
    [
        .. Quoted().Matches(condition).Select(match => match.Groups["text"].Value.Replace("''", "'", StringComparison.Ordinal))
            .Concat(Number().Matches(Quoted().Replace(condition, "''")).Select(match => match.Value)).Distinct(StringComparer.Ordinal).Take(40),
    ];

    /// <summary>The comparisons with constants that it is a conjunction of.</summary>
    private static IEnumerable<(string Column, string Condition)> Parts(string condition)
    {
        Script script;
        try
        {
            script = SqlParser.Parse($"alter table t add check ({condition})");
        }
        catch (SqlInputException)
        {
            return [];
        }

        return script.Statements is [AlterTable { Actions: [AddConstraint { Constraint.Check.Comparisons: var comparisons }] }]
            ? comparisons.Select(comparison => (comparison.Column,
                $"{SqlIdentifier.Quote(comparison.Column)} {(comparison.Operator == "=" ? "in" : comparison.Operator)} ({string.Join(", ", comparison.Values.Select(TypeValues.Text))})"))
            : [];
    }

    [GeneratedRegex("\"(?:[^\"]|\"\")+\"|[\\p{L}_][\\p{L}\\p{N}_$]*", RegexOptions.None, 1000)]
    private static partial Regex Word();

    [GeneratedRegex("'(?<text>(?:[^']|'')*)'", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Quoted();

    [GeneratedRegex(@"(?<![\w.])[0-9]+(?:\.[0-9]+)?(?![\w.])", RegexOptions.None, 1000)]
    private static partial Regex Number();

    [GeneratedRegex(@"\bVALUE\b", RegexOptions.None, 1000)]
    private static partial Regex Value();
}
