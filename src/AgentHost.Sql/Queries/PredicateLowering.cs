using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json;
using AgentHost.Sql.Lowering;

namespace AgentHost.Sql.Queries;

/// <summary>Turns the conjuncts of WHERE and ON into predicates on the relations they restrict.</summary>
internal sealed partial class PredicateLowering(QueryLowering queries, Scope scope)
{
    /// <summary>Relations whose rows an outer join keeps whatever its ON says: their own conditions in it restrict nothing.</summary>
    public HashSet<RelationBuilder> Preserved { get; set; } = [];

    public void Conjunction(JsonElement node)
    {
        queries.Descend();
        var (type, body) = node.Unwrap();
        switch (type)
        {
            case "BoolExpr":
                Boolean(node, body);
                break;
            case "A_Expr":
                Comparison(node, body);
                break;
            case "NullTest" when QueryLowering.ColumnOf(body.GetProperty("arg"), scope) is { } tested:
                queries.Walk(node, scope);
                Restrict(tested, body.Text("nulltesttype") == "IS_NULL" ? PredicateKind.IsNull : PredicateKind.IsNotNull, Operand.None);
                break;
            case "BooleanTest" when QueryLowering.ColumnOf(body.GetProperty("arg"), scope) is { } flag
                && body.Text("booltesttype") is "IS_TRUE" or "IS_FALSE":
                queries.Walk(node, scope);
                Restrict(flag, body.Text("booltesttype") == "IS_TRUE" ? PredicateKind.IsTrue : PredicateKind.IsFalse, Operand.None);
                break;
            case "ColumnRef" when QueryLowering.ColumnOf(node, scope) is { } truth:
                queries.Walk(node, scope);
                Restrict(truth, PredicateKind.IsTrue, Operand.None);
                break;
            case "SubLink":
                Subquery(body);
                break;
            default:
                Unserved(UnservedKind.Expression, queries.Walk(node, scope));
                break;
        }
        queries.Ascend();
    }

    /// <summary>Notes a join between two columns on both sides.</summary>
    public static void Joined(ResolvedColumn? left, ResolvedColumn? right)
    {
        if (left is null || right is null || left.Relation == right.Relation)
            return;
        left.Relation.ColumnsUsed.Add(left.Column);
        right.Relation.ColumnsUsed.Add(right.Column);
        left.Relation.Predicates.Add(new ColumnPredicate(left.Column, PredicateKind.Equality, JoinTo(right)));
        right.Relation.Predicates.Add(new ColumnPredicate(right.Column, PredicateKind.Equality, JoinTo(left)));
    }

    private static Operand JoinTo(ResolvedColumn other) =>
        new(OperandKind.Column) { Column = new JoinedColumn(other.Relation.Table, other.Relation.Alias, other.Column) };

    private void Boolean(JsonElement node, JsonElement body)
    {
        var arguments = body.Items("args").ToList();
        switch (body.Text("boolop"))
        {
            case "AND_EXPR":
                foreach (var argument in arguments)
                    Conjunction(argument);
                break;
            case "NOT_EXPR" when QueryLowering.ColumnOf(arguments[0], scope) is { } column:
                queries.Walk(node, scope);
                Restrict(column, PredicateKind.IsFalse, Operand.None);
                break;
            case "NOT_EXPR" when arguments[0].Get("SubLink") is { } sublink && sublink.Text("subLinkType") == "EXISTS_SUBLINK":
                Subquery(sublink);
                break;
            case "NOT_EXPR":
                Unserved(UnservedKind.Inequality, queries.Walk(node, scope));
                break;
            default:
                Disjunction(node, arguments);
                break;
        }
    }

