using System.Collections.Immutable;
using System.Globalization;
using Npgsql;

namespace AgentHost.Postgres.Catalog;

/// <summary>Reads what ANALYZE knows, from the views that show an ordinary role what it may see.</summary>
internal static class CatalogStatistics
{
    private const string OwnSchemas = "n.nspname !~ '^pg_' and n.nspname <> 'information_schema'";

    /// <summary>A row a column (or an index's expression): its relation first.</summary>
    public static string Columns(int version) =>
        $"""
        select n.nspname::text, c.relname::text, {Values(ranges: version >= 17_00_00)}, s.attname::text, s.inherited, b.typname::text
        from pg_catalog.pg_stats s join pg_catalog.pg_namespace n on n.nspname = s.schemaname join pg_catalog.pg_class c on c.relnamespace = n.oid and c.relname = s.tablename
        left join pg_catalog.pg_attribute a on a.attrelid = c.oid and a.attname = s.attname
        left join pg_catalog.pg_type t on t.oid = a.atttypid left join pg_catalog.pg_type b on b.oid = case when t.typtype = 'd' then t.typbasetype else t.oid end
        where {OwnSchemas}
        order by 1, 2, a.attnum, s.inherited
        """;

    /// <summary>A row a statistics object with what is known of it.</summary>
    public static string Extended(int version) =>
        $"""
        select n.nspname::text, x.stxname::text,
          array(select k.n::int from unnest(x.stxkeys) with ordinality k(n, i) order by k.i),
          array(select a.attname::text from unnest(x.stxkeys) with ordinality k(n, i) join pg_catalog.pg_attribute a on a.attrelid = x.stxrelid and a.attnum = k.n order by k.i),
          {(version >= 15_00_00 ? "s.inherited" : "false")}, s.n_distinct::text, s.dependencies::text,
          coalesce(array_ndims(s.most_common_vals), 0), array(select unnest(s.most_common_vals)), s.most_common_freqs, s.most_common_base_freqs,
          case when cardinality(s.most_common_freqs) > 0 then cardinality(s.most_common_vals) / cardinality(s.most_common_freqs) else 0 end
        from pg_catalog.pg_statistic_ext x join pg_catalog.pg_namespace n on n.oid = x.stxnamespace
        join pg_catalog.pg_stats_ext s on s.statistics_schemaname = n.nspname and s.statistics_name = x.stxname
        where {OwnSchemas} and (s.n_distinct is not null or s.dependencies is not null or s.most_common_vals is not null{(version >= 14_00_00 ? " or s.exprs is not null" : "")})
        order by 1, 2, 5
        """;

    /// <summary>A row an expression of a statistics object; from version 14 on.</summary>
    public static string Expressions(int version) =>
        $"""
        select s.statistics_schemaname::text, s.statistics_name::text, {Values(ranges: false)}, s.expr, {(version >= 15_00_00 ? "s.inherited" : "false")}, null::text
        from pg_catalog.pg_stats_ext_exprs s join pg_catalog.pg_namespace n on n.nspname = s.statistics_schemaname where {OwnSchemas} and s.null_frac is not null
        """;

    /// <summary>Tables that have been analyzed, with columns whose statistics the role may not see: their names, and how many columns.</summary>
    public const string Hidden =
        $"""
        select n.nspname || '.' || c.relname, case when row_security_active(c.oid) then -1 else (select count(*)::int from pg_catalog.pg_attribute a
          where a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped and not has_column_privilege(c.oid, a.attnum, 'select')) end
        from pg_catalog.pg_class c join pg_catalog.pg_namespace n on n.oid = c.relnamespace
        where c.relkind in ('r', 'm', 'p') and c.reltuples > 0 and {OwnSchemas}
          and (row_security_active(c.oid) or exists (select from pg_catalog.pg_attribute a where a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped and not has_column_privilege(c.oid, a.attnum, 'select')))
        order by 1
        """;

    /// <summary>
    /// What belongs to tables that have been analyzed and is shown to their owners alone: statistics objects (since versions 14.12, 15.7 and 16.3) by their tables, and
    /// expressions of indexes, on which nobody is granted anything, by their indexes.
    /// </summary>
    public const string HiddenObjects =
        $"""
        select distinct n.nspname || '.' || c.relname, false
        from pg_catalog.pg_statistic_ext x join pg_catalog.pg_class c on c.oid = x.stxrelid join pg_catalog.pg_namespace n on n.oid = c.relnamespace join pg_catalog.pg_namespace xn on xn.oid = x.stxnamespace
        where c.reltuples > 0 and {OwnSchemas} and not pg_has_role(c.relowner, 'usage')
          and not exists (select from pg_catalog.pg_stats_ext s where s.statistics_schemaname = xn.nspname and s.statistics_name = x.stxname)
        union all
        select n.nspname || '.' || ic.relname, true
        from pg_catalog.pg_index i join pg_catalog.pg_class ic on ic.oid = i.indexrelid join pg_catalog.pg_class c on c.oid = i.indrelid join pg_catalog.pg_namespace n on n.oid = ic.relnamespace
        where c.reltuples > 0 and i.indexprs is not null and {OwnSchemas} and not has_table_privilege(ic.oid, 'select')
        order by 1
        """;

