using System.Collections.Immutable;
using AgentHost.Sql;
using AgentHost.Sql.Statements;
using Npgsql;

namespace AgentHost.Postgres.Synthesis;

/// <summary>The statements of a schema by when they run: before the rows, or after them. What would act on rows or hide them is left out.</summary>
internal sealed class SchemaSteps
{
    private readonly Script script;
    private readonly List<int> before = [], indexes = [], views = [];

    public SchemaSteps(string ddl)
    {
        script = SqlParser.Parse(ddl);
        for (var i = 0; i < script.Statements.Length; i++)
        {
            switch (script.Statements[i])
            {
                case CreateTrigger or CreatePolicy or Grant or OtherStatement { Kind: "RuleStmt" or "CreateEventTrigStmt" or "AlterDefaultPrivilegesStmt" }:
                    break;
                case CreateIndex { IsUnique: false }:
                    indexes.Add(i);
                    break;
                case AlterTable alter when IsOfIndexes(script.TextOf(alter)):
                    indexes.Add(i);
                    break;
                case AlterTable alter when IsOfGuards(script.TextOf(alter)):
                    break;
                case RefreshMaterializedView:
                    views.Add(i);
                    break;
                default:
                    before.Add(i);
                    break;
            }
        }
    }

    /// <summary>The statements that make the tables and what they need, foreign keys included: they tell which rows to make, and are not checked while these are made.</summary>
    public string Before => string.Concat(before.Select(i => script.TextOf(script.Statements[i]) + ";\n"));

    /// <summary>Builds the indexes that no row needs to be refused.</summary>
    public Task<List<string>> IndexAsync(NpgsqlConnection connection, Func<QualifiedName, bool> isWanted, CancellationToken ct) =>
        RunAsync(connection, [.. indexes.Where(i => script.Statements[i] is not CreateIndex index || isWanted(index.Table))], ct);

    /// <summary>Fills materialized views.</summary>
    public Task<List<string>> RefreshAsync(NpgsqlConnection connection, CancellationToken ct) => RunAsync(connection, views, ct);

    private static bool IsOfIndexes(string sql) =>
        sql.Contains(" CLUSTER ON ", StringComparison.Ordinal) || sql.Contains(" REPLICA IDENTITY ", StringComparison.Ordinal) || sql.StartsWith("ALTER INDEX", StringComparison.OrdinalIgnoreCase);

    private static bool IsOfGuards(string sql) =>
        sql.Contains(" ROW LEVEL SECURITY", StringComparison.Ordinal) || sql.Contains(" TRIGGER ", StringComparison.Ordinal);

    private async Task<List<string>> RunAsync(NpgsqlConnection connection, IEnumerable<int> statements, CancellationToken ct)
    {
        const int Shown = 80;
        var failures = new List<string>();
        foreach (var i in statements)
        {
            var text = script.TextOf(script.Statements[i]);
            try
            {
                await SingleStatement.ExecuteAsync(connection, script, i, 0, ct);
            }
            catch (PostgresException e) when (e.SqlState != PostgresErrorCodes.QueryCanceled)
            {
                failures.Add($"{(text.Length > Shown ? text[..Shown] + "…" : text).ReplaceLineEndings(" ")}: {e.MessageText}");
            }
        }

        return failures;
    }
}
