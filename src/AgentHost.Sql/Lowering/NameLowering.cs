using System.Collections.Immutable;
using System.Text.Json;
using AgentHost.Sql.Statements;

namespace AgentHost.Sql.Lowering;

/// <summary>Names of relations, functions and types.</summary>
internal static class NameLowering
{
    /// <summary>The schema that stands for the session's own, which is searched before all others.</summary>
    private const string Temporary = "pg_temp";

    /// <summary>The fields of a RangeVar; a temporary relation is named without its schema.</summary>
    public static QualifiedName Relation(JsonElement rangeVar) =>
        new(rangeVar.Text("schemaname") is var schema && schema == Temporary ? null : schema, rangeVar.Text("relname") ?? "");

    /// <summary>Whether the fields of a RangeVar say that the relation is to be temporary.</summary>
    public static bool IsTemporary(JsonElement rangeVar) => rangeVar.Text("relpersistence") == "t" || rangeVar.Text("schemaname") == Temporary;

    /// <summary>A dotted name; a database in front of it is dropped, since it can only be the current one.</summary>
    public static QualifiedName Dotted(ImmutableArray<string> parts) => parts switch
    {
        [] => new QualifiedName(null, ""),
        [var name] => new QualifiedName(null, name),
        [.., Temporary, var name] => new QualifiedName(null, name),
        [.., var schema, var name] => new QualifiedName(schema, name),
    };

    /// <summary>A dotted name of a built-in or user's function, type or operator class; <c>pg_catalog</c> goes without saying.</summary>
    public static QualifiedName Builtin(ImmutableArray<string> parts) =>
        Dotted(parts) is var name && name.Schema == "pg_catalog" ? new QualifiedName(null, name.Name) : Dotted(parts);

    /// <summary>The fields of a TypeName.</summary>
    public static TypeName Type(JsonElement type)
    {
        var parts = type.Strings("names");
        var (name, isSerial) = parts is ["pg_catalog", var internalName]
            ? (Canonical(internalName), false)
            : parts is [var plain] ? Plain(plain) : (null, false);
        var modifiers = ImmutableArray.CreateBuilder<int>();
        foreach (var modifier in type.Items("typmods"))
            if (modifier.As("A_Const")?.Field("ival") is { } value)
                modifiers.Add(value.Number("ival"));
        return new TypeName(
            name is null ? Dotted(parts) : new QualifiedName(null, name),
            modifiers.DrainToImmutable(),
            type.Items("arrayBounds").Count()) { IsSerial = isSerial };
    }

    private static (string? Name, bool IsSerial) Plain(string name) => name switch
    {
        "serial" or "serial4" => ("integer", true),
        "bigserial" or "serial8" => ("bigint", true),
        "smallserial" or "serial2" => ("smallint", true),
        // char without quotes arrives as pg_catalog.bpchar; this is the one-byte type of the catalogs.
        "char" => ("\"char\"", false),
        _ => (Canonical(name), false),
    };

    /// <summary>The name that format_type() gives.</summary>
    private static string Canonical(string name) => name switch
    {
        "int2" => "smallint",
        "int4" => "integer",
        "int8" => "bigint",
        "float4" => "real",
        "float8" => "double precision",
        "bool" => "boolean",
        "varchar" => "character varying",
        "bpchar" => "character",
        "varbit" => "bit varying",
        "timestamp" => "timestamp without time zone",
        "timestamptz" => "timestamp with time zone",
        "time" => "time without time zone",
        "timetz" => "time with time zone",
        _ => name,
    };
}
