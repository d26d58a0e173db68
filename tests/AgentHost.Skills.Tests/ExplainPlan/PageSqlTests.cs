using AgentHost.Postgres;
using AgentHost.Skills.ExplainPlan;
using AgentHost.Sql;
using System.Text.RegularExpressions;

namespace AgentHost.Skills.Tests.ExplainPlan;

public partial class PageSqlTests
{
    public static TheoryData<string> Ids => [.. ExplainPlanEngine.ProblemIds];

    [Theory]
    [MemberData(nameof(Ids))]
    public async Task The_sql_of_every_problem_page_runs(string id)
    {
        var page = await File.ReadAllTextAsync(Path.Combine(AppContext.BaseDirectory, "skills", "explain-plan", "problems", id + ".md"));
        await using var server = await PrivateServer.ConnectAsync();
        await using var scratch = await server.CreateScratchAsync();
        await using var connection = await scratch.OpenAsync();
        foreach (Match block in SqlBlock().Matches(page.ReplaceLineEndings("\n")))
        {
            // One statement at a time, as psql does: CREATE INDEX CONCURRENTLY and VACUUM refuse a block.
            var script = SqlParser.Parse(block.Groups["sql"].Value);
            foreach (var statement in script.Statements)
            {
                await using var command = new Npgsql.NpgsqlCommand(script.Text.Substring(statement.Span.Start, statement.Span.Length), connection) { AllResultTypesAreUnknown = true };
                await command.ExecuteNonQueryAsync();
            }
        }
    }

    [GeneratedRegex("^ *```sql\\n(?<sql>.*?)^ *```", RegexOptions.Multiline | RegexOptions.Singleline | RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex SqlBlock();
}