    private void Comparison(JsonElement node, JsonElement body)
    {
        var columns = queries.Walk(node, scope);
        var (left, right) = (body.Get("lexpr"), body.Get("rexpr"));
        switch (body.Text("kind"))
        {
            case "AEXPR_OP" when left is { } l && right is { } r && Operator(body) is "=" or "<" or "<=" or ">" or ">=":
                Compare(Operator(body), left!.Value, right!.Value, columns);
                break;
            case "AEXPR_OP" or "AEXPR_IN" when left is { } l && right is { } r && Operator(body) is "<>" or "!=" && (QueryLowering.ColumnOf(l, scope) ?? QueryLowering.ColumnOf(r, scope)) is { } excluded:
                Exclude(excluded, OperandOf(QueryLowering.ColumnOf(l, scope) is null ? l : r));
                Unserved(UnservedKind.Inequality, columns);
                break;
            case "AEXPR_OP" when Operator(body) is "<>" or "!=":
            case "AEXPR_NOT_BETWEEN" or "AEXPR_NOT_BETWEEN_SYM" or "AEXPR_DISTINCT":
            case "AEXPR_IN" when Operator(body) != "=":
            case "AEXPR_OP_ALL":
                Unserved(UnservedKind.Inequality, columns);
                break;
            case "AEXPR_IN" or "AEXPR_OP_ANY" when left is { } l && Operator(body) == "=" && QueryLowering.ColumnOf(l, scope) is { } member:
                Restrict(member, PredicateKind.Membership, OperandOf(right!.Value), columns);
                break;
            case "AEXPR_BETWEEN" or "AEXPR_BETWEEN_SYM" when left is { } l && QueryLowering.ColumnOf(l, scope) is { } between:
                Restrict(between, PredicateKind.Range, OperandOf(right!.Value), columns);
                break;
            case "AEXPR_IN" or "AEXPR_OP_ANY" when left is { } l && Operator(body) == "=" && Express(l, PredicateKind.Membership, right!.Value):
            case "AEXPR_BETWEEN" or "AEXPR_BETWEEN_SYM" when left is { } low && Express(low, PredicateKind.Range, right!.Value):
                Unserved(UnservedKind.Expression, columns, hasExpression: true);
                break;
            case "AEXPR_LIKE" or "AEXPR_OP" when left is { } l && Operator(body) is "~~" or "~" && Prefix(Operator(body), right) is { } prefix:
                if (QueryLowering.ColumnOf(l, scope) is { } begun)
                    Restrict(begun, PredicateKind.Prefix, prefix, columns);
                else
                    Unserved(UnservedKind.Expression, columns, hasExpression: Express(l, PredicateKind.Prefix, right!.Value));
                break;
            case "AEXPR_LIKE" or "AEXPR_ILIKE" or "AEXPR_SIMILAR":
            case "AEXPR_OP" when Operator(body).Contains('~', StringComparison.Ordinal):
                Unserved(UnservedKind.Pattern, columns, Operator(body));
                Operate(Operator(body), left, right);
                break;
            case "AEXPR_OP" or "AEXPR_OP_ANY":
                Unserved(UnservedKind.Operator, columns, Operator(body));
                if (body.Text("kind") == "AEXPR_OP")
                    Operate(Operator(body), left, right);
                else if (Operator(body) == "=")
                    Operate("=", right, left, ofAnyElement: true);
                break;
            default:
                Unserved(UnservedKind.Expression, columns);
                break;
        }
    }

    private void Compare(string op, JsonElement left, JsonElement right, List<ResolvedColumn> columns)
    {
        var kind = op == "=" ? PredicateKind.Equality : PredicateKind.Range;
        if (left.Get("RowExpr") is { } leftRow && right.Get("RowExpr") is { } rightRow)
        {
            var pairs = leftRow.Items("args").Zip(rightRow.Items("args"));
            // (a, b) < ($1, $2) is sought by a <= $1; all of an equality's columns are sought.
            foreach (var (l, r) in kind == PredicateKind.Equality ? pairs : pairs.Take(1))
                Compare(kind == PredicateKind.Equality ? op : op.TrimEnd('=') + "=", l, r, []);
            return;
        }

        var (a, b) = (QueryLowering.ColumnOf(left, scope), QueryLowering.ColumnOf(right, scope));
        if (a is not null && b is not null)
        {
            if (a.Relation == b.Relation)
                Unserved(UnservedKind.WithinRow, columns);
            else if (kind == PredicateKind.Equality)
                Joined(a, b);
            else
                RangeJoin(a, b);
            return;
        }
        if (a is null && b is null)
            Unserved(UnservedKind.Expression, columns, hasExpression: Express(left, kind, right) | Express(right, kind, left));
        else
            Restrict((a ?? b)!, kind, OperandOf(a is null ? left : right), columns, kind == PredicateKind.Range ? a is null ? Mirrored(op) : op : null);
    }

    private static string Mirrored(string op) => op switch { "<" => ">", "<=" => ">=", ">" => "<", ">=" => "<=", _ => op };

    private static void RangeJoin(ResolvedColumn a, ResolvedColumn b)
    {
        a.Relation.Predicates.Add(new ColumnPredicate(a.Column, PredicateKind.Range, JoinTo(b)));
        b.Relation.Predicates.Add(new ColumnPredicate(b.Column, PredicateKind.Range, JoinTo(a)));
    }

