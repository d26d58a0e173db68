using AgentHost.Postgres;
using AgentHost.Postgres.Catalog;
using AgentHost.Postgres.Twins;
using AgentHost.Sql;
using Npgsql;

namespace AgentHost.Skills.ExplainPlan;

/// <summary>Plans a query on a twin, where the planner chooses as on the original.</summary>
internal static class TwinPlans
{
    /// <summary>EXPLAIN's JSON, estimates alone; with parameters the generic plan.</summary>
    /// <exception cref="SkillInputException">PostgreSQL does not plan it, or the text is not one statement.</exception>
    public static async Task<string> ExplainJsonAsync(CatalogSnapshot snapshot, string query, CancellationToken ct)
    {
        var script = SqlParser.Parse(query);
        if (script.Statements.Length != 1)
            throw new SkillInputException($"The text holds {script.Statements.Length} statements; give one.");
        await using var twin = await Twin.LoadAsync(await PrivateServer.ConnectAsync(ct), snapshot, ct);
        try
        {
            return await twin.ExplainJsonAsync(query, ct);
        }
        catch (PostgresException refused) when (refused.SqlState[..2] is not ("08" or "57"))
        {
            throw new SkillInputException($"PostgreSQL does not plan the query on the twin: {refused.MessageText}.", refused);
        }
    }
}
