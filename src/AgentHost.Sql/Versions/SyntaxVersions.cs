using System.Collections.Frozen;
using System.Text.Json;
using AgentHost.Sql.Lowering;
using AgentHost.Sql.Parsing;

namespace AgentHost.Sql.Versions;

/// <summary>Which major version of PostgreSQL brought a piece of syntax (release notes of 11 to 17).</summary>
public static class SyntaxVersions
{
    /// <summary>The newest version of which something is known: that of the grammar.</summary>
    public const int Newest = 17;

    /// <summary>What came with a node of libpg_query's tree, with one of its fields, or with an option in a list of its options.</summary>
    /// <param name="Node">The node's kind.</param>
    /// <param name="Field">The field that must be there; null where the node alone tells.</param>
    /// <param name="Value">The field's value, or the option's name where the field is a list; null for any.</param>
    /// <param name="What">What it is called.</param>
    /// <param name="Since">The version that brought it.</param>
    private sealed record Novelty(string Node, string? Field, string? Value, string What, int Since);

    private static readonly Lazy<FrozenDictionary<string, Novelty[]>> ByNode = new(() => new Novelty[]
    {
        new("CreateFunctionStmt", "is_procedure", null, "CREATE PROCEDURE", 11),
        new("VacuumStmt", "options", "skip_locked", "VACUUM (SKIP_LOCKED)", 12),
        new("VacuumStmt", "options", "index_cleanup", "VACUUM (INDEX_CLEANUP)", 12),
        new("VacuumStmt", "options", "truncate", "VACUUM (TRUNCATE)", 12),
        new("VacuumStmt", "options", "parallel", "VACUUM (PARALLEL)", 13),
        new("VacuumStmt", "options", "process_toast", "VACUUM (PROCESS_TOAST)", 14),
        new("VacuumStmt", "options", "process_main", "VACUUM (PROCESS_MAIN)", 16),
        new("VacuumStmt", "options", "buffer_usage_limit", "VACUUM (BUFFER_USAGE_LIMIT)", 16),
        new("VacuumStmt", "options", "skip_database_stats", "VACUUM (SKIP_DATABASE_STATS)", 16),
        new("VacuumStmt", "options", "only_database_stats", "VACUUM (ONLY_DATABASE_STATS)", 16),
        new("CommonTableExpr", "ctematerialized", "CTEMaterializeAlways", "WITH … AS MATERIALIZED", 12),
        new("CommonTableExpr", "ctematerialized", "CTEMaterializeNever", "WITH … AS NOT MATERIALIZED", 12),
        new("CreateStatsStmt", "stat_types", "mcv", "CREATE STATISTICS (mcv)", 12),
        new("CreateStmt", "accessMethod", null, "CREATE TABLE … USING", 12),
        new("SelectStmt", "limitOption", "LIMIT_OPTION_WITH_TIES", "FETCH FIRST … WITH TIES", 13),
        new("DropdbStmt", "options", "force", "DROP DATABASE … (FORCE)", 13),
        new("AlterTypeStmt", null, null, "ALTER TYPE … SET", 13),
        new("IndexStmt", "options", "deduplicate_items", "deduplicate_items", 13),
        new("ExplainStmt", "options", "wal", "EXPLAIN (WAL)", 13),
        new("SelectStmt", "groupDistinct", null, "GROUP BY DISTINCT", 14),
        new("CommonTableExpr", "search_clause", null, "SEARCH of a recursive query", 14),
        new("CommonTableExpr", "cycle_clause", null, "CYCLE of a recursive query", 14),
        new("JoinExpr", "join_using_alias", null, "JOIN … USING (…) AS", 14),
        new("StatsElem", "expr", null, "CREATE STATISTICS on an expression", 14),
        new("ColumnDef", "compression", null, "COMPRESSION", 14),
        new("ReindexStmt", "params", "tablespace", "REINDEX (TABLESPACE)", 14),
        new("AlterTableCmd", "subtype", "AT_DetachPartitionFinalize", "DETACH PARTITION … FINALIZE", 14),
        new("GrantStmt", "objtype", "OBJECT_PARAMETER_ACL", "GRANT … ON PARAMETER", 15),
        new("PublicationObjSpec", "pubobjtype", "PUBLICATIONOBJ_TABLES_IN_SCHEMA", "FOR TABLES IN SCHEMA", 15),
        new("pubtable", "whereClause", null, "a publication's WHERE", 15),
        new("pubtable", "columns", null, "a publication's column list", 15),
        new("sequence", "relpersistence", "u", "an unlogged sequence", 15),
        new("CreatedbStmt", "options", "strategy", "CREATE DATABASE … STRATEGY", 15),
        new("ColumnDef", "storage_name", null, "STORAGE in CREATE TABLE", 16),
        new("GrantRoleStmt", "opt", "inherit", "GRANT … WITH INHERIT", 16),
        new("GrantRoleStmt", "opt", "set", "GRANT … WITH SET", 16),
        new("JsonObjectConstructor", null, null, "JSON_OBJECT with keys and values", 16),
        new("JsonArrayConstructor", null, null, "JSON_ARRAY", 16),
        new("JsonArrayQueryConstructor", null, null, "JSON_ARRAY", 16),
        new("JsonObjectAgg", null, null, "JSON_OBJECTAGG", 16),
        new("JsonArrayAgg", null, null, "JSON_ARRAYAGG", 16),
        new("JsonIsPredicate", null, null, "IS JSON", 16),
        new("ExplainStmt", "options", "generic_plan", "EXPLAIN (GENERIC_PLAN)", 16),
        new("JsonTable", null, null, "JSON_TABLE", 17),
        new("JsonFuncExpr", null, null, "JSON_EXISTS, JSON_QUERY and JSON_VALUE", 17),
        new("JsonScalarExpr", null, null, "JSON_SCALAR", 17),
        new("JsonSerializeExpr", null, null, "JSON_SERIALIZE", 17),
        new("JsonParseExpr", null, null, "JSON()", 17),
        new("MergeStmt", "returningList", null, "MERGE … RETURNING", 17),
        new("MergeWhenClause", "matchKind", "MERGE_WHEN_NOT_MATCHED_BY_SOURCE", "WHEN NOT MATCHED BY SOURCE", 17),
        new("AccessPriv", "priv_name", "maintain", "the privilege MAINTAIN", 17),
        new("CopyStmt", "options", "on_error", "COPY (ON_ERROR)", 17),
        new("ExplainStmt", "options", "memory", "EXPLAIN (MEMORY)", 17),
        new("ExplainStmt", "options", "serialize", "EXPLAIN (SERIALIZE)", 17),
    }.GroupBy(novelty => novelty.Node, StringComparer.Ordinal).ToFrozenDictionary(group => group.Key, group => group.ToArray(), StringComparer.Ordinal));

