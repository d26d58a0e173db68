using System.Collections.Immutable;
using AgentHost.Sql;
using Npgsql;

namespace AgentHost.Postgres.Catalog;

/// <summary>Reads <c>pg_stat_statements</c> where it is there and readable; else says why not.</summary>
internal static class CatalogStatements
{
    /// <summary>The most statements that are kept, those that ran longest in all.</summary>
    private const int Most = 5_000;

    /// <summary>The statements that read or change rows of this database. The connection stands in a transaction, which goes on where the view refuses.</summary>
    public static async Task<(ImmutableArray<StatementFigures> Statements, string? Note)> ReadAsync(NpgsqlConnection connection, CancellationToken ct)
    {
        string? schema;
        await using (var find = new NpgsqlCommand(
            "select n.nspname::text from pg_catalog.pg_extension e join pg_catalog.pg_namespace n on n.oid = e.extnamespace where e.extname = 'pg_stat_statements'", connection))
        {
            schema = (string?)await find.ExecuteScalarAsync(ct);
        }

        if (schema is null)
            return ([], null);
        await ExecuteAsync(connection, "savepoint agenthost_statements", ct);
        try
        {
            var time = await HasColumnAsync(connection, schema, "total_exec_time", ct) ? "total_exec_time" : "total_time";
            await using var command = new NpgsqlCommand(
                $"""
                select query, sum(calls)::float8, sum({time})::float8, sum(rows)::float8, query = '<insufficient privilege>'
                from {SqlIdentifier.Quote(schema)}.pg_stat_statements
                where dbid = (select oid from pg_catalog.pg_database where datname = current_database())
                  and (query ~* '^\s*(select|with|insert|update|delete|merge|/\*|--|\()' or query = '<insufficient privilege>')
                group by query order by 3 desc, query limit {Most}
                """, connection);
            var (statements, hidden) = (ImmutableArray.CreateBuilder<StatementFigures>(), false);
            await using var reader = await command.ExecuteReaderAsync(ct);
            while (await reader.ReadAsync(ct))
            {
                if (reader.GetBoolean(4))
                    hidden = true;
                else
                    statements.Add(new StatementFigures(reader.GetString(0), reader.GetDouble(1), reader.GetDouble(2), reader.GetDouble(3)));
            }

            return (statements.ToImmutable(), hidden ? "pg_stat_statements hides other roles' statements from this one (GRANT pg_read_all_stats shows them)." : null);
        }
        catch (PostgresException e)
        {
            await ExecuteAsync(connection, "rollback to savepoint agenthost_statements", ct);
            return ([], $"pg_stat_statements cannot be read: {e.MessageText}.");
        }
    }

    private static async Task<bool> HasColumnAsync(NpgsqlConnection connection, string schema, string column, CancellationToken ct)
    {
        await using var find = new NpgsqlCommand(
            """
            select exists (select from pg_catalog.pg_attribute a join pg_catalog.pg_class c on c.oid = a.attrelid join pg_catalog.pg_namespace n on n.oid = c.relnamespace
              where n.nspname = $1 and c.relname = 'pg_stat_statements' and a.attname = $2)
            """, connection) { Parameters = { new() { Value = schema }, new() { Value = column } } };
        return (bool)(await find.ExecuteScalarAsync(ct))!;
    }

    private static async Task ExecuteAsync(NpgsqlConnection connection, string sql, CancellationToken ct)
    {
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync(ct);
    }
}
