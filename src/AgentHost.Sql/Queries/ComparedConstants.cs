using System.Collections.Immutable;
using System.Text;
using System.Text.Json;
using AgentHost.Sql.Lowering;
using AgentHost.Sql.Parsing;

namespace AgentHost.Sql.Queries;

/// <summary>A constant of a query with what it is compared with.</summary>
/// <param name="Relations">The stored relations that the query names, in any of its levels, in source order.</param>
/// <param name="Qualifier">By which name of a relation or alias the query calls the column's; null where by none, or where it is an expression that is compared.</param>
/// <param name="Column">The column; null where it is an expression.</param>
/// <param name="Operator">The operator: <c>=</c>, <c>&lt;</c>, <c>~~</c> (LIKE), <c>~~*</c> (ILIKE), <c>@&gt;</c>, …; with ! before it where it is denied.</param>
/// <param name="Value">The value, without quotes.</param>
public sealed record ComparedConstant(ImmutableArray<(QualifiedName Table, string Alias)> Relations, string? Qualifier, string? Column, string Operator, string Value)
{
    /// <summary>The function of text search that makes a query of it (<c>to_tsquery</c>, …), with its configuration (empty where it is the default one); null else.</summary>
    public (string Name, string Configuration)? Search { get; init; }
}

/// <summary>Puts other constants into a query's text, where columns or expressions are compared with them.</summary>
public static class ComparedConstants
{
    private static readonly HashSet<string> Searches = new(["to_tsquery", "plainto_tsquery", "phraseto_tsquery", "websearch_to_tsquery"], StringComparer.Ordinal);

    /// <summary>The constants in source order.</summary>
    /// <exception cref="SqlInputException">The text does not parse.</exception>
    public static ImmutableArray<ComparedConstant> Of(string sql)
    {
        using var tree = SqlParser.ParseTree(sql);
        return [.. new Walk().Find(tree.RootElement).Select(found => found.Constant)];
    }

    /// <summary>The text with other constants; all else stays as it is.</summary>
    /// <param name="sql">One statement.</param>
    /// <param name="other">What to write for a constant: the value alone, without quotes; null to leave it. Of a search it is what <c>to_tsquery</c> is to be given with the configuration <c>simple</c>.</param>
    /// <exception cref="SqlInputException">The text does not parse.</exception>
    public static string Replace(string sql, Func<ComparedConstant, string?> other)
    {
        ArgumentNullException.ThrowIfNull(other);
        using var tree = SqlParser.ParseTree(sql);
        var changes = new SortedDictionary<int, string>();
        foreach (var (constant, location, parts) in new Walk().Find(tree.RootElement))
        {
            if (other(constant) is not { } value)
                continue;
            changes[location] = value;
            if (parts is not { } search)
                continue;
            if (search.Function >= 0)
                changes[search.Function] = "to_tsquery";
            if (search.Configuration >= 0)
                changes[search.Configuration] = "simple";
        }

        return changes.Count == 0 ? sql : Written(SourceText.Read(sql), changes);
    }

    private static string Written(SourceText source, SortedDictionary<int, string> changes)
    {
        var text = new StringBuilder();
        var behind = 0;
        foreach (var (location, value) in changes)
        {
            var place = source.TokenAtByte(location);
            if (place >= source.Tokens.Length || source.Tokens[place] is var token && token.Start < behind)
                continue;
            if (token.Kind is not (TokenKind.String or TokenKind.Number or TokenKind.Word))
                continue;
            text.Append(source.Text, behind, token.Start - behind);
            text.Append(token.Kind == TokenKind.String ? "'" + value.Replace("'", "''", StringComparison.Ordinal) + "'" : value);
            behind = token.End;
        }

        return text.Append(source.Text, behind, source.Text.Length - behind).ToString();
    }

    /// <summary>Walks the whole tree: a comparison counts wherever it stands.</summary>
    private sealed class Walk
    {
        private readonly List<(QualifiedName Table, string Alias)> relations = [];
        private readonly List<(JsonElement Node, ComparedConstant Constant, (int Function, int Configuration)? Search)> found = [];

