using System.Collections.Immutable;
using System.Text.Json;
using AgentHost.Sql.Parsing;
using AgentHost.Sql.Statements;

namespace AgentHost.Sql.Lowering;

/// <summary>CREATE INDEX.</summary>
internal static class IndexLowering
{
    public static CreateIndex Create(JsonElement node, TokenRange tokens)
    {
        var relation = node.GetProperty("relation");
        var keys = ImmutableArray.CreateBuilder<IndexKey>();
        var rest = tokens.FromByte(relation.Number("location")).Bracketed();
        foreach (var element in node.Items("indexParams"))
        {
            var item = rest.Item();
            keys.Add(Key(element.GetProperty("IndexElem"), item));
            rest = rest.From(item.End + 1);
        }
        return new CreateIndex(
            node.Text("idxname"), NameLowering.Relation(relation), node.Flag("unique"), node.Flag("concurrent"), node.Flag("if_not_exists"),
            node.Text("accessMethod") ?? "btree", keys.DrainToImmutable(),
            [.. node.Items("indexIncludingParams").Select(i => i.GetProperty("IndexElem").Text("name")).OfType<string>()],
            node.Field("whereClause") is { } predicate ? ExpressionLowering.Lower(predicate, tokens.After("where")) : null)
        {
            Span = tokens.Span,
            Only = !relation.Flag("inh"),
            NullsNotDistinct = node.Flag("nulls_not_distinct"),
        };
    }

    private static IndexKey Key(JsonElement element, TokenRange tokens)
    {
        var descending = element.Text("ordering") == "SORTBY_DESC";
        var nullsFirst = element.Text("nulls_ordering") switch
        {
            "SORTBY_NULLS_FIRST" => true,
            "SORTBY_NULLS_LAST" => false,
            _ => descending,
        };
        // A column in brackets is a column (ComputeIndexAttrs).
        var column = element.Text("name") ?? (element.Field("expr")?.As("ColumnRef")?.Strings("fields") is [var bracketed] ? bracketed : null);
        var expression = column is null && element.Field("expr") is { } node ? ExpressionLowering.Lower(node, ExpressionTokens(tokens)) : null;
        var operatorClass = element.Strings("opclass");
        return new IndexKey(column, expression, descending, nullsFirst)
        {
            OperatorClass = operatorClass.IsEmpty ? null : NameLowering.Builtin(operatorClass),
            Collation = element.Strings("collation") is [_, ..] collation ? NameLowering.Builtin(collation) : null,
        };
    }

    /// <summary>An index's expression is bracketed or a function's call; collation, operator class and order stand behind it.</summary>
    private static TokenRange ExpressionTokens(TokenRange key)
    {
        if (key.IsSymbol(key.First, '(')) return key.Bracketed();
        var at = key.First + 1;
        while (key.IsSymbol(at, '.')) at += 2;
        return key.Until(key.IsSymbol(at, '(') ? key.Bracketed().End + 1 : at);
    }
}
