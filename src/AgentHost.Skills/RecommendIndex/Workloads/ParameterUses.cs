using AgentHost.Sql.Syntax;

namespace AgentHost.Skills.RecommendIndex.Workloads;

/// <summary>How a parameter is compared with its column.</summary>
internal enum ParameterRole
{
    /// <summary>Equal to the column, or one of a list that is.</summary>
    Equal,

    /// <summary>An array of values, one of which the column equals.</summary>
    AnyOf,

    /// <summary>The column is greater.</summary>
    Lower,

    /// <summary>The column is less.</summary>
    Upper,

    /// <summary>A pattern of LIKE.</summary>
    Pattern,

    /// <summary>What the column (an array, a document, a range) contains or shares an element with.</summary>
    Contained,

    /// <summary>An element that the column holds: <c>$1 = ANY (column)</c>.</summary>
    Element,

    /// <summary>Words that a text search looks for.</summary>
    Search,

    /// <summary>LIMIT.</summary>
    Limit,

    /// <summary>OFFSET.</summary>
    Offset,
}

/// <summary>A parameter's place that decides how many rows there are.</summary>
/// <param name="Number">The parameter.</param>
/// <param name="Role">How it is compared.</param>
/// <param name="Column">With what; null for LIMIT and OFFSET.</param>
/// <param name="Wrapper">The function around the column, or "".</param>
internal sealed record ParameterUse(int Number, ParameterRole Role, NamedColumn? Column, string Wrapper = "");

/// <summary>Finds what the parameters of a query are compared with.</summary>
internal static class ParameterUses
{
    /// <summary>The uses, in the order of the query's levels; a parameter may have several or none.</summary>
    public static List<ParameterUse> Of(QuerySyntax query, SchemaFacts schema)
    {
        var found = new List<ParameterUse>();
        foreach (var scope in LevelScope.Of(query, schema))
        {
            foreach (var node in scope.Level.Expressions().SelectMany(e => e.All()))
                found.AddRange(Uses(node, scope));
            if (scope.Level.Limit?.Bare() is { Kind: NodeKind.Parameter } limit)
                found.Add(new ParameterUse(limit.Number, ParameterRole.Limit, null));
            if (scope.Level.Offset?.Bare() is { Kind: NodeKind.Parameter } offset)
                found.Add(new ParameterUse(offset.Number, ParameterRole.Offset, null));
            // UPDATE … SET column = $1 assigns: any value of the column does.
            if (query.Verb == QueryVerb.Update && ReferenceEquals(scope.Level, query.Top) && scope.Tables.FirstOrDefault() is { Relation: { } target } written)
            {
                found.AddRange(scope.Level.Targets.Where(t => t.Alias is not null && t.Value.Bare().Kind == NodeKind.Parameter && target.Model.Column(t.Alias) is not null)
                    .Select(t => new ParameterUse(t.Value.Bare().Number, ParameterRole.Equal, new NamedColumn(written.Item, target, t.Alias!))));
            }
        }
        return found;
    }

    private static IEnumerable<ParameterUse> Uses(SyntaxNode node, LevelScope scope) => node switch
    {
        { Kind: NodeKind.Operator, Parts: [{ Kind: NodeKind.Row, Parts: [var a, ..] }, { Kind: NodeKind.Row, Parts: [var b, ..] } values], Name: var op } =>
            Compared(op, a, b, scope).Concat(node.Parts[0].Parts.Zip(values.Parts).Skip(1).SelectMany(pair => Compared("=", pair.First, pair.Second, scope))),
        { Kind: NodeKind.Operator, Parts: [var left, var right] } => Compared(node.Name, left, right, scope),
        { Kind: NodeKind.In, Parts: [var sought, ..] } when Subject(sought, scope) is var (column, wrapper) => Parameters(node.Parts.Skip(1)).Select(n => new ParameterUse(n, ParameterRole.Equal, column, wrapper)),
        { Kind: NodeKind.AnyOf, Name: "=", Parts: [var sought, var array] } when Subject(sought, scope) is var (column, wrapper) =>
            array.Bare() is { Kind: NodeKind.Array } listed ? Parameters(listed.Parts).Select(n => new ParameterUse(n, ParameterRole.Equal, column, wrapper)) : Parameters([array]).Select(n => new ParameterUse(n, ParameterRole.AnyOf, column, wrapper)),
        { Kind: NodeKind.AnyOf, Name: "=", Parts: [var element, var held] } when Subject(held, scope) is var (column, wrapper) => Parameters([element]).Select(n => new ParameterUse(n, ParameterRole.Element, column, wrapper)),
        { Kind: NodeKind.Between, Parts: [var bounded, var low, var high] } when Subject(bounded, scope) is var (column, wrapper) =>
            Parameters([low]).Select(n => new ParameterUse(n, ParameterRole.Lower, column, wrapper)).Concat(Parameters([high]).Select(n => new ParameterUse(n, ParameterRole.Upper, column, wrapper))),
        { Kind: NodeKind.Like, Parts: [var subject, var pattern] } when Subject(subject, scope) is var (column, wrapper) => Parameters([pattern]).Select(n => new ParameterUse(n, ParameterRole.Pattern, column, wrapper)),
        _ => [],
    };

    private static IEnumerable<ParameterUse> Compared(string op, SyntaxNode left, SyntaxNode right, LevelScope scope)
    {
        if (Subject(left, scope) is not var (column, wrapper))
            return Subject(right, scope) is null ? [] : Compared(op switch { "<" => ">", "<=" => ">=", ">" => "<", ">=" => "<=", "<@" => "@>", _ => op }, right, left, scope);
        ParameterRole? role = op switch
        {
            "=" or "<>" or "!=" => ParameterRole.Equal,
            ">" or ">=" => ParameterRole.Lower,
            "<" or "<=" => ParameterRole.Upper,
            "@>" or "&&" or "?" => ParameterRole.Contained,
            "@@" => ParameterRole.Search,
            "~~" or "~~*" => ParameterRole.Pattern,
            _ => null,
        };
        // What is searched for is wrapped: to_tsquery($1), $1::date, lower($1).
        var inside = role == ParameterRole.Search ? right.All() : right.Bare() is { Kind: NodeKind.Call, Parts: [var argument] } ? [argument] : [right];
        return role is { } known ? Parameters(inside).Select(n => new ParameterUse(n, known, column, wrapper)) : [];
    }

    private static IEnumerable<int> Parameters(IEnumerable<SyntaxNode> nodes) => nodes.Select(n => n.Bare()).Where(n => n.Kind == NodeKind.Parameter).Select(n => n.Number);

    /// <summary>The column that is compared, bare, cast, or inside of one function.</summary>
    private static (NamedColumn Column, string Wrapper)? Subject(SyntaxNode node, LevelScope scope)
    {
        if (scope.Column(node) is { } bare)
            return (bare, "");
        return node switch
        {
            { Kind: NodeKind.Cast, Parts: [var inner] } when scope.Column(inner) is { } cast => (cast, node.Name),
            { Kind: NodeKind.Call, Parts: [var only] } when scope.Column(only) is { } wrapped => (wrapped, node.Name),
            { Kind: NodeKind.Call, Name: "to_tsvector", Parts: [_, var text] } when scope.Column(text) is { } searched => (searched, node.Name),
            _ => null,
        };
    }
}