        public List<(ComparedConstant Constant, int Location, (int Function, int Configuration)? Search)> Find(JsonElement root)
        {
            try
            {
                Visit(root);
            }
            catch (InsufficientExecutionStackException)
            {
                throw new SqlInputException("The statement nests too deeply to be analysed; split it or shorten its chains.", new SourceSpan(0, 0, 1, 1));
            }

            ImmutableArray<(QualifiedName, string)> all = [.. relations];
            return [.. found.Select(f => (f.Constant with { Relations = all }, f.Node.Number("location"), f.Search))];
        }

        private void Visit(JsonElement element)
        {
            System.Runtime.CompilerServices.RuntimeHelpers.EnsureSufficientExecutionStack();
            if (element.ValueKind == JsonValueKind.Array)
            {
                foreach (var item in element.EnumerateArray())
                    Visit(item);
            }
            else if (element.ValueKind == JsonValueKind.Object)
            {
                foreach (var property in element.EnumerateObject())
                {
                    if (property.Value.ValueKind == JsonValueKind.Object && property.Name is "RangeVar" or "relation" && property.Value.Text("relname") is { } name)
                        relations.Add((new QualifiedName(property.Value.Text("schemaname"), name), property.Value.Field("alias") is { } alias ? alias.Text("aliasname") ?? name : name));
                    else if (property.Name == "A_Expr")
                        Compared(property.Value);
                    Visit(property.Value);
                }
            }
        }

        private void Compared(JsonElement body)
        {
            var (kind, name) = (body.Text("kind"), body.Strings("name").LastOrDefault() ?? "");
            if (kind is not ("AEXPR_OP" or "AEXPR_OP_ANY" or "AEXPR_OP_ALL" or "AEXPR_IN" or "AEXPR_LIKE" or "AEXPR_ILIKE" or "AEXPR_BETWEEN" or "AEXPR_NOT_BETWEEN" or "AEXPR_BETWEEN_SYM" or "AEXPR_NOT_BETWEEN_SYM"
                or "AEXPR_DISTINCT" or "AEXPR_NOT_DISTINCT") || body.Field("lexpr") is not { } left || body.Field("rexpr") is not { } right)
                return;
            // Arithmetic makes values, and a path leads into a document: neither compares.
            if (name is "+" or "-" or "*" or "/" or "%" or "^" or "||" or "->" or "->>" or "#>" or "#>>")
                return;
            Take(left, right, name);
            Take(right, left, name);
        }

        private void Take(JsonElement side, JsonElement other, string by)
        {
            if (other.Unwrap().Kind is "A_Const" or "TypeCast" && IsConstant(other))
                return;
            var column = other.As("ColumnRef")?.Strings("fields") ?? [];
            var about = new ComparedConstant([], column.Length > 1 ? column[^2] : null, column.Length > 0 ? column[^1] : null, by, "");
            foreach (var constant in Constants(side))
                found.Add((constant, about with { Value = constant.ConstantText()! }, null));
            if (by is "@@" or "@@@" && side.As("FuncCall") is { } call && call.Strings("funcname").LastOrDefault() is { } function && Searches.Contains(function) && (call.Strings("funcname").Length == 1 || function == "to_tsquery"))
                Search(call, function, about);
        }

        private void Search(JsonElement call, string function, ComparedConstant about)
        {
            var arguments = call.Items("args").Select(a => Constants(a).Cast<JsonElement?>().FirstOrDefault()).ToList();
            if (arguments.Count is 0 or > 2 || arguments[^1] is not { } text || arguments[0] is not { } first)
                return;
            var configuration = arguments.Count == 2 ? first : (JsonElement?)null;
            found.Add((text, about with { Value = text.ConstantText()!, Search = (function, configuration?.ConstantText() ?? "") }, (call.Strings("funcname").Length == 1 ? call.Number("location") : -1, configuration?.Number("location") ?? -1)));
        }

        private static bool IsConstant(JsonElement node) => Constants(node).Any();

        /// <summary>A constant, one that is cast, or all of a list of them.</summary>
        private static IEnumerable<JsonElement> Constants(JsonElement node)
        {
            var (kind, body) = node.Unwrap();
            return kind switch
            {
                "A_Const" when body.ConstantText() is not null && body.Field("boolval") is null => [body],
                "TypeCast" when body.Field("arg") is { } inner => Constants(inner),
                "List" => body.Items("items").SelectMany(Constants),
                "A_ArrayExpr" => body.Items("elements").SelectMany(Constants),
                _ => [],
            };
        }
    }
}
