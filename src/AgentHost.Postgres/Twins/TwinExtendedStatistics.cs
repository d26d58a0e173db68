using System.Globalization;
using AgentHost.Postgres.Catalog;
using AgentHost.Sql;
using Npgsql;

namespace AgentHost.Postgres.Twins;

/// <summary>
/// Puts the statistics of several columns into a twin. PostgreSQL reads no text of theirs: counts and dependencies are written in its format, common combinations
/// are made by ANALYZE of a table that holds each of them, and given their frequencies.
/// </summary>
internal sealed class TwinExtendedStatistics(NpgsqlConnection owner, NpgsqlConnection superuser, ExtendedStatistics statistics)
{
    private string Label => $"{statistics.Schema}.{statistics.Name}";

    /// <summary>Does it; what fails is told.</summary>
    public async Task ApplyAsync(List<string> notes, CancellationToken ct)
    {
        try
        {
            if (await FindAsync(ct) is not { } found)
                return; // its statement was left out, which has been told
            var common = statistics.Common.IsEmpty ? null : await CommonAsync(found, ct);
            await WriteAsync(found, common, ct);
        }
        catch (PostgresException e)
        {
            notes.Add($"The statistics object {Label} has no figures: {e.MessageText}.");
        }
    }

    /// <summary>The object in the twin, with the numbers of its columns by name and the definition of each member in order.</summary>
    private async Task<(uint Oid, string Table, Dictionary<string, int> Numbers, string[] Members)?> FindAsync(CancellationToken ct)
    {
        const string sql = """
            select x.oid, x.stxrelid::regclass::text,
              array(select a.attname::text from unnest(x.stxkeys) with ordinality k(n, i) join pg_catalog.pg_attribute a on a.attrelid = x.stxrelid and a.attnum = k.n order by k.i),
              array(select k.n::int from unnest(x.stxkeys) with ordinality k(n, i) order by k.i), coalesce(pg_catalog.pg_get_statisticsobjdef_expressions(x.oid), '{}')
            from pg_catalog.pg_statistic_ext x join pg_catalog.pg_namespace n on n.oid = x.stxnamespace where n.nspname = $1 and x.stxname = $2
            """;
        await using var command = new NpgsqlCommand(sql, owner) { Parameters = { new() { Value = statistics.Schema }, new() { Value = statistics.Name } } };
        await using var reader = await command.ExecuteReaderAsync(ct);
        if (!await reader.ReadAsync(ct))
            return null;
        var (names, numbers) = (reader.GetFieldValue<string[]>(2), reader.GetFieldValue<int[]>(3));
        return (reader.GetFieldValue<uint>(0), reader.GetString(1), names.Zip(numbers).ToDictionary(n => n.First, n => n.Second, StringComparer.Ordinal),
            [.. names.Select(SqlIdentifier.Quote), .. reader.GetFieldValue<string[]>(4).Select(e => $"({e})")]);
    }

    /// <summary>The list of common combinations as PostgreSQL stores it.</summary>
    private async Task<byte[]?> CommonAsync((uint Oid, string Table, Dictionary<string, int> Numbers, string[] Members) found, CancellationToken ct)
    {
        var width = found.Members.Length;
        if (statistics.Common.Any(c => c.Values.Length != width))
            return null;
        var columns = Enumerable.Range(1, width).Select(i => $"m{i.ToString(CultureInfo.InvariantCulture)}").ToList();
        string Members(Func<string, int, string> write) => string.Join(", ", found.Members.Select(write));
        await ExecuteAsync(owner, $"create schema agenthost_twin; create table agenthost_twin.members as select {Members((member, i) => $"{member} as {columns[i]}")} from {found.Table} limit 0", ct);
        try
        {
            // Types without their lengths: a surrogate may be longer than the original lets values be.
            var types = await TypesAsync(ct);
            await ExecuteAsync(owner,
                $"""
                create table agenthost_twin.common with (autovacuum_enabled = off) as select {Members((member, i) => $"({member})::{types[i]} as {columns[i]}")} from {found.Table} limit 0;
                create statistics agenthost_twin.common_list (mcv) on {string.Join(", ", columns)} from agenthost_twin.common;
                alter statistics agenthost_twin.common_list set statistics 10000;
                """, ct);
            await FillAsync(columns, types, ct);
            await ExecuteAsync(owner, "analyze agenthost_twin.common", ct);
            return await ListAsync(width, ct);
        }
        finally
        {
            await ExecuteAsync(owner, "drop schema agenthost_twin cascade", CancellationToken.None);
        }
    }

