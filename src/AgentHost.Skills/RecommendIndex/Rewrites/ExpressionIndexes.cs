using AgentHost.Skills.RecommendIndex.Workloads;
using AgentHost.Sql;
using AgentHost.Sql.Syntax;

namespace AgentHost.Skills.RecommendIndex.Rewrites;

/// <summary>Tells whether an existing index has an expression of a query as its first key.</summary>
internal static class ExpressionIndexes
{
    public static bool Serve(RelationFacts relation, SyntaxNode expression, LevelScope scope)
    {
        var described = Describe(expression, scope);
        return relation.Model.Indexes.Any(i => i is { IsValid: true } && i.Keys[0].Expression is { } key && Describe(key.Text) == described);
    }

    private static string Describe(string key)
    {
        try
        {
            return QuerySyntax.Read("SELECT " + key)?.Top.Targets is [{ Value: var value }] ? Describe(value, null) : "";
        }
        catch (SqlInputException)
        {
            return "";
        }
    }

    // Columns by their names alone; a text constant's cast says nothing that PostgreSQL did not add itself.
    private static string Describe(SyntaxNode node, LevelScope? scope) => node switch
    {
        { Kind: NodeKind.Column } => "column " + (scope?.Column(node)?.Column ?? node.Path[^1]),
        { Kind: NodeKind.Cast, Parts: [{ Kind: NodeKind.Constant } constant] } => Describe(constant, scope),
        { Kind: NodeKind.Cast, Name: "date" } => $"call date({Describe(node.Parts[0], scope)})",
        _ => $"{node.Kind} {node.Name} {node.Value}({string.Join(", ", node.Parts.Select(p => Describe(p, scope)))})".Replace("Call ", "call ", StringComparison.Ordinal).Replace(" (", "(", StringComparison.Ordinal),
    };
}