    private static string Values(bool ranges) =>
        """
        s.null_frac, s.avg_width, s.n_distinct, s.most_common_vals::text::text[], s.most_common_freqs, s.histogram_bounds::text::text[], s.correlation,
          s.most_common_elems::text::text[], s.most_common_elem_freqs, s.elem_count_histogram
        """
        + (ranges ? ", s.range_length_histogram::text::float8[], s.range_empty_frac, s.range_bounds_histogram::text::text[]" : ", null::float8[], null::float4, null::text[]");

    /// <summary>The statistics of a row of <see cref="Columns"/> or <see cref="Expressions"/>, without its two names in front.</summary>
    public static ColumnStatistics Read(NpgsqlDataReader row) => new(row.GetString(15))
    {
        NullFraction = row.GetFloat(2),
        Width = row.GetInt32(3),
        Distinct = row.GetFloat(4),
        CommonValues = Array<string>(row, 5),
        CommonFrequencies = Array<float>(row, 6),
        Histogram = Array<string>(row, 7),
        Correlation = row.IsDBNull(8) ? null : row.GetFloat(8),
        CommonElements = Array<string>(row, 9),
        CommonElementFrequencies = Array<float>(row, 10),
        ElementCounts = Array<float>(row, 11),
        RangeLengths = Array<double>(row, 12),
        EmptyRangeFraction = row.IsDBNull(13) ? null : row.GetFloat(13),
        RangeBounds = Array<string>(row, 14),
        Inherited = row.GetBoolean(16),
        Type = row.IsDBNull(17) ? "" : row.GetString(17),
    };

    /// <summary>The statistics of a row of <see cref="Extended"/>.</summary>
    public static ExtendedStatistics ReadExtended(NpgsqlDataReader row)
    {
        var columns = row.GetFieldValue<int[]>(2).Zip(row.GetFieldValue<string[]>(3)).ToImmutableSortedDictionary(c => c.First, c => c.Second);
        var (values, frequencies, bases, width) = (row.GetFieldValue<string?[]>(8), Array<double>(row, 9), Array<double>(row, 10), row.GetInt32(11));
        return new ExtendedStatistics(row.GetString(0), row.GetString(1), columns)
        {
            Inherited = row.GetBoolean(4),
            Distinct = row.IsDBNull(5) ? null : row.GetString(5),
            Dependencies = row.IsDBNull(6) ? null : row.GetString(6),
            Common = [.. frequencies.Select((frequency, i) => new CommonCombination([.. values.Skip(i * width).Take(width)], frequency, bases[i]))],
        };
    }

    /// <summary>A word about what was hidden, for people.</summary>
    public static IEnumerable<string> Notes(IReadOnlyList<(string Table, int Columns)> hidden, List<(string Name, bool IsIndex)> objects)
    {
        var secured = hidden.Where(h => h.Columns < 0).Select(h => h.Table).ToList();
        var columns = hidden.Where(h => h.Columns > 0).ToList();
        if (secured.Count > 0)
            yield return $"Row-level security hides the statistics of {Named(secured)} from this role: the planner's defaults stand in. A role that bypasses it (BYPASSRLS) sees them.";
        if (columns.Count > 0)
            yield return $"The role may not SELECT {columns.Sum(c => c.Columns).ToString(CultureInfo.InvariantCulture)} columns of {Named([.. columns.Select(c => c.Table)])}, so their statistics are missing: the planner's defaults stand in.";
        var (tables, indexes) = (objects.Where(o => !o.IsIndex).Select(o => o.Name).ToList(), objects.Where(o => o.IsIndex).Select(o => o.Name).ToList());
        if (indexes.Count > 0)
            yield return $"PostgreSQL shows statistics of an index's expressions to its owner, and to pg_read_all_data, so those of {Named(indexes)} are missing: the planner's defaults stand in.";
        if (tables.Count > 0)
            yield return $"PostgreSQL shows statistics of several columns (CREATE STATISTICS) to a table's owner alone, so those of {Named(tables)} are missing: columns are taken to be independent.";
    }

    /// <summary>A word about columns of ranges, whose histograms <c>pg_stats</c> shows from version 17 on; null where there are none, or it shows them.</summary>
    public static string? RangeNote(IEnumerable<ColumnStatistics> columns, int version)
    {
        var count = version >= 17_00_00 ? 0 : columns.Count(c => c.Type.EndsWith("range", StringComparison.Ordinal));
        return count == 0 ? null : $"Version {(version / 10000).ToString(CultureInfo.InvariantCulture)} shows nobody but superusers the histograms of ranges: of {count.ToString(CultureInfo.InvariantCulture)} column{(count == 1 ? "" : "s")} the planner's defaults stand in.";
    }

    private static string Named(List<string> tables)
    {
        const int Shown = 5;
        return string.Join(", ", tables.Take(Shown)) + (tables.Count > Shown ? $" and {(tables.Count - Shown).ToString(CultureInfo.InvariantCulture)} more" : "");
    }

    private static ImmutableArray<T> Array<T>(NpgsqlDataReader row, int column) => row.IsDBNull(column) ? [] : [.. row.GetFieldValue<T[]>(column)];
}
