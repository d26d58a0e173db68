using AgentHost.Postgres;
using AgentHost.Sql;
using Npgsql;

namespace AgentHost.Knowledge.Tests.Pages;

public sealed class PageSqlTests
{
    private static readonly DocumentLibrary Library = DocumentLibrary.Load(Path.Combine(AppContext.BaseDirectory, "skills"));

    public static TheoryData<string> References => [.. Library.Documents.Where(d => d.Kind == "reference").Select(d => d.Path)];

    [Theory]
    [MemberData(nameof(References))]
    public async Task Every_sql_block_of_a_page_runs_as_it_says(string path)
    {
        await using var scratch = await (await PrivateServer.ConnectAsync()).CreateScratchAsync();
        await using var connection = await scratch.OpenAsync();
        foreach (var block in SqlBlock.Of(Library.Documents.Single(d => d.Path == path).Text).Where(b => b.NotRunBecause is null))
        {
            var failure = await RunAsync(connection, block.Sql);
            Assert.True(failure?.SqlState == block.Fails, $"{path}, line {block.Line}: expected {block.Fails ?? "success"}, got {failure?.SqlState ?? "success"} {failure?.MessageText}");
            await using var reset = new NpgsqlCommand("ROLLBACK; RESET ALL", connection);
            if (failure is not null) await reset.ExecuteNonQueryAsync();
        }
    }

    // One statement at a time, as psql does: what cannot run in a transaction block runs outside one.
    private static async Task<PostgresException?> RunAsync(NpgsqlConnection connection, string sql)
    {
        try
        {
            if (Read(sql) is { } script)
                for (var i = 0; i < script.Statements.Length; i++) await RunAsync(connection, script, i);
            else await ExecuteAsync(connection, sql); // PostgreSQL shall say what is wrong with it
            return null;
        }
        catch (PostgresException e)
        {
            return e;
        }
    }

    // Npgsql's protocol wants a value for each $1, which GENERIC_PLAN does without; and Npgsql cuts a body at its semicolons.
    private static Task RunAsync(NpgsqlConnection connection, Script script, int index) => script.TextOf(script.Statements[index]) switch
    {
        var text when text.Contains("GENERIC_PLAN", StringComparison.Ordinal) => ExecuteAsync(connection, $"DO $run$ BEGIN EXECUTE $explain${text}$explain$; END $run$"),
        var text when text.Contains("BEGIN ATOMIC", StringComparison.Ordinal) => ScratchDatabase.ExecuteAsync(connection, script, index),
        var text => ExecuteAsync(connection, text),
    };

    private static async Task ExecuteAsync(NpgsqlConnection connection, string sql)
    {
        await using var command = new NpgsqlCommand(sql, connection) { AllResultTypesAreUnknown = true };
        await command.ExecuteNonQueryAsync();
    }

    private static Script? Read(string sql)
    {
        try
        {
            return SqlParser.Parse(sql);
        }
        catch (SqlInputException)
        {
            return null;
        }
    }
}
