using System.Globalization;
using AgentHost.Skills.RecommendIndex.Workloads;
using AgentHost.Sql.Syntax;

namespace AgentHost.Skills.RecommendIndex.Rewrites;

/// <summary>COALESCE, the beginning of a text, and casts of the column to another type.</summary>
internal static class ValueConditions
{
    private const string AnotherForm = "The two differ for values that are written in another form.";

    public static BareCondition? Bare(Comparison comparison, RewriteCase query, LevelScope scope)
    {
        if (comparison.Operator != "=")
            return null;
        return comparison.Side switch
        {
            { Kind: NodeKind.Coalesce, Parts: [var column, var standIn] } => Coalesced(comparison.Other, column, standIn, query, scope),
            { Kind: NodeKind.Call, Name: "left" or "substring" or "substr", IsModified: false } call => Beginning(comparison.Other, call, query, scope),
            { Kind: NodeKind.Cast, Parts: [var column], Name: var type } => Cast(comparison.Other, column, type, query, scope),
            { Kind: NodeKind.Column } column => Implicit(comparison.Other, column, query, scope),
            _ => null,
        };
    }

    private static BareCondition? Coalesced(SyntaxNode value, SyntaxNode node, SyntaxNode standIn, RewriteCase query, LevelScope scope)
    {
        if (scope.Column(node) is not { } column || scope.Mentions(standIn) is not { Count: 0 })
            return null;
        var equal = $"{query.TextOf(node)} = {query.Operand(value)}";
        if (column.Relation.IsNotNull(column.Column))
            return new BareCondition(column, equal);
        // Constants of one kind are the same or are not; of anything else the database must say.
        if (standIn.Kind == NodeKind.Constant && value.Kind == NodeKind.Constant && standIn.Constant == value.Constant && standIn.Constant is ConstantKind.Whole or ConstantKind.Boolean
            || (standIn.Kind == NodeKind.Constant && value.Kind == NodeKind.Constant && standIn.Constant == ConstantKind.Text && value.Constant == ConstantKind.Text && column.Type is "text" or "character varying"))
        {
            return new BareCondition(column, standIn.Value == value.Value ? $"({equal} OR {query.TextOf(node)} IS NULL)" : equal);
        }
        return value.Kind == NodeKind.Parameter && standIn.Kind == NodeKind.Constant
            ? new BareCondition(column, $"({equal} OR ({query.TextOf(node)} IS NULL AND {query.Operand(value)} = {query.TextOf(standIn)}))")
            : null;
    }

    private static BareCondition? Beginning(SyntaxNode value, SyntaxNode call, RewriteCase query, LevelScope scope)
    {
        var length = call switch
        {
            { Name: "left", Parts: [_, { Constant: ConstantKind.Whole, Value: var n }] } => n,
            { Name: not "left", Parts: [_, { Constant: ConstantKind.Whole, Value: "1" }, { Constant: ConstantKind.Whole, Value: var n }] } => n,
            _ => null,
        };
        if (length is null || value is not { Kind: NodeKind.Constant, Constant: ConstantKind.Text, Value: var text } || scope.Column(call.Parts[0]) is not { Type: "text" or "character varying" } column
            || text.EnumerateRunes().Count().ToString(CultureInfo.InvariantCulture) != length || text.Length == 0)
        {
            return null;
        }
        var pattern = text.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("%", "\\%", StringComparison.Ordinal).Replace("_", "\\_", StringComparison.Ordinal).Replace("'", "''", StringComparison.Ordinal);
        return new BareCondition(column, $"{query.TextOf(call.Parts[0])} LIKE '{pattern}%'");
    }

    private static BareCondition? Cast(SyntaxNode value, SyntaxNode node, string type, RewriteCase query, LevelScope scope)
    {
        if (scope.Column(node) is not { Type: { } own } column)
            return null;
        var name = query.TextOf(node);
        var isText = type is "text" or "varchar" or "bpchar";
        if (IsWhole(own) && isText && value is { Kind: NodeKind.Constant, Constant: ConstantKind.Text } && long.TryParse(value.Value, CultureInfo.InvariantCulture, out var number))
            return Cast(column, $"{name} = {number.ToString(CultureInfo.InvariantCulture)}", number.ToString(CultureInfo.InvariantCulture) == value.Value);
        if (IsWhole(own) && isText && value.Kind == NodeKind.Parameter)
            return Cast(column, $"{name} = {query.TextOf(value)}::{own}", isExact: false);
        if (own == "uuid" && isText && (value.Kind == NodeKind.Parameter || (value.Constant == ConstantKind.Text && Guid.TryParseExact(value.Value, "D", out _))))
            return Cast(column, $"{name} = {query.TextOf(value)}::uuid", value.Kind == NodeKind.Constant && !value.Value.Any(char.IsAsciiLetterUpper));
        if (IsWhole(own) && type is "numeric" or "float8" or "int8" or "int4" && value is { Kind: NodeKind.Constant, Constant: ConstantKind.Whole })
            return Cast(column, $"{name} = {query.TextOf(value)}", isExact: true);
        if (own is "text" or "character varying" && type is "int4" or "int8" or "numeric" && value is { Kind: NodeKind.Constant, Constant: ConstantKind.Whole })
            return Cast(column, $"{name} = '{value.Value}'", isExact: false);
        return null;
    }

    // A whole number's column is cast for every row where it meets a fraction's type; PostgreSQL refuses a text that meets a number.
    private static BareCondition? Implicit(SyntaxNode value, SyntaxNode node, RewriteCase query, LevelScope scope)
    {
        if (scope.Column(node) is not { Type: { } own } column)
            return null;
        var name = query.TextOf(node);
        if (IsWhole(own) && value is { Kind: NodeKind.Constant, Constant: ConstantKind.Numeric } && decimal.TryParse(value.Value, NumberStyles.Float, CultureInfo.InvariantCulture, out var number)
            && decimal.Truncate(number) == number && Math.Abs(number) < int.MaxValue)
        {
            return Cast(column, $"{name} = {number.ToString("0", CultureInfo.InvariantCulture)}", isExact: true);
        }
        if (IsWhole(own) && value is { Kind: NodeKind.Cast, Name: "numeric" or "float8" or "float4", Parts: [{ Kind: NodeKind.Parameter or NodeKind.Constant } inner] })
            return Cast(column, $"{name} = {query.TextOf(inner)}::{own}", isExact: false) with { Note = "The two differ for fractions, which no row has." };
        return own is "text" or "character varying" && value is { Kind: NodeKind.Constant, Constant: ConstantKind.Whole }
            ? Cast(column, $"{name} = '{value.Value}'", isExact: false) with { Note = "PostgreSQL refuses to compare a text with a number." }
            : null;
    }

    private static BareCondition Cast(NamedColumn column, string sql, bool isExact) =>
        new(column, sql) { Kind = RewriteKind.CastColumn, IsExact = isExact, Note = isExact ? "" : AnotherForm };

    private static bool IsWhole(string type) => type is "bigint" or "integer" or "smallint";
}