    private async Task<List<string>> TypesAsync(CancellationToken ct)
    {
        var types = new List<string>();
        await using var find = new NpgsqlCommand(
            """
            select quote_ident(n.nspname) || '.' || quote_ident(t.typname) from pg_catalog.pg_attribute a join pg_catalog.pg_type t on t.oid = a.atttypid join pg_catalog.pg_namespace n on n.oid = t.typnamespace
            where a.attrelid = 'agenthost_twin.members'::regclass and a.attnum > 0 order by a.attnum
            """, owner);
        await using var reader = await find.ExecuteReaderAsync(ct);
        while (await reader.ReadAsync(ct))
            types.Add(reader.GetString(0));
        return types;
    }

    private async Task FillAsync(List<string> columns, List<string> types, CancellationToken ct)
    {
        var parameters = columns.Select((_, i) => $"${(i + 1).ToString(CultureInfo.InvariantCulture)}").ToList();
        // Each twice, for what occurs once is not taken for common.
        await using var fill = new NpgsqlCommand(
            $"insert into agenthost_twin.common select {string.Join(", ", columns.Zip(types, (c, t) => $"g.{c}::{t}"))} from unnest({string.Join(", ", parameters)}) g({string.Join(", ", columns)}), generate_series(1, 2)", owner);
        for (var i = 0; i < columns.Count; i++)
            fill.Parameters.Add(new() { Value = statistics.Common.Select(c => c.Values[i]).ToArray() });
        await fill.ExecuteNonQueryAsync(ct);
    }

    private async Task<byte[]?> ListAsync(int width, CancellationToken ct)
    {
        const string sql = """
            select d.stxdmcv::bytea, array(select array_to_string(array(select coalesce('v' || v, 'n') from unnest(i.values) v), E'\x1f') from pg_catalog.pg_mcv_list_items(d.stxdmcv) i order by i.index),
              array(select i.frequency from pg_catalog.pg_mcv_list_items(d.stxdmcv) i order by i.index), array(select i.base_frequency from pg_catalog.pg_mcv_list_items(d.stxdmcv) i order by i.index)
            from pg_catalog.pg_statistic_ext x join pg_catalog.pg_statistic_ext_data d on d.stxoid = x.oid where x.stxrelid = 'agenthost_twin.common'::regclass and d.stxdmcv is not null
            """;
        await using var command = new NpgsqlCommand(sql, superuser);
        await using var reader = await command.ExecuteReaderAsync(ct);
        if (!await reader.ReadAsync(ct))
            return null;
        var (list, items) = (reader.GetFieldValue<byte[]>(0), reader.GetFieldValue<string[]>(1));
        var known = statistics.Common.DistinctBy(Key).ToDictionary(Key, StringComparer.Ordinal);
        var before = reader.GetFieldValue<double[]>(2).Zip(reader.GetFieldValue<double[]>(3)).ToList();
        ExtendedStatisticsFormat.SetFrequencies(list, width, before, [.. items.Select(item => known.TryGetValue(item, out var c) ? (c.Frequency, c.BaseFrequency) : (0, 0))]);
        return list;
    }

    private static string Key(CommonCombination common) => string.Join('\x1f', common.Values.Select(v => v is null ? "n" : "v" + v));

