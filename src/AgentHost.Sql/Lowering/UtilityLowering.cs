using System.Collections.Immutable;
using System.Text.Json;
using AgentHost.Sql.Parsing;
using AgentHost.Sql.Statements;

namespace AgentHost.Sql.Lowering;

/// <summary>Maintenance, rights, policies, routines and triggers.</summary>
internal static class UtilityLowering
{
    /// <summary>Lowers a statement of these kinds; null for any other.</summary>
    public static Statement? Lower(string kind, JsonElement node, TokenRange tokens) => kind switch
    {
        "TruncateStmt" => new Truncate(Relations(node, "relations"), Cascades(node)) { Span = tokens.Span },
        "VacuumStmt" => new Vacuum(
            [.. node.Items("rels").Select(r => r.GetProperty("VacuumRelation").Field("relation")).OfType<JsonElement>().Select(NameLowering.Relation)],
            node.Flag("is_vacuumcmd"), IsOn(node, "options", "full")) { Span = tokens.Span },
        "ClusterStmt" => new Cluster(node.Field("relation") is { } table ? NameLowering.Relation(table) : null) { Span = tokens.Span },
        "ReindexStmt" => Reindex(node, tokens),
        "RefreshMatViewStmt" => new RefreshMaterializedView(
            NameLowering.Relation(node.GetProperty("relation")), node.Flag("concurrent"), node.Flag("skipData")) { Span = tokens.Span },
        "LockStmt" => new LockTable(Relations(node, "relations"), (LockMode)node.Number("mode")) { Span = tokens.Span },
        "CreatePolicyStmt" => Policy(node, tokens),
        "GrantStmt" => Grant(node, tokens),
        "AlterDefaultPrivilegesStmt" when node.Field("action") is { } action => Grant(action, tokens) with { IsDefault = true },
        "DropOwnedStmt" => new DropOwned([.. node.Items("roles").Select(Role)], Cascades(node)) { Span = tokens.Span },
        "DropdbStmt" => new DropDatabase(node.Text("dbname") ?? "") { Span = tokens.Span },
        "CreateFunctionStmt" => Function(node, tokens),
        "AlterFunctionStmt" => new AlterFunction(
            NameLowering.Dotted(node.Field("func")?.Strings("objname") ?? []), Security(node, "actions"),
            Sets(node, "actions", "search_path") ? true : Resets(node, "actions", "search_path") ? false : null) { Span = tokens.Span },
        "CreateTrigStmt" => new CreateTrigger(
            node.Text("trigname") ?? "", NameLowering.Relation(node.GetProperty("relation")), NameLowering.Dotted(node.Strings("funcname")))
            { Span = tokens.Span, OrReplace = node.Flag("replace") },
        "DoStmt" => new DoBlock(Option(node, "args", "language") ?? "plpgsql", Option(node, "args", "as") ?? "") { Span = tokens.Span },
        "CallStmt" => new Call(NameLowering.Dotted(node.Field("funccall")?.Strings("funcname") ?? [])) { Span = tokens.Span },
        "CreateSchemaStmt" => new CreateSchema(node.Text("schemaname") ?? "", node.Flag("if_not_exists")) { Span = tokens.Span },
        "CreateExtensionStmt" => new CreateExtension(node.Text("extname") ?? "", node.Flag("if_not_exists")) { Span = tokens.Span },
        "AlterDomainStmt" => Domain(node, tokens),
        "CreateSeqStmt" => new CreateSequence(NameLowering.Relation(node.GetProperty("sequence")), node.Flag("if_not_exists")) { Span = tokens.Span, OwnedBy = Owner(node) },
        "AlterSeqStmt" => new AlterSequence(
            NameLowering.Relation(node.GetProperty("sequence")), Options(node.Items("options")).Any(o => o.Key == "owned_by"), Owner(node)) { Span = tokens.Span },
        _ => null,
    };

    /// <summary>The options of a list of DefElem, as <c>SET (autovacuum_enabled = off)</c>; a name alone has no value.</summary>
    public static ImmutableArray<KeyValuePair<string, string?>> Options(JsonElement.ArrayEnumerator items) =>
    [
        .. items.Select(i => i.As("DefElem")).OfType<JsonElement>()
            .Select(o => KeyValuePair.Create((o.Text("defnamespace") is { } space ? space + "." : "") + (o.Text("defname") ?? ""), Value(o))),
    ];

    private static ImmutableArray<QualifiedName> Relations(JsonElement node, string field) =>
        [.. node.Items(field).Select(r => NameLowering.Relation(r.GetProperty("RangeVar")))];

    private static bool Cascades(JsonElement node) => node.Text("behavior") == "DROP_CASCADE";

    /// <summary>Whether a boolean option is given and not switched off.</summary>
    public static bool IsOn(JsonElement node, string field, string option) =>
        Options(node.Items(field)).Any(o => o.Key == option && o.Value is null or "true" or "on" or "1");

    private static string? Option(JsonElement node, string field, string option) =>
        Options(node.Items(field)).FirstOrDefault(o => o.Key == option).Value;

    private static string? Value(JsonElement option)
    {
        if (option.Field("arg") is not { } argument) return null;
        var (kind, body) = argument.Unwrap();
        return kind switch
        {
            "String" => body.Text("sval") ?? "",
            "Integer" => body.Number("ival").ToString(),
            "Float" => body.Text("fval"),
            "Boolean" => body.Flag("boolval") ? "true" : "false",
            "TypeName" => body.Strings("names") is [.., var word] ? word : null,
            "List" => body.Strings("items") is [.., var last] ? last : null,
            _ => null,
        };
    }

