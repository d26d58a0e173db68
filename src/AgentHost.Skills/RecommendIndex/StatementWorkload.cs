using System.Collections.Immutable;
using AgentHost.Sql;
using AgentHost.Sql.Queries;
using Npgsql;

namespace AgentHost.Skills.RecommendIndex;

/// <summary>Reads a database's own workload from <c>pg_stat_statements</c>.</summary>
internal static class StatementWorkload
{
    private const int MaxStatements = 200;

    /// <summary>The statements of this database that took the most time, weighted by calls.</summary>
    /// <exception cref="SkillInputException">The view is not there, not readable, or empty.</exception>
    public static async Task<ImmutableArray<WeightedQuery>> ReadAsync(NpgsqlConnection open, string target, CancellationToken ct)
    {
        string? schema;
        await using (var find = new NpgsqlCommand(
            "select n.nspname::text from pg_catalog.pg_extension e join pg_catalog.pg_namespace n on n.oid = e.extnamespace where e.extname = 'pg_stat_statements'", open))
        {
            schema = (string?)await find.ExecuteScalarAsync(ct);
        }
        if (schema is null)
        {
            throw new SkillInputException(
                $"'{target}' has no pg_stat_statements to read a workload from. Add it to shared_preload_libraries, restart, run 'CREATE EXTENSION pg_stat_statements', "
                + "let traffic run; or give the queries in a file instead.");
        }

        try
        {
            var time = open.PostgreSqlVersion.Major >= 13 ? "total_exec_time" : "total_time";
            await using var command = new NpgsqlCommand(
                $"""
                select query, sum(calls)::float8 from {SqlIdentifier.Quote(schema)}.pg_stat_statements
                where dbid = (select oid from pg_catalog.pg_database where datname = current_database()) and query ~* '^\s*(select|with|insert|update|delete|merge|/\*|--)'
                group by queryid, query order by sum({time}) desc, query limit {MaxStatements}
                """, open);
            var queries = ImmutableArray.CreateBuilder<WeightedQuery>();
            await using var reader = await command.ExecuteReaderAsync(ct);
            while (await reader.ReadAsync(ct))
                queries.Add(new WeightedQuery($"statement {queries.Count + 1}", reader.GetString(0), Math.Max(1, reader.GetDouble(1))));
            return queries.Count > 0
                ? queries.ToImmutable()
                : throw new SkillInputException($"pg_stat_statements in '{target}' holds no reads of this database yet, or the role may not see them (grant pg_read_all_stats). Let traffic run, or give the queries in a file.");
        }
        catch (PostgresException e)
        {
            throw new SkillInputException($"pg_stat_statements in '{target}' cannot be read: {e.MessageText}. Give the queries in a file instead.", e);
        }
    }
}
