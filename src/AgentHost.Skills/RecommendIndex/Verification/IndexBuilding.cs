using System.Collections.Immutable;
using System.Globalization;
using AgentHost.Sql;
using AgentHost.Sql.Statements;
using Npgsql;

namespace AgentHost.Skills.RecommendIndex.Verification;

/// <summary>Builds the proposed indexes for real.</summary>
internal static class IndexBuilding
{
    private const string Facts =
        """
        select n.nspname::text, c.relname::text, am.amname::text, pg_relation_size(c.oid),
          array(select distinct a.attname::text from pg_catalog.pg_depend d join pg_catalog.pg_attribute a on a.attrelid = d.refobjid and a.attnum = d.refobjsubid
            where d.classid = 'pg_catalog.pg_class'::regclass and d.objid = c.oid and d.refclassid = d.classid and d.refobjid = x.indrelid and d.refobjsubid > 0)
        from pg_catalog.pg_index x join pg_catalog.pg_class c on c.oid = x.indexrelid join pg_catalog.pg_namespace n on n.oid = c.relnamespace join pg_catalog.pg_am am on am.oid = c.relam
        where x.indrelid = $1::regclass order by c.oid desc limit 1
        """;

    /// <summary>Builds those for which there is time.</summary>
    /// <param name="connection">Where.</param>
    /// <param name="sets">The indexes.</param>
    /// <param name="end">When no further one is begun and a running build is given up.</param>
    /// <param name="ct">Ends it.</param>
    public static async Task<(List<BuiltIndex> Built, Dictionary<ProposedIndex, string> Failed)> RunAsync(NpgsqlConnection connection, ImmutableArray<CandidateSet> sets, DateTimeOffset end, CancellationToken ct)
    {
        var built = new List<BuiltIndex>();
        var failed = new Dictionary<ProposedIndex, string>(ReferenceEqualityComparer.Instance);
        var analyzed = new SortedSet<string>(StringComparer.Ordinal);
        await ExecuteAsync(connection, "set maintenance_work_mem = '256MB'; set max_parallel_maintenance_workers = 0; set client_min_messages = warning", ct);
        // The first alternatives of all before the second ones of any.
        foreach (var (set, alternative) in sets.SelectMany((set, number) => set.Alternatives.Select((_, place) => (number, place))).OrderBy(entry => entry.place).ThenBy(entry => entry.number))
        {
            var index = sets[set].Alternatives[alternative];
            var left = (long)(end - DateTimeOffset.UtcNow).TotalMilliseconds;
            if (left <= 0)
            {
                failed[index] = "there was no time to build it";
                continue;
            }

            try
            {
                if (SqlParser.Parse(index.Sql).Statements is not [CreateIndex create])
                {
                    failed[index] = "it is not one CREATE INDEX statement";
                    continue;
                }

                // One that takes for ever leaves half of the time to the others.
                var most = Math.Max(1, failed.Count + built.Count + 1 < sets.Sum(each => each.Alternatives.Length) ? left / 2 : left);
                await ExecuteAsync(connection, $"set statement_timeout = {most.ToString(CultureInfo.InvariantCulture)}", ct);
                await ExecuteAsync(connection, index.Sql, ct);
                built.Add(await ReadAsync(connection, set, alternative, index, ct));
                if (create.Keys.Any(key => key.Expression is not null))
                    analyzed.Add(SqlIdentifier.Quote(index.Table));
            }
            catch (PostgresException e) when (!ct.IsCancellationRequested)
            {
                failed[index] = $"it could not be built: {e.MessageText}";
            }
            catch (SqlInputException e)
            {
                failed[index] = $"it could not be built: {e.Message}";
            }
        }

        // Expressions have statistics only once they are indexed. To look at all of their values may take long.
        foreach (var table in analyzed)
        {
            try
            {
                await ExecuteAsync(connection, $"set statement_timeout = {Math.Max(1000, (long)(end - DateTimeOffset.UtcNow).TotalMilliseconds).ToString(CultureInfo.InvariantCulture)}", ct);
                await ExecuteAsync(connection, $"analyze {table}", ct);
            }
            catch (PostgresException e) when (!ct.IsCancellationRequested)
            {
                foreach (var index in built.Where(index => index.Table == table))
                    failed[index.Index] = $"statistics of it could not be gathered: {e.MessageText}";
                built.RemoveAll(index => index.Table == table);
            }
        }

        await ExecuteAsync(connection, "set statement_timeout = 0", ct);
        return (built, failed);
    }

    /// <summary>A column of each table that an UPDATE can set.</summary>
    public static async Task<Dictionary<string, string?>> WritableColumnsAsync(NpgsqlConnection connection, CancellationToken ct)
    {
        const string Columns =
            """
            select n.nspname::text, c.relname::text, (select quote_ident(a.attname) from pg_catalog.pg_attribute a where a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped and a.attgenerated = '' and a.attidentity <> 'a' order by a.attlen < 0, a.attnum desc limit 1)
            from pg_catalog.pg_class c join pg_catalog.pg_namespace n on n.oid = c.relnamespace where c.relkind = 'r' and n.nspname not in ('pg_catalog', 'information_schema')
            """;
        var columns = new Dictionary<string, string?>(StringComparer.Ordinal);
        await using var command = new NpgsqlCommand(Columns, connection);
        await using var reader = await command.ExecuteReaderAsync(ct);
        while (await reader.ReadAsync(ct))
            columns[SqlIdentifier.Quote(new QualifiedName(reader.GetString(0), reader.GetString(1)))] = await reader.IsDBNullAsync(2, ct) ? null : reader.GetString(2);
        return columns;
    }

    private static async Task<BuiltIndex> ReadAsync(NpgsqlConnection connection, int set, int alternative, ProposedIndex index, CancellationToken ct)
    {
        await using var command = new NpgsqlCommand(Facts, connection) { Parameters = { new() { Value = SqlIdentifier.Quote(index.Table) } } };
        await using var row = await command.ExecuteReaderAsync(ct);
        await row.ReadAsync(ct);
        var name = new QualifiedName(row.GetString(0), row.GetString(1));
        return new BuiltIndex(set, alternative, index, SqlIdentifier.Quote(name), name.Name, row.GetInt64(3)) { Method = row.GetString(2), Columns = row.GetFieldValue<string[]>(4).ToHashSet(StringComparer.Ordinal) };
    }

    private static async Task ExecuteAsync(NpgsqlConnection connection, string sql, CancellationToken ct)
    {
        await using var command = new NpgsqlCommand(sql, connection) { CommandTimeout = 0 };
        await command.ExecuteNonQueryAsync(ct);
    }
}
