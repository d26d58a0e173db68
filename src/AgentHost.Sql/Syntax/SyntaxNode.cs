using System.Collections.Immutable;

namespace AgentHost.Sql.Syntax;

/// <summary>What an expression is.</summary>
public enum NodeKind
{
    /// <summary>A column, or a whole row: <see cref="SyntaxNode.Path"/>.</summary>
    Column,

    /// <summary><c>*</c> or <c>t.*</c>.</summary>
    Star,

    /// <summary>A constant: <see cref="SyntaxNode.Value"/>, <see cref="SyntaxNode.Constant"/>.</summary>
    Constant,

    /// <summary><c>$n</c>: <see cref="SyntaxNode.Number"/>.</summary>
    Parameter,

    /// <summary>A cast of its one part to the type <see cref="SyntaxNode.Name"/>.</summary>
    Cast,

    /// <summary>A call of the function <see cref="SyntaxNode.Name"/>.</summary>
    Call,

    /// <summary>The operator <see cref="SyntaxNode.Name"/> between two parts, or before one.</summary>
    Operator,

    /// <summary>LIKE, ILIKE or SIMILAR TO; <see cref="SyntaxNode.Name"/> is the operator (<c>~~</c>).</summary>
    Like,

    /// <summary>A conjunction of its parts.</summary>
    And,

    /// <summary>A disjunction of its parts.</summary>
    Or,

    /// <summary>The negation of its part.</summary>
    Not,

    /// <summary><c>IN (…)</c> a list: the part that is sought, then the list's items; <see cref="SyntaxNode.Name"/> is <c>&lt;&gt;</c> for NOT IN.</summary>
    In,

    /// <summary><c>= ANY (array)</c>: what is sought and the array; <see cref="SyntaxNode.Name"/> is the operator.</summary>
    AnyOf,

    /// <summary>BETWEEN: what is bounded, and both bounds.</summary>
    Between,

    /// <summary>IS NULL.</summary>
    IsNull,

    /// <summary>IS NOT NULL.</summary>
    IsNotNull,

    /// <summary>COALESCE of its parts.</summary>
    Coalesce,

    /// <summary>A row of its parts.</summary>
    Row,

    /// <summary>ARRAY[…] of its parts.</summary>
    Array,

    /// <summary>EXISTS (<see cref="SyntaxNode.Query"/>).</summary>
    Exists,

    /// <summary>Its part IN (<see cref="SyntaxNode.Query"/>), or compared with ANY of its rows by the operator <see cref="SyntaxNode.Name"/>.</summary>
    InQuery,

    /// <summary>The one value of <see cref="SyntaxNode.Query"/>.</summary>
    ScalarQuery,

    /// <summary>Anything else.</summary>
    Other,
}

/// <summary>What a constant is before any cast.</summary>
public enum ConstantKind { None, Null, Text, Whole, Numeric, Boolean }

/// <summary>An expression of a statement, with its place in the text.</summary>
/// <param name="Kind">What it is.</param>
/// <param name="Range">Where it stands; brackets around it as a whole are outside.</param>
/// <param name="Parts">What it is made of, in order.</param>
public sealed record SyntaxNode(NodeKind Kind, TextRange Range, ImmutableArray<SyntaxNode> Parts)
{
    /// <summary>An operator, a function or a type, in lower case as PostgreSQL folds it; <c>pg_catalog.</c> is left out.</summary>
    public string Name { get; init; } = "";

    /// <summary>A column's name, with its qualification before it.</summary>
    public ImmutableArray<string> Path { get; init; } = [];

    /// <summary>A parameter's number.</summary>
    public int Number { get; init; }

    /// <summary>A constant's value: a text's content, a number as written, <c>true</c>, <c>false</c>.</summary>
    public string Value { get; init; } = "";

    /// <summary>What a constant is.</summary>
    public ConstantKind Constant { get; init; }

    /// <summary>A call that is more than a function of its arguments: DISTINCT, FILTER, OVER, ORDER BY, VARIADIC.</summary>
    public bool IsModified { get; init; }

    /// <summary>A call with <c>*</c>: <c>count(*)</c>.</summary>
    public bool IsOverStar { get; init; }

    /// <summary>The subquery.</summary>
    public SelectSyntax? Query { get; init; }

    /// <summary>This node and all below it, subqueries left out.</summary>
    public IEnumerable<SyntaxNode> All()
    {
        var pending = new Stack<SyntaxNode>([this]);
        while (pending.TryPop(out var next))
        {
            yield return next;
            for (var i = next.Parts.Length - 1; i >= 0; i--)
                pending.Push(next.Parts[i]);
        }
    }

    /// <summary>The parts of a conjunction of conjunctions, or the node itself.</summary>
    public IEnumerable<SyntaxNode> Conjuncts() => Kind == NodeKind.And ? Parts.SelectMany(p => p.Conjuncts()) : [this];

    /// <summary>Without casts around it.</summary>
    public SyntaxNode Bare() => Kind == NodeKind.Cast ? Parts[0].Bare() : this;
}
