using System.Collections.Immutable;
using System.Text.Json;
using AgentHost.Sql.Parsing;
using AgentHost.Sql.Statements;

namespace AgentHost.Sql.Lowering;

/// <summary>ALTER TABLE and the ALTERs that take the same actions.</summary>
internal static class AlterTableLowering
{
    public static AlterTable Alter(JsonElement node, TokenRange tokens)
    {
        var relation = node.GetProperty("relation");
        var actions = ImmutableArray.CreateBuilder<AlterAction>();
        var rest = BehindName(tokens.FromByte(relation.Number("location")));
        foreach (var command in node.Items("cmds"))
        {
            // The tree does not say where an action stands, but actions are what commas part.
            var item = rest.Item();
            actions.Add(Action(command.GetProperty("AlterTableCmd"), item));
            rest = rest.From(item.End + 1);
        }
        return new AlterTable(NameLowering.Relation(relation), node.Flag("missing_ok"), actions.DrainToImmutable())
        {
            Span = tokens.Span,
            Kind = ObjectLowering.Kind(node.Text("objtype")),
            Only = !relation.Flag("inh"),
        };
    }

    /// <summary>What follows a relation's name and its asterisk, with which the tokens begin.</summary>
    private static TokenRange BehindName(TokenRange tokens)
    {
        var at = tokens.First + 1;
        while (tokens.IsSymbol(at, '.')) at += 2;
        if (tokens.IsSymbol(at, '*') || tokens.IsSymbol(at, ')')) at++;
        return tokens.From(at);
    }

    private static AlterAction Action(JsonElement command, TokenRange tokens)
    {
        var span = tokens.Span;
        var name = command.Text("name") ?? "";
        var missingOk = command.Flag("missing_ok");
        var cascade = command.Text("behavior") == "DROP_CASCADE";
        var definition = command.Body("def");
        var kind = command.Text("subtype") ?? "AT_AddColumn";
        return kind switch
        {
            "AT_AddColumn" => new AddColumn(TableLowering.Column(definition!.Value, tokens), missingOk) { Span = span },
            "AT_DropColumn" => new DropColumn(name, missingOk, cascade) { Span = span },
            "AT_AlterColumnType" => ColumnType(name, definition!.Value, tokens),
            "AT_SetNotNull" => new SetNotNull(name) { Span = span },
            "AT_DropNotNull" => new DropNotNull(name) { Span = span },
            "AT_ColumnDefault" => new SetDefault(
                name, command.Field("def") is { } value ? ExpressionLowering.Lower(value, tokens.After("default")) : null) { Span = span },
            "AT_AddConstraint" when TableLowering.Constraint(definition!.Value, tokens.FromByte(definition.Value.Number("location")), column: null) is { } constraint =>
                new AddConstraint(constraint) { Span = span },
            "AT_DropConstraint" => new DropConstraint(name, missingOk, cascade) { Span = span },
            "AT_ValidateConstraint" => new ValidateConstraint(name) { Span = span },
            "AT_AddIdentity" => new AddIdentity(name) { Span = span },
            "AT_AttachPartition" => new AttachPartition(Partition(definition!.Value), definition.Value.Field("bound")?.Flag("is_default") == true)
            {
                Span = span,
                Bound = definition.Value.Field("bound") is { } bound ? TableLowering.Bound(bound) : null,
            },
            "AT_DetachPartition" => new DetachPartition(Partition(definition!.Value), definition.Value.Flag("concurrent")) { Span = span },
            _ => new OtherAction(kind)
            {
                Span = span,
                Name = command.Text("name"),
                Options = command.Field("def")?.As("List") is { } options ? UtilityLowering.Options(options.Items("items")) : [],
            },
        };
    }

    private static QualifiedName Partition(JsonElement command) => NameLowering.Relation(command.GetProperty("name"));

    private static AlterColumnType ColumnType(string name, JsonElement definition, TokenRange tokens) =>
        new(name,
            NameLowering.Type(definition.GetProperty("typeName")),
            definition.Field("raw_default") is { } conversion ? ExpressionLowering.Lower(conversion, tokens.After("using")) : null)
        {
            Span = tokens.Span,
            Collation = definition.Field("collClause") is { } collation ? NameLowering.Builtin(collation.Strings("collname")) : null,
        };
}
