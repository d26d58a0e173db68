using System.Collections.Immutable;
using AgentHost.Postgres;
using AgentHost.Sql;

namespace AgentHost.Skills.ExplainPlan;

/// <summary>What the target's catalog says of a plan's tables: types that a plan does not tell, and the indexes that are there already.</summary>
internal sealed class PlanCatalog(
    ImmutableDictionary<(string Table, string Column), string> types, ImmutableDictionary<string, ImmutableArray<ExistingIndex>> indexes, ImmutableDictionary<string, double> widths)
{
    /// <summary>Nothing is known: the plan came without its database.</summary>
    public static PlanCatalog Empty { get; } = new(
        ImmutableDictionary<(string, string), string>.Empty, ImmutableDictionary<string, ImmutableArray<ExistingIndex>>.Empty, ImmutableDictionary<string, double>.Empty);

    /// <summary>Reads the tables that the plan's nodes scan, by the target's search path where the plan names no schema.</summary>
    public static async Task<PlanCatalog> ReadAsync(ReadOnlyTarget target, QueryPlan plan, CancellationToken ct)
    {
        var tables = plan.Nodes.Where(n => n.Relation is not null).Select(Key).Distinct(StringComparer.Ordinal).ToArray();
        if (tables.Length == 0)
            return Empty;
        var parameters = new Dictionary<string, object?>(StringComparer.Ordinal) { ["tables"] = tables };
        var columns = await target.QueryAsync(
            """
            select t.name as table, a.attname::text as column, format_type(a.atttypid, null) as type
            from unnest(@tables::text[]) t(name) join pg_catalog.pg_attribute a on a.attrelid = to_regclass(t.name)
            where a.attnum > 0 and not a.attisdropped
            """, parameters, ct);
        var indexes = await target.QueryAsync(
            """
            select t.name as table, c.relname::text as index,
                   array(select pg_get_indexdef(i.indexrelid, k, false) from generate_series(1, i.indnkeyatts) k order by k) as keys
            from unnest(@tables::text[]) t(name) join pg_catalog.pg_index i on i.indrelid = to_regclass(t.name)
            join pg_catalog.pg_class c on c.oid = i.indexrelid join pg_catalog.pg_am m on m.oid = c.relam
            where i.indisvalid and i.indpred is null and m.amname = 'btree'
            order by t.name, i.indisprimary desc, c.relname
            """, parameters, ct);
        var widths = await target.QueryAsync(
            """
            select t.name as table, sum(s.avg_width)::float8 as width
            from unnest(@tables::text[]) t(name) join pg_catalog.pg_class c on c.oid = to_regclass(t.name) join pg_catalog.pg_namespace n on n.oid = c.relnamespace
            join pg_catalog.pg_attribute a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped
            left join pg_catalog.pg_stats s on s.schemaname = n.nspname and s.tablename = c.relname and s.attname = a.attname and not s.inherited
            group by t.name having count(*) = count(s.avg_width)
            """, parameters, ct);
        return new PlanCatalog(
            columns.ToImmutableDictionary(c => ((string)c["table"]!, SqlIdentifier.Quote((string)c["column"]!)), c => (string)c["type"]!),
            indexes.GroupBy(i => (string)i["table"]!, StringComparer.Ordinal)
                .ToImmutableDictionary(g => g.Key, g => g.Select(i => new ExistingIndex((string)i["index"]!, [.. (string[])i["keys"]!])).ToImmutableArray(), StringComparer.Ordinal),
            widths.ToImmutableDictionary(w => (string)w["table"]!, w => (double)w["width"]!, StringComparer.Ordinal));
    }

    /// <summary>Whether <c>(c)::text</c> is a cast: true or false where the column's type is known, else null.</summary>
    public bool? IsCast(PlanNode node, string column) =>
        types.TryGetValue((Key(node), column), out var type) ? type is not ("character varying" or "text" or "character" or "name") : null;

    /// <summary>The index that is there already with those keys in front, in any order; null where there is none or nothing is known.</summary>
    public string? IndexOn(PlanNode node, IReadOnlyCollection<string> keys) =>
        keys.Count == 0 ? null : indexes.GetValueOrDefault(Key(node), []).FirstOrDefault(i => i.Keys.Length >= keys.Count && i.Keys.Take(keys.Count).ToHashSet(StringComparer.Ordinal).SetEquals(keys))?.Name;

    /// <summary>The keys of a B-tree index, in order; none where nothing is known.</summary>
    public ImmutableArray<string> KeysOf(PlanNode node, string index) =>
        indexes.GetValueOrDefault(Key(node), []).FirstOrDefault(i => i.Name == index)?.Keys ?? [];

    /// <summary>Bytes of an average row by the statistics; null where a column has none.</summary>
    public double? RowWidth(PlanNode node) => widths.TryGetValue(Key(node), out var width) ? width : null;

    private static string Key(PlanNode node) => SqlIdentifier.Quote(new QualifiedName(node.Schema, node.Relation!));
}

/// <summary>A btree index over all rows.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Keys">Its keys as PostgreSQL writes them.</param>
internal sealed record ExistingIndex(string Name, ImmutableArray<string> Keys);
