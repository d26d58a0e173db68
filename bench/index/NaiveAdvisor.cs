using System.Collections.Immutable;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace AgentHost.Bench.Index;

/// <summary>One btree for each column that a read compares with something, unless an index begins with it: what people do without thinking.</summary>
internal static class NaiveAdvisor
{
    private const string Columns = """
        select coalesce(json_agg(json_build_array(c.relname, a.attname) order by c.relname, a.attnum), '[]')::text
        from pg_class as c join pg_attribute as a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped
        where c.relkind = 'r' and c.relnamespace = 'public'::regnamespace and exists (select from pg_opclass where opcmethod = 403 and opcintype = a.atttypid and opcdefault or a.attndims > 0 or a.atttypid::regtype::text in ('character', 'character varying'))
            and not exists (select from pg_index as i where i.indrelid = c.oid and i.indkey[0] = a.attnum)
        """;

    public static async Task<Advice> AdviseAsync(MadeDatabase database, WorkloadFiles files)
    {
        await using var connection = await database.Scratch.OpenAsync();
        var columns = JsonSerializer.Deserialize<string[][]>((await MadeDatabase.ScalarAsync(connection, Columns))!)!;
        var reads = files.Given.Where(WorkloadFiles.IsRead).Select(query => query.Sql).ToList();
        return new Advice([.. columns.Where(column => reads.Any(sql => Compares(sql, column[0], column[1]))).Select(column => $"create index on {column[0]} ({column[1]})")], []);
    }

    private static bool Compares(string sql, string table, string column) =>
        Regex.IsMatch(sql, $@"\b(from|join)\s+{table}\b", RegexOptions.IgnoreCase, TimeSpan.FromSeconds(1))
        && Regex.IsMatch(sql, $@"\b{column}\b\)?\s*(=|<|>|@>|&&|->|(not\s+)?(in|like|ilike|between|is)\b)", RegexOptions.IgnoreCase, TimeSpan.FromSeconds(1));
}
