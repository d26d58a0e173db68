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
            foreach (var statement in Split(sql))
            {
                await using var command = new NpgsqlCommand(statement, connection) { AllResultTypesAreUnknown = true };
                await command.ExecuteNonQueryAsync();
            }
            return null;
        }
        catch (PostgresException e)
        {
            return e;
        }
    }

    private static IEnumerable<string> Split(string sql)
    {
        try
        {
            var script = SqlParser.Parse(sql);
            return script.Statements.Select(s => script.Text.Substring(s.Span.Start, s.Span.Length));
        }
        catch (SqlInputException)
        {
            return [sql]; // PostgreSQL shall say what is wrong with it
        }
    }
}
