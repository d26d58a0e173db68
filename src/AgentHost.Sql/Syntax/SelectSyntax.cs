using System.Collections.Immutable;

namespace AgentHost.Sql.Syntax;

/// <summary>A query level: SELECT, one arm or the whole of a UNION, VALUES; of UPDATE and DELETE what they read.</summary>
public sealed record SelectSyntax
{
    /// <summary>From its first keyword to its end; without its WITH and without brackets.</summary>
    public TextRange Range { get; init; } = TextRange.None;

    /// <summary>The expressions after SELECT; of an UPDATE what is assigned.</summary>
    public ImmutableArray<TargetSyntax> Targets { get; init; } = [];

    /// <summary>The items of FROM, in order.</summary>
    public ImmutableArray<FromSyntax> From { get; init; } = [];

    /// <summary>The condition, or null.</summary>
    public SyntaxNode? Where { get; init; }

    /// <summary>GROUP BY.</summary>
    public ImmutableArray<SyntaxNode> GroupBy { get; init; } = [];

    /// <summary>HAVING, or null.</summary>
    public SyntaxNode? Having { get; init; }

    /// <summary>ORDER BY.</summary>
    public ImmutableArray<SortSyntax> OrderBy { get; init; } = [];

    /// <summary>LIMIT or FETCH FIRST, or null.</summary>
    public SyntaxNode? Limit { get; init; }

    /// <summary>OFFSET, or null.</summary>
    public SyntaxNode? Offset { get; init; }

    /// <summary>Whether it is SELECT DISTINCT, with or without ON.</summary>
    public bool IsDistinct { get; init; }

    /// <summary>DISTINCT ON (…).</summary>
    public ImmutableArray<SyntaxNode> DistinctOn { get; init; } = [];

    /// <summary>Whether rows are locked (FOR UPDATE), inserted into a table (INTO), or windows named: nothing that a rewrite carries over.</summary>
    public bool IsUnusual { get; init; }

    /// <summary>The arms of UNION, INTERSECT or EXCEPT; empty for anything else.</summary>
    public ImmutableArray<SelectSyntax> Arms { get; init; } = [];

    /// <summary>Its common table expressions.</summary>
    public ImmutableArray<CommonTable> CommonTables { get; init; } = [];

    /// <summary>The rows of VALUES.</summary>
    public ImmutableArray<SyntaxNode> Values { get; init; } = [];

    /// <summary>The conditions that all rows must meet: those of WHERE.</summary>
    public IEnumerable<SyntaxNode> Conjuncts => Where?.Conjuncts() ?? [];

    /// <summary>Every expression of this level itself, joins' conditions included; no subquery's.</summary>
    public IEnumerable<SyntaxNode> Expressions()
    {
        IEnumerable<SyntaxNode?> all =
        [
            .. Targets.Select(t => t.Value), .. From.SelectMany(f => f.Conditions()), Where, .. GroupBy, Having, .. OrderBy.Select(o => o.Key), Limit, Offset, .. DistinctOn, .. Values,
        ];
        return all.OfType<SyntaxNode>();
    }

    /// <summary>The levels directly below this one: arms, common table expressions, FROM's subqueries, those in expressions.</summary>
    public IEnumerable<SelectSyntax> Below() =>
        Arms.Concat(CommonTables.Select(c => c.Query).OfType<SelectSyntax>())
            .Concat(From.SelectMany(f => f.Leaves()).Select(f => f.Query).OfType<SelectSyntax>())
            .Concat(Expressions().SelectMany(e => e.All()).Select(e => e.Query).OfType<SelectSyntax>());
}

/// <summary>An output of a query level.</summary>
/// <param name="Value">The expression.</param>
/// <param name="Alias">Its name where one is given; of an UPDATE the column.</param>
public sealed record TargetSyntax(SyntaxNode Value, string? Alias);

/// <summary>A key of ORDER BY.</summary>
/// <param name="Key">The expression, or an output's name or number.</param>
/// <param name="Descending">DESC.</param>
/// <param name="NullsFirst">Where nulls go; last for ASC and first for DESC where nothing is said.</param>
public sealed record SortSyntax(SyntaxNode Key, bool Descending, bool NullsFirst);

/// <summary>A common table expression.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Query">Its query; null where it changes rows.</param>
/// <param name="Columns">The names that it gives its columns.</param>
public sealed record CommonTable(string Name, SelectSyntax? Query, ImmutableArray<string> Columns);
