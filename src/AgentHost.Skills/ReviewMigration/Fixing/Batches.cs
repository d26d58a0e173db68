using System.Collections.Immutable;
using AgentHost.Sql;

namespace AgentHost.Skills.ReviewMigration.Fixing;

/// <summary>
/// A change of many rows as a block of code that goes through the table in batches, commits each and says how far it is. It may be stopped at any
/// time: run again, it goes on where rows are left.
/// </summary>
internal static class Batches
{
    /// <summary>Rows in a batch.</summary>
    private const int Rows = 1000;

    /// <summary>Pages in a batch of a table without a known key.</summary>
    private const int Pages = 100;

    /// <summary>The first version whose code can COMMIT.</summary>
    private const int CommitVersion = 11;

    /// <summary>The first version that reads a range of ctid without reading the rest of the table.</summary>
    private const int RangeVersion = 14;

    /// <summary>The block that fills the rows for which a condition holds, and which the change takes out of it; null where the version or the table does not let it be done.</summary>
    /// <param name="context">The statement that it stands in for.</param>
    /// <param name="table">The table.</param>
    /// <param name="change">UPDATE … SET … or DELETE FROM …, up to its WHERE.</param>
    /// <param name="condition">The rows left to do.</param>
    public static FixStep? Of(StatementContext context, QualifiedName table, string change, string condition)
    {
        if (context.PgVersion < CommitVersion)
            return null;
        var model = context.Schema.Table(table);
        if (model is { PrimaryKey.Columns: { IsEmpty: false } key })
            return new FixStep(ByKey(SqlIdentifier.Quote(table), key, change, condition), FixRun.Outside);
        return context.PgVersion < RangeVersion || model is { IsPartitioned: true } ? null : new FixStep(ByPage(SqlIdentifier.Quote(table), change, condition), FixRun.Outside);
    }

    /// <summary>Goes through the table in the order of its primary key.</summary>
    private static string ByKey(string table, ImmutableArray<string> key, string change, string condition)
    {
        var columns = key.Select(SqlIdentifier.Quote).ToList();
        string Variables(string prefix) => string.Join(", ", Enumerable.Range(1, key.Length).Select(i => key.Length == 1 ? prefix : prefix + i));
        string Declared(string end, string column, int i) => $"    {end}{(key.Length == 1 ? "" : $"{i + 1}")} {table}.{column}%TYPE;\n";
        string Row(string list) => key.Length == 1 ? list : $"({list})";
        string declared = string.Concat(columns.Select((column, i) => Declared("low", column, i) + Declared("high", column, i)));
        string all = string.Join(", ", columns);
        string back = string.Join(", ", columns.Select(column => column + " DESC"));
        return $"""
            DO $batches$
            DECLARE
            {declared}    changed bigint;
                total bigint := 0;
            BEGIN
                SELECT {all} INTO {Variables("low")} FROM {table} ORDER BY {all} LIMIT 1;
                WHILE FOUND LOOP
                    SELECT {all} INTO {Variables("high")} FROM (SELECT {all} FROM {table} WHERE {Row(all)} >= {Row(Variables("low"))} ORDER BY {all} LIMIT {Rows}) AS batch ORDER BY {back} LIMIT 1;
                    {change} WHERE {Row(all)} >= {Row(Variables("low"))} AND {Row(all)} <= {Row(Variables("high"))} AND ({condition});
                    GET DIAGNOSTICS changed = ROW_COUNT;
                    COMMIT;
                    total := total + changed;
                    RAISE NOTICE '% rows done, up to %', total, {Shown(Variables("high"), key.Length)};
                    SELECT {all} INTO {Variables("low")} FROM {table} WHERE {Row(all)} > {Row(Variables("high"))} ORDER BY {all} LIMIT 1;
                END LOOP;
            END $batches$
            """;
    }

    private static string Shown(string variables, int count) => count == 1 ? variables : $"({variables})";

    /// <summary>Goes through the table page by page, again while a pass still finds rows: others may have moved some behind it.</summary>
    private static string ByPage(string table, string change, string condition) => $"""
        DO $batches$
        DECLARE
            page bigint;
            low tid;
            high tid;
            changed bigint;
            total bigint;
        BEGIN
            FOR pass IN 1 .. 5 LOOP
                page := 0;
                total := 0;
                WHILE page < pg_relation_size('{table.Replace("'", "''", StringComparison.Ordinal)}') / current_setting('block_size')::bigint LOOP
                    low := format('(%s,0)', page)::tid;
                    high := format('(%s,0)', page + {Pages})::tid;
                    {change} WHERE ctid >= low AND ctid < high AND ({condition});
                    GET DIAGNOSTICS changed = ROW_COUNT;
                    COMMIT;
                    total := total + changed;
                    page := page + {Pages};
                    RAISE NOTICE 'pass %: % rows done, up to page %', pass, total, page;
                END LOOP;
                EXIT WHEN total = 0;
            END LOOP;
        END $batches$
        """;
}
