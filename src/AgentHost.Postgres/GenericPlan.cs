using System.Text.Json.Nodes;
using Npgsql;

namespace AgentHost.Postgres;

/// <summary>
/// Explains a statement with parameters ($1) without values for them. EXPLAIN's own GENERIC_PLAN (version 16) does not do: the protocol that
/// Npgsql speaks wants a value for every parameter, and the planner then uses it.
/// </summary>
internal static class GenericPlan
{
    /// <summary>EXPLAIN's JSON of the statement's generic plan. The connection stands in a transaction that is going to be rolled back.</summary>
    public static async Task<string> ExplainAsync(NpgsqlConnection open, string sql, string options, CancellationToken ct)
    {
        var parameters = 0;
        await using (var prepare = new NpgsqlBatch(open)
        {
            BatchCommands =
            {
                new NpgsqlBatchCommand($"PREPARE agenthost_explain AS {sql}"),
                new NpgsqlBatchCommand("SET LOCAL plan_cache_mode = force_generic_plan"),
                new NpgsqlBatchCommand("select cardinality(parameter_types) from pg_catalog.pg_prepared_statements where name = 'agenthost_explain'"),
            },
        })
        {
            parameters = (int)(await prepare.ExecuteScalarAsync(ct))!;
        }

        var values = parameters == 0 ? "" : $"({string.Join(", ", Enumerable.Repeat("NULL", parameters))})";
        await using var explain = new NpgsqlBatch(open)
        {
            BatchCommands = { new NpgsqlBatchCommand($"EXPLAIN ({options}) EXECUTE agenthost_explain{values}"), new NpgsqlBatchCommand("DEALLOCATE agenthost_explain") },
        };
        return WithoutOurSetting((string)(await explain.ExecuteScalarAsync(ct))!);
    }

    private static string WithoutOurSetting(string plan)
    {
        var root = JsonNode.Parse(plan)!.AsArray();
        if (root[0] is JsonObject statement && statement["Settings"] is JsonObject settings && settings.Remove("plan_cache_mode") && settings.Count == 0)
            statement.Remove("Settings");
        return root.ToJsonString();
    }
}
