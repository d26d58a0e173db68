using System.Collections.Immutable;

namespace AgentHost.Sql.Syntax;

/// <summary>What an item of FROM is.</summary>
public enum FromKind
{
    /// <summary>A stored relation: <see cref="FromSyntax.Table"/>.</summary>
    Table,

    /// <summary>A common table expression.</summary>
    CommonTable,

    /// <summary>A subquery.</summary>
    Subquery,

    /// <summary>A function, or something else that gives rows.</summary>
    Other,

    /// <summary>A join of <see cref="FromSyntax.Left"/> and <see cref="FromSyntax.Right"/>.</summary>
    Join,
}

/// <summary>An item of FROM, or a side of a join.</summary>
/// <param name="Kind">What it is.</param>
/// <param name="Range">Where it stands, its alias included.</param>
public sealed record FromSyntax(FromKind Kind, TextRange Range)
{
    /// <summary>The relation as written.</summary>
    public QualifiedName? Table { get; init; }

    /// <summary>The name by which the level calls it; null where it has none.</summary>
    public string? Alias { get; init; }

    /// <summary>Whether <see cref="Alias"/> is written, so that the relation's own name means nothing.</summary>
    public bool HasAlias { get; init; }

    /// <summary>The names that the alias gives to columns.</summary>
    public ImmutableArray<string> ColumnNames { get; init; } = [];

    /// <summary>The subquery.</summary>
    public SelectSyntax? Query { get; init; }

    /// <summary>Whether it sees its neighbours.</summary>
    public bool IsLateral { get; init; }

    /// <summary>A join's left side.</summary>
    public FromSyntax? Left { get; init; }

    /// <summary>A join's right side.</summary>
    public FromSyntax? Right { get; init; }

    /// <summary>A join's kind: <c>inner</c>, <c>left</c>, <c>right</c>, <c>full</c>.</summary>
    public string JoinKind { get; init; } = "";

    /// <summary>NATURAL, or USING: columns that are equal by name.</summary>
    public bool JoinsByName { get; init; }

    /// <summary>The condition of ON, or null.</summary>
    public SyntaxNode? On { get; init; }

    /// <summary>The expressions of a function in FROM.</summary>
    public ImmutableArray<SyntaxNode> Arguments { get; init; } = [];

    /// <summary>The items that are no joins, in order.</summary>
    public IEnumerable<FromSyntax> Leaves() => Kind == FromKind.Join ? Left!.Leaves().Concat(Right!.Leaves()) : [this];

    /// <summary>The joins in it, itself first.</summary>
    public IEnumerable<FromSyntax> Joins() => Kind == FromKind.Join ? [this, .. Left!.Joins(), .. Right!.Joins()] : [];

    /// <summary>The conditions of its joins, and its functions' arguments.</summary>
    public IEnumerable<SyntaxNode> Conditions() => Joins().Select(j => j.On).OfType<SyntaxNode>().Concat(Leaves().SelectMany(l => l.Arguments));
}
