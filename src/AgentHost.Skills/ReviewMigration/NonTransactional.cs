using System.Text.RegularExpressions;
using AgentHost.Sql.Statements;

namespace AgentHost.Skills.ReviewMigration;

/// <summary>The statements that PostgreSQL refuses in a transaction block (PreventInTransactionBlock, src/backend/tcop/utility.c).</summary>
internal static partial class NonTransactional
{
    /// <summary>The statement's name for a message, or null where it runs in a transaction.</summary>
    /// <param name="statement">The statement.</param>
    /// <param name="text">Its source.</param>
    /// <param name="pgVersion">The target's major version.</param>
    public static string? Describe(Statement statement, string text, int pgVersion) => statement switch
    {
        CreateIndex { Concurrently: true } => "CREATE INDEX CONCURRENTLY",
        DropObjects { Kind: ObjectKind.Index, Concurrently: true } => "DROP INDEX CONCURRENTLY",
        AlterTable alter when alter.Actions.Any(action => action is DetachPartition { Concurrently: true }) => "DETACH PARTITION CONCURRENTLY",
        OtherStatement other => Other(other.Kind, text),
        _ => null,
    };

    private static string? Other(string kind, string text) => kind switch
    {
        "ReindexStmt" when Concurrently().IsMatch(text) => "REINDEX CONCURRENTLY",
        "ReindexStmt" when WholeReindex().IsMatch(text) => "REINDEX of a schema or database",
        "VacuumStmt" when Vacuum().IsMatch(text) => "VACUUM",
        "ClusterStmt" when ClusterAll().IsMatch(text) => "CLUSTER without a table",
        "CreatedbStmt" => "CREATE DATABASE",
        "DropdbStmt" => "DROP DATABASE",
        "CreateTableSpaceStmt" => "CREATE TABLESPACE",
        "DropTableSpaceStmt" => "DROP TABLESPACE",
        "AlterSystemStmt" => "ALTER SYSTEM",
        "DoStmt" when CommitInBlock().IsMatch(Quiet(text)) => "COMMIT or ROLLBACK inside DO",
        _ => null,
    };

    /// <summary>The text without comments and string literals; a body in dollar quotes stays.</summary>
    private static string Quiet(string text) => CommentsAndStrings().Replace(text, " ");

    [GeneratedRegex(@"--[^\n]*|/\*.*?\*/|'(?:[^']|'')*'", RegexOptions.Singleline | RegexOptions.CultureInvariant, 1000)]
    private static partial Regex CommentsAndStrings();

    [GeneratedRegex(@"\bCONCURRENTLY\b", RegexOptions.IgnoreCase | RegexOptions.NonBacktracking)]
    private static partial Regex Concurrently();

    [GeneratedRegex(@"^\s*REINDEX\s+(?:\([^)]*\)\s*)?(?:SCHEMA|DATABASE|SYSTEM)\b", RegexOptions.IgnoreCase | RegexOptions.NonBacktracking)]
    private static partial Regex WholeReindex();

    [GeneratedRegex(@"^\s*VACUUM\b", RegexOptions.IgnoreCase | RegexOptions.NonBacktracking)]
    private static partial Regex Vacuum();

    [GeneratedRegex(@"^\s*CLUSTER(?:\s+VERBOSE|\s*\([^)]*\))?\s*$", RegexOptions.IgnoreCase | RegexOptions.NonBacktracking)]
    private static partial Regex ClusterAll();

    [GeneratedRegex(@"\b(?:COMMIT|ROLLBACK)(?:\s+(?:WORK|TRANSACTION))?\s*;", RegexOptions.IgnoreCase | RegexOptions.NonBacktracking)]
    private static partial Regex CommitInBlock();
}
