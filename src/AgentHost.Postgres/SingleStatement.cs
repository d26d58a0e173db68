using AgentHost.Sql;
using AgentHost.Sql.Statements;
using Npgsql;

namespace AgentHost.Postgres;

/// <summary>Runs one statement of a script exactly as it is written.</summary>
internal static class SingleStatement
{
    /// <summary>Runs it; a <c>COPY … FROM stdin</c> runs without its rows, which a script's statements do not hold.</summary>
    /// <param name="connection">Where.</param>
    /// <param name="script">The script.</param>
    /// <param name="index">The statement's place in it.</param>
    /// <param name="timeoutSeconds">When Npgsql cancels it; 0 never.</param>
    /// <param name="ct">Cancels it.</param>
    public static async Task ExecuteAsync(NpgsqlConnection connection, Script script, int index, int timeoutSeconds, CancellationToken ct)
    {
        var statement = script.Statements[index];
        var text = script.TextOf(statement);
        if (statement is OtherStatement { Kind: "CopyStmt" } && text.Contains("stdin", StringComparison.OrdinalIgnoreCase))
        {
            await using var import = await connection.BeginTextImportAsync(text, ct);
            return;
        }

        await using var command = new NpgsqlCommand(text, connection)
        {
            CommandTimeout = timeoutSeconds,
            AllResultTypesAreUnknown = true,
            // Without parameters Npgsql would cut the text at every semicolon that it sees, also at those of a BEGIN ATOMIC body.
            Parameters = { new NpgsqlParameter<int> { TypedValue = 0 } },
        };
        await command.ExecuteNonQueryAsync(ct);
    }
}
