using System.Collections.Immutable;
using System.Text;
using AgentHost.Postgres.Catalog;
using Npgsql;

namespace AgentHost.Postgres.Twins;

/// <summary>Writes rows of <c>pg_statistic</c> from what <c>pg_stats</c> showed (pg_statistic.h; manual, 51.50). Needs a superuser of our own server.</summary>
internal static class StatisticSlots
{
    private const int Slots = 5, Float8Less = 672;
    private const short CommonValues = 1, Histogram = 2, Correlation = 3, CommonElements = 4, ElementCounts = 5, RangeLengths = 6, RangeBounds = 7;

    /// <summary>
    /// Types with the operators by which ANALYZE compares them: of the default btree class of the type itself, or of the one that it is taken for (varchar for text,
    /// any enum, any array, any range, any row).
    /// </summary>
    private const string Types =
        """
        create temp table if not exists agenthost_types as
        with recursive base as (
          select t.oid as typ, t.oid as base from pg_catalog.pg_type t where t.typtype <> 'p'
          union all select b.typ, t.typbasetype from base b join pg_catalog.pg_type t on t.oid = b.base where t.typtype = 'd'),
        plain as (select b.typ, t.* from base b join pg_catalog.pg_type t on t.oid = b.base where t.typtype <> 'd'),
        class as (
          select distinct on (p.typ) p.typ, o.opcfamily, o.opcintype from plain p join pg_catalog.pg_opclass o on o.opcdefault and o.opcmethod = 403
          where o.opcintype = p.oid
             or o.opcintype = case p.typtype when 'e' then 'anyenum'::regtype when 'r' then 'anyrange'::regtype when 'm' then 'anymultirange'::regtype when 'c' then 'record'::regtype end
             or (p.typcategory = 'A' and p.typlen = -1 and o.opcintype = 'anyarray'::regtype)
             or exists (select from pg_catalog.pg_cast c where c.castsource = p.oid and c.casttarget = o.opcintype and c.castmethod = 'b' and c.castcontext = 'i')
          order by p.typ, o.opcintype = p.oid desc, o.opcintype)
        select p.typ, case when p.oid = 'tsvector'::regtype then 'text'::regtype when p.typcategory = 'A' and p.typlen = -1 then p.typelem else 0 end as element,
          coalesce((select a.amopopr from pg_catalog.pg_amop a where a.amopfamily = c.opcfamily and a.amoplefttype = c.opcintype and a.amoprighttype = c.opcintype and a.amopstrategy = 3), 0) as eq,
          coalesce((select a.amopopr from pg_catalog.pg_amop a where a.amopfamily = c.opcfamily and a.amoplefttype = c.opcintype and a.amoprighttype = c.opcintype and a.amopstrategy = 1), 0) as lt
        from plain p left join class c on c.typ = p.typ;
        create unique index if not exists agenthost_types_typ on agenthost_types (typ)
        """;

    /// <summary>What the values of a column are; a key of GIN and its like shows the type that it is stored as (a text for each word of a tsvector), not that of the expression.</summary>
    private const string ValueType =
        """
        select coalesce((select case when o.opckeytype = 0 then null
              when o.opcintype = 'anyarray'::regtype then (select case when y.typcategory = 'A' then y.oid else y.typarray end from pg_catalog.pg_type y where y.oid = a.atttypid)
              when (select y.typtype from pg_catalog.pg_type y where y.oid = o.opcintype) = 'p' then null else o.opcintype end
            from pg_catalog.pg_index i join pg_catalog.pg_opclass o on o.oid = i.indclass[a.attnum - 1] where i.indexrelid = c.oid and a.attnum <= i.indnkeyatts), a.atttypid) as typ
        """;

    private static readonly string Insert = InsertText();

    /// <summary>Makes a superuser's session ready to write.</summary>
    public static async Task PrepareAsync(NpgsqlConnection superuser, CancellationToken ct)
    {
        foreach (var sql in (string[])["set allow_system_table_mods = on", "set search_path = pg_catalog, pg_temp", Types])
        {
            await using var command = new NpgsqlCommand(sql, superuser);
            await command.ExecuteNonQueryAsync(ct);
        }
    }

    /// <summary>The row of a column: nothing where the twin has no such column.</summary>
    /// <param name="schema">The schema of its relation.</param>
    /// <param name="relation">The table, or the index that it is an expression of.</param>
    /// <param name="statistics">What is known.</param>
    public static NpgsqlBatchCommand Row(string schema, string relation, ColumnStatistics statistics)
    {
        var command = new NpgsqlBatchCommand(Insert);
        void Add<T>(T value) => command.Parameters.Add(new NpgsqlParameter<T> { TypedValue = value });
        Add(schema);
        Add(relation);
        Add(statistics.Column);
        Add(statistics.Inherited);
        Add(statistics.NullFraction);
        Add(statistics.Width);
        Add(statistics.Distinct);
        var slots = SlotsOf(statistics).Take(Slots).ToList();
        for (var i = 0; i < Slots; i++)
        {
            var slot = i < slots.Count ? slots[i] : new Slot(0, null, null);
            Add(slot.Kind);
            command.Parameters.Add(new NpgsqlParameter { Value = (object?)slot.Numbers ?? DBNull.Value, NpgsqlDbType = NpgsqlTypes.NpgsqlDbType.Array | NpgsqlTypes.NpgsqlDbType.Real });
            command.Parameters.Add(new NpgsqlParameter { Value = (object?)slot.Values ?? DBNull.Value, NpgsqlDbType = NpgsqlTypes.NpgsqlDbType.Text });
        }

        return command;
    }