    private async Task WriteAsync((uint Oid, string Table, Dictionary<string, int> Numbers, string[] Members) found, byte[]? common, CancellationToken ct)
    {
        int Number(int original) => original < 0 ? original : found.Numbers[statistics.Columns[original]];
        await ExecuteAsync(superuser, "create cast (bytea as pg_ndistinct) without function; create cast (bytea as pg_dependencies) without function; create cast (bytea as pg_mcv_list) without function", ct);
        try
        {
            await using var write = new NpgsqlCommand(
                """
                insert into pg_catalog.pg_statistic_ext_data (stxoid, stxdinherit, stxdndistinct, stxddependencies, stxdmcv) values ($1, $2, $3::pg_ndistinct, $4::pg_dependencies, $5::pg_mcv_list)
                """, superuser);
            write.Parameters.Add(new() { Value = found.Oid, NpgsqlDbType = NpgsqlTypes.NpgsqlDbType.Oid });
            write.Parameters.Add(new() { Value = statistics.Inherited });
            foreach (var bytes in (byte[]?[])
                     [statistics.Distinct is { } distinct ? ExtendedStatisticsFormat.Distinct(distinct, Number) : null, statistics.Dependencies is { } pairs ? ExtendedStatisticsFormat.Dependencies(pairs, Number) : null, common])
                write.Parameters.Add(new() { Value = (object?)bytes ?? DBNull.Value, NpgsqlDbType = NpgsqlTypes.NpgsqlDbType.Bytea });
            await write.ExecuteNonQueryAsync(ct);
        }
        finally
        {
            await ExecuteAsync(superuser, "drop cast (bytea as pg_ndistinct); drop cast (bytea as pg_dependencies); drop cast (bytea as pg_mcv_list)", CancellationToken.None);
        }

        await ExpressionsAsync(found.Oid, ct);
    }

    /// <summary>What is known of expressions is an array of rows as <c>pg_statistic</c> has them: they are made there, for columns of a table of the same types, and taken out.</summary>
    private async Task ExpressionsAsync(uint oid, CancellationToken ct)
    {
        if (statistics.Expressions.IsEmpty)
            return;
        await ExecuteAsync(owner, $"create schema agenthost_twin; create table agenthost_twin.expressions as select {string.Join(", ", statistics.Expressions.Select((e, i) => $"({e.Column}) as e{i.ToString(CultureInfo.InvariantCulture)}"))} from {await TableAsync(oid, ct)} limit 0", ct);
        try
        {
            await using (var batch = new NpgsqlBatch(superuser))
            {
                foreach (var (expression, i) in statistics.Expressions.Select((e, i) => (e, i)))
                    batch.BatchCommands.Add(StatisticSlots.Row("agenthost_twin", "expressions", expression with { Column = $"e{i.ToString(CultureInfo.InvariantCulture)}", Inherited = false }));
                await batch.ExecuteNonQueryAsync(ct);
            }

            await using var take = new NpgsqlCommand(
                """
                update pg_catalog.pg_statistic_ext_data set stxdexpr = (select array_agg(s order by s.staattnum) from pg_catalog.pg_statistic s where s.starelid = 'agenthost_twin.expressions'::regclass)
                where stxoid = $1 and stxdinherit = $2
                """, superuser);
            take.Parameters.Add(new() { Value = oid, NpgsqlDbType = NpgsqlTypes.NpgsqlDbType.Oid });
            take.Parameters.Add(new() { Value = statistics.Inherited });
            await take.ExecuteNonQueryAsync(ct);
        }
        finally
        {
            await ExecuteAsync(owner, "drop schema agenthost_twin cascade", CancellationToken.None);
        }
    }

    private async Task<string> TableAsync(uint oid, CancellationToken ct)
    {
        await using var find = new NpgsqlCommand("select stxrelid::regclass::text from pg_catalog.pg_statistic_ext where oid = $1", owner);
        find.Parameters.Add(new() { Value = oid, NpgsqlDbType = NpgsqlTypes.NpgsqlDbType.Oid });
        return (string)(await find.ExecuteScalarAsync(ct))!;
    }

    private static async Task ExecuteAsync(NpgsqlConnection connection, string sql, CancellationToken ct)
    {
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync(ct);
    }
}