    private static readonly Lazy<FrozenDictionary<string, int>> Functions = new(() => new Dictionary<string, int>(StringComparer.Ordinal)
    {
        ["gcd"] = 13, ["lcm"] = 13, ["min_scale"] = 13, ["trim_scale"] = 13, ["jsonb_set_lax"] = 13, ["jsonb_path_exists_tz"] = 13, ["jsonb_path_query_tz"] = 13,
        ["date_bin"] = 14, ["string_to_table"] = 14, ["bit_count"] = 14, ["trim_array"] = 14, ["unistr"] = 14, ["range_agg"] = 14, ["range_intersect_agg"] = 14, ["multirange"] = 14,
        ["regexp_count"] = 15, ["regexp_instr"] = 15, ["regexp_like"] = 15, ["regexp_substr"] = 15,
        ["array_shuffle"] = 16, ["array_sample"] = 16, ["any_value"] = 16, ["random_normal"] = 16, ["erf"] = 16, ["erfc"] = 16, ["pg_input_is_valid"] = 16, ["date_add"] = 16, ["date_subtract"] = 16,
        ["to_bin"] = 17, ["to_oct"] = 17, ["uuid_extract_timestamp"] = 17, ["uuid_extract_version"] = 17, ["xmltext"] = 17,
        ["uuidv4"] = 18, ["uuidv7"] = 18, ["casefold"] = 18, ["array_sort"] = 18, ["array_reverse"] = 18, ["crc32"] = 18, ["crc32c"] = 18,
    }.ToFrozenDictionary(StringComparer.Ordinal));

    /// <summary>The syntax in a statement that is younger than a version.</summary>
    /// <param name="statement">One statement that parses; of other text nothing is known.</param>
    /// <param name="version">A major version.</param>
    public static IReadOnlyList<(string What, int Since)> YoungerThan(int version, string statement)
    {
        if (version >= Newest)
            return [];
        try
        {
            using var tree = LibPgQuery.Parse(SourceText.Read(statement));
            return [.. Find(tree.RootElement.GetProperty("stmts"), version)];
        }
        catch (SqlInputException)
        {
            // Part of code that only PL/pgSQL understands, such as an assignment.
            return [];
        }
    }

    /// <summary>The version since which PostgreSQL has a function of its own of that name; null where that is before 13, or it has none.</summary>
    public static int? OfFunction(QualifiedName function)
    {
        ArgumentNullException.ThrowIfNull(function);
        return function.Schema is null && Functions.Value.TryGetValue(function.Name, out var since) ? since : null;
    }

    private static List<(string What, int Since)> Find(JsonElement root, int version)
    {
        var found = new List<(string, int)>();
        var walk = new TreeWalk("", root);
        while (walk.Next(out var name, out var fields, out _))
        {
            if (!ByNode.Value.TryGetValue(name, out var novelties)) continue;
            foreach (var novelty in novelties)
                if (novelty.Since > version && Has(fields, novelty) && !found.Contains((novelty.What, novelty.Since)))
                    found.Add((novelty.What, novelty.Since));
        }

        return found;
    }

    private static bool Has(JsonElement node, Novelty novelty) => novelty.Field is null
        || (node.Field(novelty.Field) is { } field && (novelty.Value is null || (field.ValueKind == JsonValueKind.Array
            ? field.EnumerateArray().Any(item => item.As("DefElem")?.Text("defname") == novelty.Value || item.As("String")?.Text("sval") == novelty.Value)
            : field.ValueKind == JsonValueKind.String && field.GetString() == novelty.Value)));
}
