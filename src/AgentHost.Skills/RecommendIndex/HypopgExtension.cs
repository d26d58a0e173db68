using AgentHost.Sql;
using Npgsql;

namespace AgentHost.Skills.RecommendIndex;

/// <summary>HypoPG as it is installed in a database.</summary>
/// <param name="Schema">The schema of its functions, quoted.</param>
/// <param name="CpuOperatorCost">The session's <c>cpu_operator_cost</c>.</param>
internal sealed record HypopgExtension(string Schema, double CpuOperatorCost)
{
    /// <summary>The extension, or null where it is not created in this database.</summary>
    public static async Task<HypopgExtension?> FindAsync(NpgsqlConnection open, CancellationToken ct)
    {
        await using var command = new NpgsqlCommand(
            """
            select n.nspname::text, current_setting('cpu_operator_cost')::float8
            from pg_catalog.pg_extension e join pg_catalog.pg_namespace n on n.oid = e.extnamespace where e.extname = 'hypopg'
            """, open);
        await using var reader = await command.ExecuteReaderAsync(ct);
        return await reader.ReadAsync(ct) ? new HypopgExtension(SqlIdentifier.Quote(reader.GetString(0)), reader.GetDouble(1)) : null;
    }

    /// <summary>What to do where it is missing.</summary>
    public static string Missing(string target) =>
        $"Nothing was priced: the extension hypopg is not installed in '{target}', and without it the planner cannot be asked about indexes that do not exist. "
        + "Run 'CREATE EXTENSION hypopg' there (packages: postgresql-<version>-hypopg on Debian, offered by most managed services), or point the target at a copy that has it. "
        + "The redundant indexes below come from the catalog and hold as they are.";
}
