using System.Collections.Frozen;
using AgentHost.Sql;
using AgentHost.Sql.Statements;

namespace AgentHost.Postgres;

/// <summary>
/// Decides whether a user's statement may be sent to a user's database. Only a single read passes. A READ ONLY transaction keeps what passes
/// from writing; what this list keeps out beyond that are effects that no transaction undoes.
/// </summary>
internal static class StatementGate
{
    /// <summary>Stable functions that run SQL given as text, which this gate has not seen.</summary>
    private static readonly FrozenSet<string> RunsText = ((string[])["crosstab", "crosstab2", "crosstab3", "crosstab4", "crosstabn", "connectby", "xpath_table"]).ToFrozenSet(StringComparer.Ordinal);

    /// <summary>Volatile functions that only compute: they are executed where EXPLAIN ANALYZE is asked for.</summary>
    private static readonly FrozenSet<string> HarmlessVolatile = ((string[])
    [
        "random", "random_normal", "clock_timestamp", "timeofday", "gen_random_uuid", "uuid_generate_v4", "uuid_generate_v1", "uuidv4", "uuidv7",
        "gen_random_bytes", "gen_salt", "pg_relation_size", "pg_total_relation_size", "pg_table_size", "pg_indexes_size", "pg_database_size",
        "pg_tablespace_size", "currval", "lastval", "txid_current_if_assigned", "pg_current_xact_id_if_assigned", "pg_blocking_pids",
        "pg_stat_get_activity", "pg_lock_status", "pg_stat_statements", "pg_stat_file_size",
    ]).ToFrozenSet(StringComparer.Ordinal);

    /// <summary>The one read in the text.</summary>
    /// <exception cref="TargetRefusedException">There is none, or more than one, or it is not a read.</exception>
    /// <exception cref="SqlInputException">The text is not SQL.</exception>
    public static Read Admit(string sql)
    {
        var script = SqlParser.Parse(sql);
        if (script.Statements.Length != 1)
        {
            throw new TargetRefusedException(
                script.Statements.IsEmpty
                    ? "There is no statement to explain. Give one SELECT."
                    : $"Only one statement a call is sent to a database, and here are {script.Statements.Length}. Send them one by one.");
        }

        var statement = script.Statements[0];
        return statement is RowStatement { IsRead: true } read
            ? new Read(script.TextOf(statement), [.. read.Functions.Select(function => function.Name)])
            : throw new TargetRefusedException($"{Why(statement)} Only reads (SELECT, VALUES, TABLE, WITH … SELECT) are sent to a user's database.");
    }

    /// <summary>Refuses to execute (EXPLAIN ANALYZE) calls that could act beyond their transaction.</summary>
    /// <param name="read">The statement.</param>
    /// <param name="volatileNames">Which of its functions' names the database knows as volatile.</param>
    /// <exception cref="TargetRefusedException">It calls one that is not known to be harmless.</exception>
    public static void AdmitExecution(Read read, IEnumerable<string> volatileNames)
    {
        var dangerous = volatileNames.Where(name => !HarmlessVolatile.Contains(name)).Concat(read.Functions.Where(RunsText.Contains)).Distinct().Order(StringComparer.Ordinal).ToList();
        if (dangerous.Count != 0)
        {
            throw new TargetRefusedException(
                $"EXPLAIN ANALYZE would execute {string.Join(", ", dangerous.Select(name => name + "()"))}, which could act beyond a read-only transaction "
                + "(a volatile function may end sessions, read files, call other servers, or wait). Explain it without ANALYZE, or without that call.");
        }
    }

    private static string Why(Statement statement) => statement switch
    {
        RowStatement { ModifiesRows: true } or RowStatement { Verb: not RowVerb.Select } => "The statement changes rows.",
        RowStatement { LocksRows: true } => "The statement locks rows (FOR UPDATE or its kin).",
        CreateTable => "The statement makes a table.",
        OtherStatement { Kind: "ExplainStmt" } => "The statement is an EXPLAIN already; give what it explains.",
        SetVariable => "The statement changes a setting.",
        OtherStatement other => $"The statement is a {other.Kind}, not a read.",
        _ => $"The statement is a {statement.GetType().Name}, not a read.",
    };

    /// <summary>A statement that passed.</summary>
    /// <param name="Sql">Its text alone.</param>
    /// <param name="Functions">The functions that it names, without their schemas.</param>
    internal sealed record Read(string Sql, IReadOnlyList<string> Functions);
}
