using System.Collections.Immutable;
using AgentHost.Postgres.Catalog;
using Npgsql;

namespace AgentHost.Postgres.Twins;

/// <summary>
/// Puts an index into a twin: created while its table's file is empty, for else PostgreSQL would read all of its pages, then given size, rows and statistics before
/// anybody's planner has looked at it.
/// </summary>
internal sealed class IndexStaging(Twin twin)
{
    public async Task<StagedIndex> StageAsync(string createIndex, long pages, double rows, ImmutableArray<ColumnStatistics> expressions, CancellationToken ct)
    {
        await using var superuser = await twin.Database.OpenSuperuserAsync(ct);
        var before = await TwinFiles.ReadAsync(twin.Database, superuser, ct);
        var tables = await TablesAsync(superuser, createIndex, before, ct);
        List<TwinRelation> made;
        try
        {
            foreach (var table in tables)
                table.File.Shrink();
            await twin.Database.ExecuteAsync(createIndex, ct);
        }
        finally
        {
            // CREATE INDEX has counted the table's rows, of which there are none.
            foreach (var table in tables)
            {
                (table.File with { Pages = PagesOf(table) }).Grow();
                await FiguresAsync(superuser, table.Oid, table.Pages, table.Rows, table.AllVisible, CancellationToken.None);
            }
        }

        var known = before.Select(r => r.Oid).ToHashSet();
        made = [.. (await TwinFiles.ReadAsync(twin.Database, superuser, ct)).Where(r => !known.Contains(r.Oid))];
        var all = Math.Max(1, made.Sum(index => Weight(tables, index)));
        foreach (var index in made)
        {
            var share = made.Count == 1 ? 1 : Weight(tables, index) / all;
            var own = Math.Max(1, (long)(pages * share));
            await FiguresAsync(superuser, index.Oid, (int)Math.Min(own, int.MaxValue), (float)(rows * share), 0, ct);
            if (!expressions.IsEmpty)
                await StatisticsAsync(superuser, index, expressions, ct);
            (index.File with { Pages = own, TablePages = tables.Where(t => t.Oid == index.Table).Select(PagesOf).FirstOrDefault() }).Grow();
        }

        return made is [var first, ..]
            ? new StagedIndex(first.Oid, first.Schema, first.Name) { Parts = [.. made.Select(index => index.Oid)] }
            : throw new ArgumentException("The statement made no index.", nameof(createIndex));
    }

    private long PagesOf(TwinRelation table) =>
        twin.Snapshot.Relations.FirstOrDefault(r => r.Schema == table.Schema && r.Name == table.Name) is { } original ? original.CurrentPages ?? original.Pages : 0;

    private double Weight(List<TwinRelation> tables, TwinRelation index) => tables.Where(t => t.Oid == index.Table).Select(t => Math.Max(1.0, PagesOf(t))).FirstOrDefault(1);

    /// <summary>The tables that the statement's table is or has for partitions.</summary>
    private static async Task<List<TwinRelation>> TablesAsync(NpgsqlConnection superuser, string createIndex, List<TwinRelation> relations, CancellationToken ct)
    {
        var table = AgentHost.Sql.SqlParser.Parse(createIndex).Statements is [AgentHost.Sql.Statements.CreateIndex create]
            ? AgentHost.Sql.SqlIdentifier.Quote(create.Table)
            : throw new ArgumentException("It is not one CREATE INDEX.", nameof(createIndex));
        await using var command = new NpgsqlCommand(
            """
            with recursive tree(oid) as (select to_regclass($1)::oid union all select i.inhrelid from pg_catalog.pg_inherits i join tree t on t.oid = i.inhparent)
            select array_agg(oid) from tree where oid is not null
            """, superuser) { Parameters = { new() { Value = table } } };
        var oids = (await command.ExecuteScalarAsync(ct) as uint[] ?? []).ToHashSet();
        return [.. relations.Where(r => r.File.Method is null && oids.Contains(r.Oid))];
    }

    private static async Task FiguresAsync(NpgsqlConnection superuser, uint relation, int pages, float rows, int allVisible, CancellationToken ct)
    {
        await using var figures = new NpgsqlCommand("update pg_catalog.pg_class set relpages = $2, reltuples = $3, relallvisible = $4 where oid = $1", superuser)
        {
            Parameters = { new() { Value = relation, NpgsqlDbType = NpgsqlTypes.NpgsqlDbType.Oid }, new() { Value = pages }, new() { Value = rows }, new() { Value = allVisible } },
        };
        await figures.ExecuteNonQueryAsync(ct);
    }

    private static async Task StatisticsAsync(NpgsqlConnection superuser, TwinRelation index, ImmutableArray<ColumnStatistics> expressions, CancellationToken ct)
    {
        var names = new List<string>();
        await using (var find = new NpgsqlCommand(
            "select a.attname::text from pg_catalog.pg_index i, unnest(i.indkey::int2[]) with ordinality k(n, place), pg_catalog.pg_attribute a where i.indexrelid = $1 and k.n = 0 and a.attrelid = i.indexrelid and a.attnum = k.place order by k.place", superuser))
        {
            find.Parameters.Add(new() { Value = index.Oid, NpgsqlDbType = NpgsqlTypes.NpgsqlDbType.Oid });
            await using var reader = await find.ExecuteReaderAsync(ct);
            while (await reader.ReadAsync(ct))
                names.Add(reader.GetString(0));
        }

        await StatisticSlots.PrepareAsync(superuser, ct);
        await using var batch = new NpgsqlBatch(superuser);
        foreach (var (statistics, place) in expressions.Select((s, i) => (s, i)).Take(names.Count))
            batch.BatchCommands.Add(StatisticSlots.Row(index.Schema, index.Name, statistics with { Column = names.Contains(statistics.Column) ? statistics.Column : names[place] }));
        if (batch.BatchCommands.Count > 0)
            await batch.ExecuteNonQueryAsync(ct);
    }
}
