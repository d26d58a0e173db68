using System.Text.Json;
using AgentHost.Sql.Parsing;
using AgentHost.Sql.Statements;

namespace AgentHost.Sql.Lowering;

/// <summary>Turns a statement of libpg_query's tree into its record.</summary>
internal static class StatementLowering
{
    /// <summary>Lowers a RawStmt.</summary>
    public static Statement Lower(SourceText source, JsonElement raw)
    {
        var start = raw.Number("stmt_location");
        var length = raw.Number("stmt_len");
        var tokens = new TokenRange(
            source, source.TokenAtByte(start), length == 0 ? source.Tokens.Length : source.TokenAtByte(start + length));
        var (kind, node) = raw.GetProperty("stmt").Unwrap();
        return kind switch
        {
            "CreateStmt" => TableLowering.Create(node, tokens),
            "CreateTableAsStmt" => RowLowering.CreateAs(node, tokens),
            "AlterTableStmt" => AlterTableLowering.Alter(node, tokens),
            "IndexStmt" => IndexLowering.Create(node, tokens),
            "DropStmt" => ObjectLowering.Drop(node, tokens),
            "RenameStmt" => ObjectLowering.Rename(node, tokens),
            "AlterObjectSchemaStmt" => ObjectLowering.Move(node, tokens),
            "ViewStmt" => RowLowering.View(node, tokens),
            "CreateEnumStmt" => ObjectLowering.Enum(node, tokens),
            "AlterEnumStmt" => ObjectLowering.EnumValue(node, tokens),
            "CreateDomainStmt" => TableLowering.Domain(node, tokens),
            "TransactionStmt" => Transaction(node, tokens),
            "VariableSetStmt" => Setting(node, tokens),
            "SelectStmt" or "InsertStmt" or "UpdateStmt" or "DeleteStmt" or "MergeStmt" => RowLowering.Lower(kind, node, tokens),
            _ => UtilityLowering.Lower(kind, node, tokens) ?? new OtherStatement(kind) { Span = tokens.Span },
        };
    }

    private static Statement Transaction(JsonElement node, TokenRange tokens)
    {
        TransactionVerb? verb = node.Text("kind") switch
        {
            "TRANS_STMT_BEGIN" or "TRANS_STMT_START" => TransactionVerb.Begin,
            "TRANS_STMT_COMMIT" => TransactionVerb.Commit,
            "TRANS_STMT_ROLLBACK" => TransactionVerb.Rollback,
            "TRANS_STMT_SAVEPOINT" => TransactionVerb.Savepoint,
            "TRANS_STMT_RELEASE" => TransactionVerb.Release,
            "TRANS_STMT_ROLLBACK_TO" => TransactionVerb.RollbackTo,
            "TRANS_STMT_PREPARE" => TransactionVerb.Prepare,
            _ => null,
        };
        return verb is { } known
            ? new TransactionControl(known) { Span = tokens.Span, Chain = node.Flag("chain") }
            : new OtherStatement("TransactionStmt") { Span = tokens.Span };
    }

    private static Statement Setting(JsonElement node, TokenRange tokens)
    {
        var name = node.Text("name") ?? "";
        return node.Text("kind") switch
        {
            "VAR_SET_VALUE" => new SetVariable(name, Value(node), node.Flag("is_local")) { Span = tokens.Span },
            "VAR_SET_DEFAULT" or "VAR_RESET" => new SetVariable(name, null, node.Flag("is_local")) { Span = tokens.Span },
            "VAR_RESET_ALL" => new SetVariable("all", null, IsLocal: false) { Span = tokens.Span },
            _ => new OtherStatement("VariableSetStmt") { Span = tokens.Span },
        };
    }

    private static string Value(JsonElement node) => string.Join(
        ", ",
        node.Items("args").Select(argument =>
            (argument.As("TypeCast")?.Field("arg") ?? argument).As("A_Const")?.ConstantText() ?? ""));
}