    private static string Operator(JsonElement body) => body.Strings("name").LastOrDefault() ?? "";

    // IN and EXISTS are semi-joins: either side may be looked up from the other.
    private void Subquery(JsonElement sublink)
    {
        if (sublink.Get("subselect").Get("SelectStmt") is not { } select)
            return;
        var result = queries.LowerSelect(select, scope);
        if (sublink.Get("testexpr") is not { } test)
            return;
        queries.Walk(test, scope);
        if (sublink.Text("subLinkType") != "ANY_SUBLINK" || sublink.Items("operName").Any() || QueryLowering.ColumnOf(test, scope) is not { } outer)
            return;
        if (result.Outputs is { Count: 1 } outputs && outputs.Values.Single() is { } inner && inner.Relation != outer.Relation)
            Joined(outer, inner);
        else
            Restrict(outer, PredicateKind.Equality, new Operand(OperandKind.Expression));
    }

    private void Exclude(ResolvedColumn column, Operand operand)
    {
        if (operand is { Kind: OperandKind.Constant, Literals.IsEmpty: false } && !Preserved.Contains(column.Relation))
            column.Relation.Exclusions.Add(new ColumnExclusion(column.Column, operand));
    }

    private void Restrict(ResolvedColumn column, PredicateKind kind, Operand operand, List<ResolvedColumn>? columns = null, string? op = null)
    {
        if (columns?.Exists(c => c.Relation == column.Relation && c.Column != column.Column) == true)
            Unserved(UnservedKind.WithinRow, columns);
        else if (!Preserved.Contains(column.Relation))
            column.Relation.Predicates.Add(new ColumnPredicate(column.Column, kind, operand) { Operator = op });
    }

    private static void Unserved(UnservedKind kind, List<ResolvedColumn> columns, string? op = null, bool hasExpression = false)
    {
        foreach (var group in columns.GroupBy(c => c.Relation))
        {
            group.Key.Unserved.Add(
                new UnservedPredicate(kind, [.. group.Select(c => c.Column).Distinct().Order(StringComparer.Ordinal)]) { Operator = op, HasExpression = hasExpression });
        }
    }

    private Operand OperandOf(JsonElement node)
    {
        while (node.Get("TypeCast") is { } cast)
            node = cast.GetProperty("arg");
        var (type, body) = node.Unwrap();
        switch (type)
        {
            case "A_Const":
                return new Operand(OperandKind.Constant) { Literals = LiteralOf(body) is { } literal ? [literal with { Location = body.Get("location")?.GetInt32() ?? 0 }] : [] };
            case "ParamRef":
                return new Operand(OperandKind.Parameter);
            case "ColumnRef" when QueryLowering.ColumnOf(node, scope) is { } column:
                return JoinTo(column);
            case "List":
                return Merge([.. body.Items("items").Select(OperandOf)]);
            case "A_ArrayExpr":
                return Merge([.. body.Items("elements").Select(OperandOf)]);
            default:
                return new Operand(OperandKind.Expression);
        }
    }

    private static Operand Merge(List<Operand> operands)
    {
        if (operands.TrueForAll(o => o.Kind == OperandKind.Constant))
            return new Operand(OperandKind.Constant) { Literals = operands.TrueForAll(o => o.Literals.Length > 0) ? [.. operands.SelectMany(o => o.Literals)] : [] };
        return new Operand(operands.TrueForAll(o => o.Kind is OperandKind.Constant or OperandKind.Parameter) ? OperandKind.Parameter : OperandKind.Expression);
    }

    internal static Literal? LiteralOf(JsonElement constant)
    {
        if (constant.Get("ival") is { } integer)
        {
            var value = (integer.Get("ival")?.GetInt32() ?? 0).ToString(CultureInfo.InvariantCulture);
            return new Literal(value, value);
        }
        if (constant.Get("boolval") is { } boolean)
            return boolean.Flag("boolval") ? new Literal("true", "t") : new Literal("false", "f");
        if (constant.Get("fval")?.Text("fval") is { } number)
            return new Literal(number, number);
        if (constant.Get("sval") is { } text)
        {
            var value = text.Text("sval") ?? "";
            return new Literal("'" + value.Replace("'", "''", StringComparison.Ordinal) + "'", value);
        }
        return null;
    }
}
