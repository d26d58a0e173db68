using System.Text.RegularExpressions;
using AgentHost.Sql;
using AgentHost.Sql.Queries;

namespace AgentHost.Skills.RecommendIndex;

/// <summary>A key of a candidate: a column, or an expression over columns.</summary>
internal sealed partial record CandidateKey(ColumnFacts Facts, KeyRole Role, bool Descending, bool NullsFirst)
{
    /// <summary>The column, or the expression.</summary>
    public string Column => Facts.Name;

    /// <summary>The operator class, where it is not the type's default.</summary>
    public string? OperatorClass { get; init; }

    public string Sql => (Facts.IsExpression ? $"({Facts.Name})" : SqlIdentifier.Quote(Facts.Name))
        + (OperatorClass is null ? "" : " " + OperatorClass)
        + (Descending ? " DESC" : "")
        + (Descending == NullsFirst ? "" : NullsFirst ? " NULLS FIRST" : " NULLS LAST");

    /// <summary>What the index's name calls it: the words of an expression.</summary>
    public string NamePart => Facts.IsExpression ? string.Join('_', Words().Matches(Facts.Name).Select(m => m.Value).Distinct().Take(4)) : Facts.Name;

    /// <summary>Whether an existing index's key is the same.</summary>
    public bool IsSame(IndexedColumn key) => !Facts.IsExpression && Facts.Number == key.Column && Descending == key.Descending && NullsFirst == key.NullsFirst
        && OperatorClass is null == key.HasDefaultClass;

    /// <summary>The key of an expression. Its values are known only after the index is built: taken as all different, of the width of a short text.</summary>
    public static CandidateKey Of(string expression, System.Collections.Immutable.ImmutableArray<string> columns, KeyRole role)
    {
        const int Width = 16;
        const short NoColumn = -1;
        return new CandidateKey(new ColumnFacts(expression, NoColumn, "") { IsBtreeKey = true, Width = Width, RawDistinct = -1, ExpressionColumns = columns }, role, Descending: false, NullsFirst: false);
    }

    /// <summary>The key of a column that a btree can hold; null for others.</summary>
    public static CandidateKey? Of(TableFacts table, string column, KeyRole role) =>
        table.Columns.GetValueOrDefault(column) is { IsBtreeKey: true } facts ? new CandidateKey(facts, role, Descending: false, NullsFirst: false) : null;

    [GeneratedRegex("[a-z_][a-z0-9_]*", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant, 1000)]
    private static partial Regex Words();
}

/// <summary>What a key column does for the query that asked for it.</summary>
internal enum KeyRole { Equality, Join, Sort, Group, Range, Prefix, Contains, Pattern, Nearest }
