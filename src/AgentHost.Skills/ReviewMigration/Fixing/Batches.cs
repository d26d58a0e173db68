using System.Collections.Immutable;
using AgentHost.Sql;

namespace AgentHost.Skills.ReviewMigration.Fixing;

/// <summary>A change of many rows of a table.</summary>
/// <param name="Table">The table.</param>
/// <param name="Head">UPDATE … SET …, or DELETE FROM …, up to its WHERE.</param>
/// <param name="Condition">The rows to change; null for all.</param>
internal sealed record MassChange(QualifiedName Table, string Head, string? Condition)
{
    /// <summary>What the statement calls the table, where that is not its name.</summary>
    public string? Alias { get; init; }

    /// <summary>Whether a row that is changed twice ends as one that is changed once.</summary>
    public bool IsRepeatable { get; init; }

    /// <summary>Whether a changed row no longer meets the condition.</summary>
    public bool Exhausts { get; init; }
}

/// <summary>
/// A change of many rows as a block of code that goes through the table in batches, commits each and says how far it is. It may be stopped at any
/// time: run again, it goes on where it stopped, or meets only rows that are left.
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

    /// <summary>The block; null where the version or the table does not let it be done.</summary>
    public static FixStep? Of(StatementContext context, MassChange change)
    {
        if (context.PgVersion < CommitVersion)
            return null;
        var model = context.Schema.Table(change.Table);
        if (model is { PrimaryKey.Columns: { IsEmpty: false } key })
            return new FixStep(ByKey(context.Schema, change, key), FixRun.Outside);
        return context.PgVersion < RangeVersion || model is { IsPartitioned: true } || !change.Exhausts ? null : new FixStep(ByPage(change), FixRun.Outside);
    }

    /// <summary>Goes through the table in the order of its primary key. Where a row must not be changed twice, a table of its own keeps how far it came.</summary>
    private static string ByKey(SchemaModel schema, MassChange change, ImmutableArray<string> key)
    {
        string table = SqlIdentifier.Quote(change.Table);
        var columns = key.Select(SqlIdentifier.Quote).ToList();
        string all = string.Join(", ", columns), back = string.Join(", ", columns.Select(column => column + " DESC"));
        string qualified = string.Join(", ", columns.Select(column => $"{change.Alias ?? SqlIdentifier.Quote(change.Table.Name)}.{column}"));
        string low = Variables("batch_low"), high = Variables("batch_high");
        string declared = string.Concat(columns.Select((column, i) => Declared("batch_low", column, i) + Declared("batch_high", column, i)));
        string progress = SqlIdentifier.Quote(change.Table with { Name = Progress(schema, change.Table) });
        string start = change.IsRepeatable
            ? $"    SELECT {all} INTO {low} FROM {table} ORDER BY {all} LIMIT 1;\n"
            : $"""
                  CREATE TABLE IF NOT EXISTS {progress} AS SELECT {all} FROM {table} WITH NO DATA; -- how far it came, should it be stopped
                  IF EXISTS (SELECT FROM {progress}) THEN
                      SELECT {all} INTO {low} FROM {table} WHERE {Row(all)} > (SELECT {all} FROM {progress}) ORDER BY {all} LIMIT 1;
                  ELSE
                      SELECT {all} INTO {low} FROM {table} ORDER BY {all} LIMIT 1;
                  END IF;

              """;
        string keep = change.IsRepeatable ? "" : $"        DELETE FROM {progress};\n        INSERT INTO {progress} VALUES ({high});\n";
        return $"""
            DO $batches$
            DECLARE
            {declared}    batch_rows bigint;
                batch_total bigint := 0;
            BEGIN
            {start}    WHILE FOUND LOOP
                    SELECT {all} INTO {high} FROM (SELECT {all} FROM {table} WHERE {Row(all)} >= {Row(low)} ORDER BY {all} LIMIT {Rows}) AS batch ORDER BY {back} LIMIT 1;
                    {change.Head} WHERE {Row(qualified)} >= {Row(low)} AND {Row(qualified)} <= {Row(high)}{And(change)};
                    GET DIAGNOSTICS batch_rows = ROW_COUNT;
            {keep}        COMMIT;
                    batch_total := batch_total + batch_rows;
                    RAISE NOTICE '% rows done, up to %', batch_total, {Row(high)};
                    SELECT {all} INTO {low} FROM {table} WHERE {Row(all)} > {Row(high)} ORDER BY {all} LIMIT 1;
                END LOOP;
            {(change.IsRepeatable ? "" : $"    DROP TABLE {progress};\n")}END $batches$
            """;

        string Variables(string prefix) => string.Join(", ", Enumerable.Range(1, key.Length).Select(i => key.Length == 1 ? prefix : prefix + i));
        string Declared(string end, string column, int i) => $"    {end}{(key.Length == 1 ? "" : $"{i + 1}")} {table}.{column}%TYPE;\n";
        string Row(string list) => key.Length == 1 ? list : $"({list})";
    }

    private static string Progress(SchemaModel schema, QualifiedName table)
    {
        string name = table.Name + "_batches";
        while (schema.Table(table with { Name = name }) is not null)
            name += "_";
        return name;
    }

    /// <summary>Goes through the table page by page, again while a pass still finds rows: others may have moved some behind it.</summary>
    private static string ByPage(MassChange change)
    {
        string table = SqlIdentifier.Quote(change.Table), row = $"{change.Alias ?? SqlIdentifier.Quote(change.Table.Name)}.ctid";
        return $"""
            DO $batches$
            DECLARE
                batch_page bigint;
                batch_low tid;
                batch_high tid;
                batch_rows bigint;
                batch_total bigint;
            BEGIN
                FOR pass IN 1 .. 5 LOOP
                    batch_page := 0;
                    batch_total := 0;
                    WHILE batch_page < pg_relation_size('{table.Replace("'", "''", StringComparison.Ordinal)}') / current_setting('block_size')::bigint LOOP
                        batch_low := format('(%s,0)', batch_page)::tid;
                        batch_high := format('(%s,0)', batch_page + {Pages})::tid;
                        {change.Head} WHERE {row} >= batch_low AND {row} < batch_high{And(change)};
                        GET DIAGNOSTICS batch_rows = ROW_COUNT;
                        COMMIT;
                        batch_total := batch_total + batch_rows;
                        batch_page := batch_page + {Pages};
                        RAISE NOTICE 'pass %: % rows done, up to page %', pass, batch_total, batch_page;
                    END LOOP;
                    EXIT WHEN batch_total = 0;
                END LOOP;
            END $batches$
            """;
    }

    private static string And(MassChange change) => change.Condition is null ? "" : $" AND ({change.Condition})";
}
