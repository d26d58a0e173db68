using System.Collections.Immutable;
using System.Text.Json;
using AgentHost.Sql.Parsing;
using AgentHost.Sql.Statements;

namespace AgentHost.Sql.Lowering;

/// <summary>DROP, RENAME, SET SCHEMA and types.</summary>
internal static class ObjectLowering
{
    public static ObjectKind Kind(string? kind) => kind switch
    {
        "OBJECT_TABLE" or "OBJECT_FOREIGN_TABLE" => ObjectKind.Table,
        "OBJECT_VIEW" => ObjectKind.View,
        "OBJECT_MATVIEW" => ObjectKind.MaterializedView,
        "OBJECT_INDEX" => ObjectKind.Index,
        "OBJECT_SEQUENCE" => ObjectKind.Sequence,
        "OBJECT_SCHEMA" => ObjectKind.Schema,
        "OBJECT_TYPE" => ObjectKind.Type,
        "OBJECT_DOMAIN" => ObjectKind.Domain,
        "OBJECT_FUNCTION" or "OBJECT_PROCEDURE" or "OBJECT_ROUTINE" or "OBJECT_AGGREGATE" => ObjectKind.Function,
        "OBJECT_TRIGGER" => ObjectKind.Trigger,
        "OBJECT_POLICY" => ObjectKind.Policy,
        "OBJECT_TABCONSTRAINT" or "OBJECT_DOMCONSTRAINT" => ObjectKind.Constraint,
        _ => ObjectKind.Other,
    };

    public static DropObjects Drop(JsonElement node, TokenRange tokens)
    {
        var kind = Kind(node.Text("removeType"));
        var names = node.Items("objects").Select(Parts).ToImmutableArray();
        var ofTable = kind is ObjectKind.Trigger or ObjectKind.Policy;
        return new DropObjects(
            kind,
            [.. names.Select(parts => ofTable ? new QualifiedName(null, parts[^1]) : NameLowering.Dotted(parts))],
            node.Flag("missing_ok"), node.Flag("concurrent"), node.Text("behavior") == "DROP_CASCADE")
        {
            Span = tokens.Span,
            Tables = ofTable ? [.. names.Select(parts => NameLowering.Dotted(parts[..^1]))] : [],
            Signatures = kind == ObjectKind.Function ? [.. node.Items("objects").Select(Signature)] : [],
        };
    }

    public static Statement Rename(JsonElement node, TokenRange tokens)
    {
        var to = node.Text("newname") ?? "";
        var part = node.Text("subname");
        var relation = node.Field("relation") is { } found ? NameLowering.Relation(found) : null;
        var kind = Kind(node.Text("renameType"));
        return node.Text("renameType") switch
        {
            "OBJECT_COLUMN" or "OBJECT_ATTRIBUTE" when relation is not null && part is not null => new RenameColumn(relation, part, to)
            {
                Span = tokens.Span,
                Kind = Kind(node.Text("relationType")),
                IfExists = node.Flag("missing_ok"),
            },
            "OBJECT_TABCONSTRAINT" when relation is not null && part is not null => new RenameConstraint(relation, part, to) { Span = tokens.Span },
            _ => new RenameObject(kind, kind is ObjectKind.Trigger or ObjectKind.Policy || relation is null ? Named(node, part) : relation, to)
            {
                Span = tokens.Span,
                IfExists = node.Flag("missing_ok"),
            },
        };
    }

    public static MoveToSchema Move(JsonElement node, TokenRange tokens) =>
        new(Kind(node.Text("objectType")),
            node.Field("relation") is { } relation ? NameLowering.Relation(relation) : Named(node, null),
            node.Text("newschema") ?? "") { Span = tokens.Span };

    public static CreateEnum Enum(JsonElement node, TokenRange tokens) =>
        new(NameLowering.Dotted(node.Strings("typeName")), node.Strings("vals")) { Span = tokens.Span };

    public static Statement EnumValue(JsonElement node, TokenRange tokens)
    {
        var (type, value) = (NameLowering.Dotted(node.Strings("typeName")), node.Text("newVal") ?? "");
        return node.Text("oldVal") is { } old
            ? new RenameEnumValue(type, old, value) { Span = tokens.Span }
            : new AddEnumValue(type, value, node.Flag("skipIfNewValExists")) { Span = tokens.Span };
    }

    private static QualifiedName Named(JsonElement node, string? part) =>
        part is null && node.Field("object") is { } named ? NameLowering.Dotted(Parts(named)) : new QualifiedName(null, part ?? "");

    private static string? Signature(JsonElement node) => node.As("ObjectWithArgs") is { } function && !function.Flag("args_unspecified")
        ? string.Join(", ", function.Items("objargs").Select(a => a.As("TypeName") is { } type ? NameLowering.Type(type).ToString() : ""))
        : null;

    /// <summary>The parts of a name, in whatever node the kind of object keeps it.</summary>
    public static ImmutableArray<string> Parts(JsonElement node)
    {
        var (kind, body) = node.Unwrap();
        return kind switch
        {
            "List" => body.Strings("items"),
            "TypeName" => body.Strings("names"),
            "ObjectWithArgs" => body.Strings("objname"),
            "String" => [body.Text("sval") ?? ""],
            _ => [],
        };
    }
}
