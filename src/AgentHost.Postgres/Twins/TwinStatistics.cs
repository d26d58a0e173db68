using System.Collections.Immutable;
using System.Globalization;
using AgentHost.Postgres.Catalog;
using AgentHost.Sql;
using Npgsql;

namespace AgentHost.Postgres.Twins;

/// <summary>Puts the original's figures into a twin's catalogs.</summary>
internal sealed class TwinStatistics(ScratchDatabase database, CatalogSnapshot snapshot)
{
    private const int BatchSize = 200;
    private readonly List<string> notes = [];

    /// <summary>Does it and tells what could not be put in.</summary>
    public async Task<ImmutableArray<string>> ApplyAsync(CancellationToken ct)
    {
        await using var owner = await database.OpenAsync(ct);
        await using var superuser = await database.OpenSuperuserAsync(ct);
        await StatisticSlots.PrepareAsync(superuser, ct);
        // What a domain checks is the owner's code: it must not run with a superuser's rights when values are read.
        var checks = await DomainChecksAsync(owner, ct);
        await ExecuteAsync(owner, string.Concat(checks.Select(check => check.Drop)), ct);
        await RelationsAsync(superuser, ct);
        await ColumnsAsync(superuser, ct);
        foreach (var extended in snapshot.ExtendedStatistics)
            await new TwinExtendedStatistics(owner, superuser, extended).ApplyAsync(notes, ct);
        await ExecuteAsync(owner, string.Concat(checks.Select(check => check.Add)), ct);
        return [.. notes];
    }

    private static async Task<List<(string Drop, string Add)>> DomainChecksAsync(NpgsqlConnection owner, CancellationToken ct)
    {
        const string sql = """
            select format('alter domain %s drop constraint %I;', t.oid::regtype, k.conname),
                   format('alter domain %s add constraint %I %s%s;', t.oid::regtype, k.conname, pg_get_constraintdef(k.oid), case when k.convalidated then ' not valid' else '' end)
            from pg_catalog.pg_constraint k join pg_catalog.pg_type t on t.oid = k.contypid
            where k.contype = 'c' and t.typnamespace <> 'information_schema'::regnamespace
              and not exists (select from pg_catalog.pg_depend d where d.objid = t.oid and d.classid = 'pg_type'::regclass and d.deptype = 'e')
            """;
        await using var command = new NpgsqlCommand(sql, owner);
        await using var reader = await command.ExecuteReaderAsync(ct);
        var checks = new List<(string, string)>();
        while (await reader.ReadAsync(ct))
            checks.Add((reader.GetString(0), reader.GetString(1)));
        return checks;
    }

    private async Task RelationsAsync(NpgsqlConnection superuser, CancellationToken ct)
    {
        var all = snapshot.Relations.SelectMany(r => r.Indexes.Select(i => (r.Schema, i.Name, i.Rows, i.Pages, AllVisible: 0)).Prepend((r.Schema, r.Name, r.Rows, r.Pages, AllVisible: r.AllVisiblePages))).ToList();
        await using var command = new NpgsqlCommand(
            """
            update pg_catalog.pg_class c set reltuples = g.rows, relpages = g.pages, relallvisible = g.visible
            from unnest($1, $2, $3, $4, $5) g(schema, name, rows, pages, visible) join pg_catalog.pg_namespace n on n.nspname = g.schema
            where c.relnamespace = n.oid and c.relname = g.name
            """, superuser)
        {
            Parameters =
            {
                new() { Value = all.Select(r => r.Schema).ToArray() }, new() { Value = all.Select(r => r.Name).ToArray() },
                new() { Value = all.Select(r => (float)(r.Rows ?? -1)).ToArray() }, new() { Value = all.Select(r => r.Pages).ToArray() }, new() { Value = all.Select(r => r.AllVisible).ToArray() },
            },
        };
        await command.ExecuteNonQueryAsync(ct);
    }

    private async Task ColumnsAsync(NpgsqlConnection superuser, CancellationToken ct)
    {
        var rows = snapshot.Relations.SelectMany(r => r.Statistics.Select(s => (r.Schema, r.Name, s)).Concat(r.Indexes.SelectMany(i => i.Statistics.Select(s => (r.Schema, i.Name, s)))));
        foreach (var part in rows.Chunk(BatchSize))
        {
            if (await TryAsync(superuser, part, ct) is null)
                continue;
            foreach (var (schema, relation, statistics) in part)
            {
                if (await TryAsync(superuser, [(schema, relation, statistics)], ct) is { } failure)
                    notes.Add($"The statistics of {schema}.{relation}.{statistics.Column} are missing: {failure}.");
            }
        }
    }

    private static async Task<string?> TryAsync(NpgsqlConnection superuser, IReadOnlyCollection<(string Schema, string Relation, ColumnStatistics Statistics)> rows, CancellationToken ct)
    {
        try
        {
            await using var batch = new NpgsqlBatch(superuser);
            foreach (var (schema, relation, statistics) in rows)
                batch.BatchCommands.Add(StatisticSlots.Row(schema, relation, statistics));
            await batch.PrepareAsync(ct);
            await batch.ExecuteNonQueryAsync(ct); // one implicit transaction
            return null;
        }
        catch (PostgresException e)
        {
            return e.MessageText;
        }
    }

    private static async Task ExecuteAsync(NpgsqlConnection connection, string sql, CancellationToken ct)
    {
        if (sql.Length == 0)
            return;
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync(ct);
    }
}