    private static Reindex Reindex(JsonElement node, TokenRange tokens)
    {
        var target = node.Text("kind") switch
        {
            "REINDEX_OBJECT_TABLE" => ReindexTarget.Table,
            "REINDEX_OBJECT_SCHEMA" => ReindexTarget.Schema,
            "REINDEX_OBJECT_SYSTEM" => ReindexTarget.System,
            "REINDEX_OBJECT_DATABASE" => ReindexTarget.Database,
            _ => ReindexTarget.Index,
        };
        var name = node.Field("relation") is { } relation ? NameLowering.Relation(relation)
            : node.Text("name") is { } other ? new QualifiedName(null, other) : null;
        return new Reindex(target, name, IsOn(node, "params", "concurrently")) { Span = tokens.Span };
    }

    /// <summary>The column of OWNED BY; null for NONE and where nothing is written.</summary>
    private static OwningColumn? Owner(JsonElement node)
    {
        foreach (var option in node.Items("options").Select(o => o.As("DefElem")).OfType<JsonElement>())
        {
            if (option.Text("defname") == "owned_by" && option.Field("arg")?.As("List") is { } list && list.Strings("items") is [.., _, _] parts)
                return new OwningColumn(NameLowering.Dotted(parts[..^1]), parts[^1]);
        }

        return null;
    }

    private static CreatePolicy Policy(JsonElement node, TokenRange tokens)
    {
        var expressions = tokens.From(tokens.First);
        return new CreatePolicy(
            node.Text("policy_name") ?? "", NameLowering.Relation(node.GetProperty("table")), node.Flag("permissive"), node.Text("cmd_name") ?? "all",
            node.Field("qual") is { } qual ? ExpressionLowering.Lower(qual, expressions.After("using").Bracketed()) : null,
            node.Field("with_check") is { } check ? ExpressionLowering.Lower(check, expressions.After("check").Bracketed()) : null) { Span = tokens.Span };
    }

    private static Grant Grant(JsonElement node, TokenRange tokens) =>
        new(node.Flag("is_grant"), ObjectLowering.Kind(node.Text("objtype")), [.. node.Items("objects").Select(Granted)],
            node.Text("targtype") == "ACL_TARGET_ALL_IN_SCHEMA",
            node.Items("grantees").Any(g => g.As("RoleSpec")?.Text("roletype") == "ROLESPEC_PUBLIC"))
        {
            Span = tokens.Span,
            Grantees = [.. node.Items("grantees").Select(Role)],
            Privileges = [.. node.Items("privileges").Select(p => p.As("AccessPriv")?.Text("priv_name")).OfType<string>()],
        };

    private static QualifiedName Granted(JsonElement node) =>
        node.As("RangeVar") is { } relation ? NameLowering.Relation(relation) : NameLowering.Dotted(ObjectLowering.Parts(node));

    private static string Role(JsonElement node) => node.As("RoleSpec") is { } role
        ? role.Text("rolename") ?? (role.Text("roletype") ?? "").Replace("ROLESPEC_", "", StringComparison.Ordinal).ToLowerInvariant()
        : "";

    private static CreateFunction Function(JsonElement node, TokenRange tokens) =>
        new(NameLowering.Dotted(node.Strings("funcname")), Option(node, "options", "volatility") ?? "volatile", Option(node, "options", "language") ?? "sql")
        {
            Span = tokens.Span,
            OrReplace = node.Flag("replace"),
            Arguments = [.. node.Items("parameters").Select(p => p.As("FunctionParameter")).OfType<JsonElement>()
                .Where(p => p.Text("mode") is not ("FUNC_PARAM_OUT" or "FUNC_PARAM_TABLE")).Select(p => NameLowering.Type(p.GetProperty("argType")).ToString())],
            IsSecurityDefiner = Security(node, "options") == true,
            PinsSearchPath = Sets(node, "options", "search_path"),
            Body = Option(node, "options", "as"),
            HasStandardBody = node.Field("sql_body") is not null,
        };

    private static bool? Security(JsonElement node, string field) => Option(node, field, "security") switch { null => null, var on => on == "true" };

    /// <summary>Whether a routine's options fix a setting, be it to the value of the moment.</summary>
    private static bool Sets(JsonElement node, string field, string setting) =>
        node.Items(field).Any(o => o.As("DefElem") is { } option && option.Text("defname") == "set" && option.Field("arg")?.As("VariableSetStmt") is { } set
            && set.Text("name") == setting && set.Text("kind") is null or "VAR_SET_VALUE" or "VAR_SET_CURRENT");

    /// <summary>Whether a routine's options take a setting away.</summary>
    private static bool Resets(JsonElement node, string field, string setting) =>
        node.Items(field).Any(o => o.As("DefElem") is { } option && option.Text("defname") == "set" && option.Field("arg")?.As("VariableSetStmt") is { } set
            && (set.Text("kind") == "VAR_RESET_ALL" || (set.Text("name") == setting && set.Text("kind") is "VAR_RESET" or "VAR_SET_DEFAULT")));

    private static AlterDomain Domain(JsonElement node, TokenRange tokens)
    {
        var definition = node.Body("def");
        DomainAction action = node.Text("subtype") switch
        {
            "C" => DomainAction.AddConstraint,
            "O" => DomainAction.SetNotNull,
            "N" => DomainAction.DropNotNull,
            "V" => DomainAction.ValidateConstraint,
            "X" => DomainAction.DropConstraint,
            _ => DomainAction.Default,
        };
        return new AlterDomain(NameLowering.Dotted(node.Strings("typeName")), action)
        {
            Span = tokens.Span,
            Name = node.Text("name"),
            Constraint = action == DomainAction.AddConstraint
                ? TableLowering.Constraint(definition!.Value, tokens.FromByte(definition.Value.Number("location")), column: null)
                : null,
        };
    }
}