    private static IEnumerable<Slot> SlotsOf(ColumnStatistics statistics)
    {
        if (!statistics.CommonValues.IsEmpty)
            yield return new Slot(CommonValues, [.. statistics.CommonFrequencies], Literal(statistics.CommonValues));
        if (!statistics.Histogram.IsEmpty)
            yield return new Slot(Histogram, null, Literal(statistics.Histogram));
        if (statistics.Correlation is { } correlation)
            yield return new Slot(Correlation, [correlation], null);
        if (!statistics.CommonElements.IsEmpty)
            yield return new Slot(CommonElements, [.. statistics.CommonElementFrequencies], Literal(statistics.CommonElements));
        if (!statistics.ElementCounts.IsEmpty)
            yield return new Slot(ElementCounts, [.. statistics.ElementCounts], null);
        if (!statistics.RangeLengths.IsEmpty || statistics.EmptyRangeFraction is not null)
            yield return new Slot(RangeLengths, [statistics.EmptyRangeFraction ?? 0], "{" + string.Join(',', statistics.RangeLengths.Select(l => l.ToString("R", System.Globalization.CultureInfo.InvariantCulture))) + "}");
        if (!statistics.RangeBounds.IsEmpty)
            yield return new Slot(RangeBounds, null, Literal(statistics.RangeBounds));
    }

    /// <summary>Values as PostgreSQL reads an array of them.</summary>
    public static string Literal(IEnumerable<string?> values)
    {
        var text = new StringBuilder("{");
        foreach (var value in values)
        {
            text.Append(text.Length > 1 ? "," : "");
            if (value is null)
                text.Append("NULL");
            else
                text.Append('"').Append(value.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal)).Append('"');
        }

        return text.Append('}').ToString();
    }

    private static string InsertText()
    {
        // A tsvector's elements are ordered by the database's own collation, those of an array by their column's.
        static string Kind(int slot) => $"(case when ${Place(slot, 0)} in ({CommonElements}, {ElementCounts}) and t.element = 0 then 0 else ${Place(slot, 0)} end)::int2";
        static string Operator(int slot) =>
            $"""
            case $%K when {CommonValues} then t.eq when {Histogram} then t.lt when {Correlation} then t.lt when {CommonElements} then coalesce(e.eq, 0) when {ElementCounts} then coalesce(e.eq, 0)
              when {RangeLengths} then {Float8Less} else 0 end
            """.Replace("%K", Place(slot, 0), StringComparison.Ordinal);
        static string Collation(int slot) => $"case when ${Place(slot, 0)} in ({CommonValues}, {Histogram}, {Correlation}) then a.attcollation when ${Place(slot, 0)} in ({CommonElements}, {ElementCounts}) then greatest(a.attcollation, case when k.typ = 'tsvector'::regtype then 100 else 0 end) else 0 end";
        static string Values(int slot) =>
            $"array_in(${Place(slot, 2)}::text::cstring, case when ${Place(slot, 0)} = {CommonElements} then nullif(t.element, 0) when ${Place(slot, 0)} = {RangeLengths} then 'float8'::regtype else k.typ end, -1)";
        static string Place(int slot, int part) => (8 + slot * 3 + part).ToString(System.Globalization.CultureInfo.InvariantCulture);
        string Each(Func<int, string> of) => string.Join(", ", Enumerable.Range(0, Slots).Select(of));
        string Names(string name) => Each(i => $"{name}{i + 1}");
        return $"""
            insert into pg_catalog.pg_statistic (starelid, staattnum, stainherit, stanullfrac, stawidth, stadistinct, {Names("stakind")}, {Names("staop")}, {Names("stacoll")}, {Names("stanumbers")}, {Names("stavalues")})
            select c.oid, a.attnum, $4, $5, $6, $7, {Each(Kind)}, {Each(Operator)}, {Each(Collation)}, {Each(i => $"${Place(i, 1)}::float4[]")}, {Each(Values)}
            from pg_catalog.pg_class c join pg_catalog.pg_namespace n on n.oid = c.relnamespace join pg_catalog.pg_attribute a on a.attrelid = c.oid
            cross join lateral ({ValueType}) k
            join agenthost_types t on t.typ = k.typ left join agenthost_types e on e.typ = t.element
            where n.nspname = $1 and c.relname = $2 and a.attname = $3 and a.attnum > 0 and not a.attisdropped
            """;
    }

    private sealed record Slot(short Kind, float[]? Numbers, string? Values);
}
