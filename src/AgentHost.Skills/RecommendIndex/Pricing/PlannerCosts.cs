using Npgsql;

namespace AgentHost.Skills.RecommendIndex.Pricing;

/// <summary>The session's cost settings (manual, 19.7.2).</summary>
internal sealed record PlannerCosts(double SeqPage, double RandomPage, double CpuTuple, double CpuOperator)
{
    public static async Task<PlannerCosts> ReadAsync(NpgsqlConnection open, CancellationToken ct)
    {
        await using var command = new NpgsqlCommand(
            "select current_setting('seq_page_cost')::float8, current_setting('random_page_cost')::float8, current_setting('cpu_tuple_cost')::float8, current_setting('cpu_operator_cost')::float8", open);
        await using var reader = await command.ExecuteReaderAsync(ct);
        await reader.ReadAsync(ct);
        return new PlannerCosts(reader.GetDouble(0), reader.GetDouble(1), reader.GetDouble(2), reader.GetDouble(3));
    }
}
