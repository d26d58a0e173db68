using AgentHost.Postgres;
using Npgsql;

namespace AgentHost.Skills.Tests.ExplainPlan;

/// <summary>Vacuums until every page is all-visible: the snapshot of a session that is just starting can hold it back for a moment.</summary>
internal static class AllVisible
{
    private const int Attempts = 500;

    public static async Task VacuumAsync(ScratchDatabase database, params IEnumerable<string> tables)
    {
        await using var connection = await database.OpenAsync();
        foreach (var table in tables)
            await VacuumAsync(connection, table);
    }

    private static async Task VacuumAsync(NpgsqlConnection connection, string table)
    {
        for (var attempt = 0; attempt < Attempts; attempt++)
        {
            await using var vacuum = new NpgsqlCommand($"VACUUM (FREEZE, ANALYZE, DISABLE_PAGE_SKIPPING) {table}", connection);
            await vacuum.ExecuteNonQueryAsync();
            await using var check = new NpgsqlCommand($"SELECT relallvisible >= relpages FROM pg_class WHERE oid = '{table}'::regclass", connection);
            if (await check.ExecuteScalarAsync() is true)
                return;
        }

        throw new InvalidOperationException($"{table} is not all-visible after {Attempts} attempts: a transaction holds the server's horizon back.");
    }
}
