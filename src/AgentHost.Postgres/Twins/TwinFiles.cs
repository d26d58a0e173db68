using System.Collections.Immutable;
using AgentHost.Postgres.Catalog;
using Npgsql;

namespace AgentHost.Postgres.Twins;

/// <summary>Finds the files of a twin's relations and grows them to the original's sizes.</summary>
internal static class TwinFiles
{
    /// <summary>A row a relation with a file: its number, schema and name, path, method, width of its keys, whether it is a key's, its table's number.</summary>
    private const string Relations =
        """
        select c.oid, n.nspname::text, c.relname::text, pg_catalog.pg_relation_filepath(c.oid), m.amname::text,
          coalesce((select sum(case when t.typlen > 0 then t.typlen else coalesce((select max(s.stawidth) from pg_catalog.pg_statistic s where (s.starelid, s.staattnum) = (i.indrelid, k.n) or (s.starelid, s.staattnum) = (c.oid, k.place)), 16) end)
            from unnest(i.indkey::int2[]) with ordinality k(n, place) join pg_catalog.pg_attribute a on a.attrelid = c.oid and a.attnum = k.place join pg_catalog.pg_type t on t.oid = a.atttypid
            where k.place <= i.indnkeyatts), 0)::float8,
          exists (select from pg_catalog.pg_constraint k where k.conindid = c.oid), coalesce(i.indrelid, 0::oid), c.relpages, c.reltuples, c.relallvisible
        from pg_catalog.pg_class c join pg_catalog.pg_namespace n on n.oid = c.relnamespace left join pg_catalog.pg_index i on i.indexrelid = c.oid
        left join pg_catalog.pg_am m on m.oid = c.relam and c.relkind = 'i'
        where c.relkind in ('r', 'm', 'i') and n.nspname !~ '^pg_' and n.nspname <> 'information_schema'
        """;

    /// <summary>Grows all that the snapshot knows of.</summary>
    /// <exception cref="IOException">The disk does not hold files of such a size, not even sparse ones.</exception>
    public static async Task GrowAsync(ScratchDatabase database, CatalogSnapshot snapshot, CancellationToken ct)
    {
        var pages = new Dictionary<(string, string), long>();
        foreach (var relation in snapshot.Relations)
        {
            pages[(relation.Schema, relation.Name)] = relation.CurrentPages ?? relation.Pages;
            foreach (var index in relation.Indexes)
                pages[(relation.Schema, index.Name)] = index.CurrentPages ?? index.Pages;
        }

        await using var superuser = await database.OpenSuperuserAsync(ct);
        var all = await ReadAsync(database, superuser, ct);
        var tables = all.ToDictionary(r => r.Oid, r => pages.GetValueOrDefault((r.Schema, r.Name)));
        foreach (var relation in all)
        {
            if (tables[relation.Oid] is var size and > 0)
                (relation.File with { Pages = size, TablePages = tables.GetValueOrDefault(relation.Table) }).Grow();
        }
    }

    /// <summary>All relations that have files.</summary>
    public static async Task<List<TwinRelation>> ReadAsync(ScratchDatabase database, NpgsqlConnection superuser, CancellationToken ct)
    {
        await using var command = new NpgsqlCommand(Relations, superuser);
        await using var reader = await command.ExecuteReaderAsync(ct);
        var relations = new List<TwinRelation>();
        while (await reader.ReadAsync(ct))
        {
            var file = new RelationFile(Path.Combine(database.DataFolder, reader.GetString(3)), reader.IsDBNull(4) ? null : reader.GetString(4), 0, reader.GetDouble(5), reader.GetBoolean(6), 0);
            relations.Add(new TwinRelation(reader.GetFieldValue<uint>(0), reader.GetString(1), reader.GetString(2), file, reader.GetFieldValue<uint>(7), reader.GetInt32(8), reader.GetFloat(9), reader.GetInt32(10)));
        }

        return relations;
    }
}

/// <summary>A relation of a twin with its file.</summary>
internal sealed record TwinRelation(uint Oid, string Schema, string Name, RelationFile File, uint Table, int Pages, float Rows, int AllVisible);
