using System.Collections.Immutable;
using System.Text.Json;
using AgentHost.Sql.Parsing;
using AgentHost.Sql.Statements;

namespace AgentHost.Sql.Lowering;

/// <summary>Statements on rows, and what is made from queries.</summary>
internal static class RowLowering
{
    public static Statement Lower(string kind, JsonElement node, TokenRange tokens)
    {
        if (kind == "SelectStmt" && node.Field("intoClause") is { } into) return CreateTableAs(into, node, ifNotExists: false, tokens);
        if (kind == "SelectStmt" && Setting(node, tokens) is { } setting) return setting;
        var few = LimitedRows.CommonTables(node);
        return Lower(kind, node, tokens, few) with
        {
            Writes =
            [
                .. LimitedRows.CommonQueries(node).Select(query => query.Unwrap()).Where(query => query.Kind is "UpdateStmt" or "DeleteStmt" or "MergeStmt")
                    .Select(write => Lower(write.Kind, write.Body, tokens, few)),
            ],
        };
    }

    private static RowStatement Lower(string kind, JsonElement node, TokenRange tokens, HashSet<string> few)
    {
        var verb = kind switch
        {
            "InsertStmt" => RowVerb.Insert,
            "UpdateStmt" => RowVerb.Update,
            "DeleteStmt" => RowVerb.Delete,
            "MergeStmt" => RowVerb.Merge,
            _ => RowVerb.Select,
        };
        var query = Read(kind, node);
        return new RowStatement(
            verb, node.Field("relation") is { } target ? NameLowering.Relation(target) : null, node.Field("whereClause") is not null, query.Relations)
        {
            Span = tokens.Span,
            Functions = query.Functions,
            Columns = query.Columns,
            Where = LimitedRows.Rows(node).Field("whereClause") is { } where ? ExpressionLowering.Lower(where, tokens.Until(tokens.Find("returning")).After("where")) : null,
            IsLimited = LimitedRows.Bound(node, few),
            ModifiesRows = query.ModifiesRows,
            LocksRows = query.LocksRows,
        };
    }

    public static Statement CreateAs(JsonElement node, TokenRange tokens)
    {
        var into = node.GetProperty("into");
        var query = node.GetProperty("query");
        return Kind(node) == ObjectKind.MaterializedView
            ? new CreateView(NameLowering.Relation(into.GetProperty("rel")), IsMaterialized: true, OrReplace: false, Read("", query).Relations)
            {
                Span = tokens.Span,
                Columns = Read("", query).Columns,
                Functions = Read("", query).Functions,
                WithNoData = into.Flag("skipData"),
            }
            : CreateTableAs(into, query, node.Flag("if_not_exists"), tokens);
    }

    public static CreateView View(JsonElement node, TokenRange tokens) =>
        new(NameLowering.Relation(node.GetProperty("view")), IsMaterialized: false, node.Flag("replace"), Read("", node.GetProperty("query")).Relations)
        {
            Span = tokens.Span,
            Columns = Read("", node.GetProperty("query")).Columns,
            Functions = Read("", node.GetProperty("query")).Functions,
            IsSecurityInvoker = UtilityLowering.IsOn(node, "options", "security_invoker"),
        };

    private static ObjectKind Kind(JsonElement node) => ObjectLowering.Kind(node.Text("objtype"));

    private static CreateTable CreateTableAs(JsonElement into, JsonElement query, bool ifNotExists, TokenRange tokens)
    {
        var relation = into.GetProperty("rel");
        return new CreateTable(NameLowering.Relation(relation), ifNotExists, NameLowering.IsTemporary(relation), [], [])
        {
            Span = tokens.Span,
            IsFromQuery = true,
            IsUnlogged = relation.Text("relpersistence") == "u",
            Relations = [.. Read("", query).Relations.Where(r => r != NameLowering.Relation(relation))],
        };
    }

    /// <summary><c>SELECT set_config('name', 'value', local)</c> with nothing else in it.</summary>
    private static SetVariable? Setting(JsonElement select, TokenRange tokens)
    {
        if (select.Field("fromClause") is not null || select.Items("targetList").Count() != 1) return null;
        var call = select.Items("targetList").First().As("ResTarget")?.Field("val")?.As("FuncCall");
        if (call is not { } function || NameLowering.Builtin(function.Strings("funcname")) != new QualifiedName(null, "set_config")) return null;
        var arguments = function.Items("args").Select(a => a.As("A_Const")?.ConstantText()).ToList();
        return arguments is [{ } name, { } value, { } local] ? new SetVariable(name, value, local == "true") { Span = tokens.Span } : null;
    }

    private readonly record struct Query(
        ImmutableArray<QualifiedName> Relations, ImmutableArray<QualifiedName> Functions, ImmutableArray<string> Columns, bool ModifiesRows, bool LocksRows);

    private static Query Read(string kind, JsonElement node)
    {
        var relations = new List<(int At, QualifiedName Name)>();
        var functions = new List<(int At, QualifiedName Name)>();
        var columns = new List<(int At, string Name)>();
        var (modifies, locks) = (false, false);
        var walk = new TreeWalk(kind, node);
        while (walk.Next(out var name, out var fields, out var scope))
        {
            if (name is "RangeVar" or "relation" && fields.Field("relname") is not null)
            {
                var relation = NameLowering.Relation(fields);
                // The target of a write is never a common table expression.
                if (name == "relation" || !CteScope.Hides(scope, relation)) relations.Add((fields.Number("location"), relation));
            }
            else if (ExpressionLowering.Function(name, fields) is { } function)
            {
                functions.Add((fields.Number("location"), function));
            }
            else if (name == "ColumnRef" && fields.Items("fields").LastOrDefault() is { ValueKind: JsonValueKind.Object } last)
            {
                columns.Add((fields.Number("location"), last.As("String")?.Text("sval") ?? "*"));
            }
            modifies |= name is "InsertStmt" or "UpdateStmt" or "DeleteStmt" or "MergeStmt";
            locks |= name == "LockingClause";
        }
        return new Query(ExpressionLowering.InSourceOrder(relations), ExpressionLowering.InSourceOrder(functions), ExpressionLowering.InSourceOrder(columns), modifies, locks);
    }
}
