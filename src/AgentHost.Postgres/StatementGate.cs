using AgentHost.Postgres.Reach;
using AgentHost.Sql;
using AgentHost.Sql.Statements;
using Npgsql;

namespace AgentHost.Postgres;

/// <summary>
/// Decides whether a user's statement may be sent to a user's database. Only a single read passes. A READ ONLY transaction keeps what passes
/// from writing; what this gate keeps out beyond that are effects that no transaction undoes.
/// </summary>
internal static class StatementGate
{
    /// <summary>The text of the one read in it.</summary>
    /// <exception cref="TargetRefusedException">There is none, or more than one, or it is not a read.</exception>
    /// <exception cref="SqlInputException">The text is not SQL.</exception>
    public static string Admit(string sql)
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
        return statement is RowStatement { IsRead: true }
            ? script.TextOf(statement)
            : throw new TargetRefusedException($"{Why(statement)} Only reads (SELECT, VALUES, TABLE, WITH … SELECT) are sent to a user's database.");
    }

    /// <summary>Refuses a statement whose planning, or execution (EXPLAIN ANALYZE), reaches code that could act beyond its transaction.</summary>
    /// <exception cref="TargetRefusedException">It does; the message names the way to that code.</exception>
    public static async Task AdmitCodeAsync(NpgsqlConnection open, string sql, bool executes, CancellationToken ct)
    {
        if (await ReachCatalog.InOwnPathAsync(open, catalog => StatementReach.FindAsync(catalog, [sql], executes, ct), ct) is not { } reached)
            return;
        throw new TargetRefusedException(
            executes
                ? $"EXPLAIN ANALYZE would execute more than a read: {reached.Text}. Explain it without ANALYZE, or without that."
                : PlanningRefusal(reached));
    }

    /// <summary>Why a statement is not even planned.</summary>
    public static string PlanningRefusal(Reached reached) =>
        $"Planning it would execute more than a read, as PostgreSQL evaluates operators and IMMUTABLE and STABLE functions while it plans: {reached.Text}. "
        + "Leave that out, or declare functions that do more than read VOLATILE.";

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
}
