using AgentHost.Sql.Queries;
using Npgsql;

namespace AgentHost.Bench.Twin;

/// <summary>How one query is planned; without a plan the server's refusal.</summary>
internal sealed record Explained(string Query, PlanNode? Plan, string? Refusal)
{
    /// <summary>Plans each query in one session, with these hypothetical indexes.</summary>
    public static async Task<IReadOnlyList<Explained>> AllAsync(NpgsqlConnection connection, IEnumerable<WeightedQuery> queries, IReadOnlyCollection<string> indexes)
    {
        if (indexes.Count > 0)
        {
            var schema = await MadeDatabase.ScalarAsync(connection, "select quote_ident(nspname) from pg_extension as e join pg_namespace as n on n.oid = extnamespace where extname = 'hypopg'");
            foreach (var index in indexes)
                await HypotheticalAsync(connection, schema!, index);
        }
        var all = new List<Explained>();
        foreach (var query in queries)
        {
            try
            {
                all.Add(new Explained(query.Name, PlanNode.Read((await MadeDatabase.ScalarAsync(connection, $"explain (format json) {query.Sql}"))!), null));
            }
            catch (PostgresException refused)
            {
                all.Add(new Explained(query.Name, null, refused.MessageText));
            }
        }
        return all;
    }

    private static async Task HypotheticalAsync(NpgsqlConnection connection, string schema, string index)
    {
        await using var command = new NpgsqlCommand($"select indexrelid from {schema}.hypopg_create_index($1)", connection) { Parameters = { new() { Value = index } } };
        if (await command.ExecuteScalarAsync() is null)
            throw new InvalidOperationException($"HypoPG made nothing of {index}");
    }
}
