using System.Text.RegularExpressions;
using AgentHost.Sql;
using AgentHost.Sql.Statements;

namespace AgentHost.Skills.ReviewMigration;

/// <summary>The statements that PostgreSQL refuses in a transaction block (PreventInTransactionBlock, src/backend/tcop/utility.c).</summary>
internal static partial class NonTransactional
{
    /// <summary>The statement's name for a message, or null where it runs in a transaction.</summary>
    /// <param name="statement">The statement.</param>
    public static string? Describe(Statement statement) => statement switch
    {
        CreateIndex { Concurrently: true } => "CREATE INDEX CONCURRENTLY",
        DropObjects { Kind: ObjectKind.Index, Concurrently: true } => "DROP INDEX CONCURRENTLY",
        AlterTable alter when alter.Actions.Any(action => action is DetachPartition { Concurrently: true }) => "DETACH PARTITION CONCURRENTLY",
        Reindex { Concurrently: true } => "REINDEX CONCURRENTLY",
        Reindex { Target: ReindexTarget.Schema or ReindexTarget.System or ReindexTarget.Database } => "REINDEX of a schema or database",
        Vacuum { IsVacuum: true } => "VACUUM",
        Cluster { Table: null } => "CLUSTER without a table",
        DropDatabase => "DROP DATABASE",
        DoBlock block when CommitInBlock().IsMatch(Quiet(block.Body)) => "COMMIT or ROLLBACK inside DO",
        OtherStatement { Kind: "CreatedbStmt" } => "CREATE DATABASE",
        OtherStatement { Kind: "CreateTableSpaceStmt" } => "CREATE TABLESPACE",
        OtherStatement { Kind: "DropTableSpaceStmt" } => "DROP TABLESPACE",
        OtherStatement { Kind: "AlterSystemStmt" } => "ALTER SYSTEM",
        _ => null,
    };

    /// <summary>Whether a script calls a procedure of its own that ends transactions, which fails inside one.</summary>
    public static bool CallsCommittingProcedure(Script script) => script.Statements.OfType<Call>().Any(call => script.Statements.OfType<CreateFunction>()
        .Any(procedure => procedure.Name.Name == call.Procedure.Name && procedure.Body is { } body && CommitInBlock().IsMatch(Quiet(body))));

    /// <summary>The text without comments and string literals; a body in dollar quotes stays.</summary>
    private static string Quiet(string text) => CommentsAndStrings().Replace(text, " ");

    [GeneratedRegex(@"--[^\n]*|/\*.*?\*/|'(?:[^']|'')*'", RegexOptions.Singleline | RegexOptions.CultureInvariant, 1000)]
    private static partial Regex CommentsAndStrings();

    [GeneratedRegex(@"\b(?:COMMIT|ROLLBACK)(?:\s+(?:WORK|TRANSACTION))?\s*;", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant, 1000)]
    private static partial Regex CommitInBlock();
}
