using System.Collections.Immutable;
using System.Text.Json;

namespace AgentHost.Sql.Lowering;

/// <summary>
/// Reads libpg_query's JSON: a node is an object with one property, its kind, as <c>{"RangeVar": {…}}</c>; a field of a fixed kind has no such
/// wrapper; fields that are 0, false or empty are left out.
/// </summary>
internal static class Tree
{
    public static JsonElement? Field(this JsonElement node, string name) => node.TryGetProperty(name, out var value) ? value : null;

    public static string? Text(this JsonElement node, string name) => node.TryGetProperty(name, out var value) ? value.GetString() : null;

    public static bool Flag(this JsonElement node, string name) => node.TryGetProperty(name, out var value) && value.GetBoolean();

    public static int Number(this JsonElement node, string name) => node.TryGetProperty(name, out var value) ? value.GetInt32() : 0;

    public static JsonElement.ArrayEnumerator Items(this JsonElement node, string name) =>
        node.TryGetProperty(name, out var value) ? value.EnumerateArray() : default;

    /// <summary>A wrapped node's kind and its fields.</summary>
    public static (string Kind, JsonElement Body) Unwrap(this JsonElement node)
    {
        foreach (var property in node.EnumerateObject()) return (property.Name, property.Value);
        return ("", node);
    }

    /// <summary>The fields of a wrapped node where it is of this kind, else null.</summary>
    public static JsonElement? As(this JsonElement node, string kind) => node.Field(kind);

    /// <summary>The fields of whatever wrapped node a field holds.</summary>
    public static JsonElement? Body(this JsonElement node, string name) => node.Field(name)?.Unwrap().Body;

    /// <summary>A list of <c>{"String": {"sval": "…"}}</c>; other nodes in it are passed over.</summary>
    public static ImmutableArray<string> Strings(this JsonElement node, string name)
    {
        var strings = ImmutableArray.CreateBuilder<string>();
        foreach (var item in node.Items(name))
            if (item.As("String") is { } text)
                strings.Add(text.Text("sval") ?? "");
        return strings.DrainToImmutable();
    }

    /// <summary>A constant's value as text: a string's content, a number as written, <c>true</c> or <c>false</c>; null for NULL and what is none.</summary>
    public static string? ConstantText(this JsonElement constant)
    {
        if (constant.Field("sval") is { } text) return text.Text("sval") ?? "";
        if (constant.Field("ival") is { } integer) return integer.Number("ival").ToString();
        if (constant.Field("fval") is { } number) return number.Text("fval");
        if (constant.Field("boolval") is { } boolean) return boolean.Flag("boolval") ? "true" : "false";
        return null;
    }
}
