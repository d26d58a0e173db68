using System.Collections.Immutable;
using AgentHost.Sql.Syntax;
using Npgsql;

namespace AgentHost.Skills.RecommendIndex.Rewrites;

/// <summary>Has each rewritten query planned by our own server: what it refuses is not shown.</summary>
internal static class RewriteProof
{
    /// <summary>The rewrites; the text of one that PostgreSQL does not plan is left out. No transaction is open.</summary>
    public static async Task<ImmutableArray<QueryRewrite>> PlannedAsync(NpgsqlConnection open, ImmutableArray<QueryRewrite> rewrites, CancellationToken ct)
    {
        var planned = ImmutableArray.CreateBuilder<QueryRewrite>();
        foreach (var rewrite in rewrites)
            planned.Add(rewrite.Sql is not { } sql || await IsPlannedAsync(open, sql, ct) ? rewrite : rewrite with { Sql = null, IsExact = false });
        return planned.ToImmutable();
    }

    private static async Task<bool> IsPlannedAsync(NpgsqlConnection open, string sql, CancellationToken ct)
    {
        var parameters = QuerySyntax.Read(sql)?.ParameterCount ?? 0;
        await using var batch = new NpgsqlBatch(open);
        batch.BatchCommands.Add(new NpgsqlBatchCommand($"PREPARE agenthost_rewrite AS {sql}"));
        batch.BatchCommands.Add(new NpgsqlBatchCommand($"EXPLAIN EXECUTE agenthost_rewrite{(parameters == 0 ? "" : $"({string.Join(", ", Enumerable.Repeat("NULL", parameters))})")}"));
        batch.BatchCommands.Add(new NpgsqlBatchCommand("DEALLOCATE agenthost_rewrite"));
        try
        {
            await batch.ExecuteNonQueryAsync(ct);
            return true;
        }
        catch (PostgresException e) when (e.SqlState[..2] is not ("08" or "57"))
        {
            await using var tidy = new NpgsqlCommand("DEALLOCATE ALL", open);
            await tidy.ExecuteNonQueryAsync(ct);
            return false;
        }
    }
}
