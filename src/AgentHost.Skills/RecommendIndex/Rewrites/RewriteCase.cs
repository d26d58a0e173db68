using AgentHost.Skills.RecommendIndex.Workloads;
using AgentHost.Sql.Queries;
using AgentHost.Sql.Syntax;

namespace AgentHost.Skills.RecommendIndex.Rewrites;

/// <summary>A query that is looked at for rewrites, with its names resolved.</summary>
internal sealed class RewriteCase(WeightedQuery query, QuerySyntax syntax, SchemaFacts schema, bool isDear = false)
{
    private const int LeastPages = 10;

    private readonly Lazy<List<LevelScope>> scopes = new(() => [.. LevelScope.Of(syntax, schema)]);

    public WeightedQuery Query => query;

    public QuerySyntax Syntax => syntax;

    public SchemaFacts Schema => schema;

    public IReadOnlyList<LevelScope> Scopes => scopes.Value;

    /// <summary>Whether reading a table is worth a word: what the query costs the workload decides where it is known, however small the table, else the table's size.</summary>
    public bool Matters(RelationFacts table) => table.IsLarge || (isDear && table.Pages >= LeastPages);

    public string TextOf(SyntaxNode node) => syntax.TextOf(node.Range);

    /// <summary>An expression's text, in brackets where what stands around it could tear it apart.</summary>
    public string Operand(SyntaxNode node) =>
        node.Kind is NodeKind.Constant or NodeKind.Parameter or NodeKind.Column or NodeKind.Call or NodeKind.Cast or NodeKind.Coalesce or NodeKind.Array || IsWord(node) ? TextOf(node) : $"({TextOf(node)})";

    /// <summary>A rewrite whose text is that of the query with some places replaced.</summary>
    public QueryRewrite Rewrite(RewriteKind kind, string what, string why, bool isExact, params IEnumerable<(TextRange Range, string By)> edits) =>
        Template(kind, what, why) with { Sql = syntax.Replaced(edits), IsExact = isExact };

    /// <summary>A rewrite without a text.</summary>
    public QueryRewrite Template(RewriteKind kind, string what, string why) => new(query.Name, kind, what, why);

    /// <summary>CURRENT_DATE and its kin.</summary>
    private bool IsWord(SyntaxNode node) => node.Kind == NodeKind.Other && TextOf(node).All(c => char.IsAsciiLetterOrDigit(c) || c == '_');
}
