using System.Globalization;
using System.Text;
using System.Text.Json;
using AgentHost.Skills.DesignSchema.Physical;
using Npgsql;
using static AgentHost.Sql.SqlIdentifier;

namespace AgentHost.Skills.DesignSchema.Proof;

/// <summary>
/// Asks the planner whether an access pattern's own index answers it without a sort. The tables are empty, so costs say nothing: sequential and
/// bitmap scans are switched off and the table's other indexes dropped inside a transaction that is rolled back. What is shown is that the index
/// <i>can</i> serve the query, not what it costs. Row-level security is in force meanwhile, as it will be for the application.
/// </summary>
internal static class PatternProof
{
    public static async Task<AccessPatternProof> RunAsync(NpgsqlConnection connection, PatternPlan pattern, Table table, DecisionLog log, CancellationToken ct)
    {
        var query = Query(pattern);
        await using var transaction = await connection.BeginTransactionAsync(ct);
        await using (var setup = new NpgsqlCommand("SET LOCAL enable_seqscan = off; SET LOCAL enable_bitmapscan = off; SET LOCAL enable_sort = off; SET LOCAL enable_incremental_sort = off; SET LOCAL plan_cache_mode = force_generic_plan", connection, transaction))
            await setup.ExecuteNonQueryAsync(ct);
        foreach (var drop in DropOthers(table, pattern.Index))
        {
            await using var others = new NpgsqlCommand(drop, connection, transaction);
            await others.ExecuteNonQueryAsync(ct);
        }
        string json;
        var parameters = string.Join(", ", Enumerable.Repeat("NULL", pattern.Equality.Length + (pattern.Range is null ? 0 : 2)));
        await using (var prepare = new NpgsqlCommand($"PREPARE access_pattern AS {query}", connection, transaction))
            await prepare.ExecuteNonQueryAsync(ct);
        await using (var explain = new NpgsqlCommand($"EXPLAIN (COSTS OFF, FORMAT JSON) EXECUTE access_pattern{(parameters.Length > 0 ? $"({parameters})" : "")}", connection, transaction))
            json = (string)(await explain.ExecuteScalarAsync(ct))!;
        await using (var forget = new NpgsqlCommand("DEALLOCATE access_pattern", connection, transaction))
            await forget.ExecuteNonQueryAsync(ct);
        await transaction.RollbackAsync(ct);

        using var document = JsonDocument.Parse(json);
        var nodes = new List<JsonElement>();
        Flatten(document.RootElement[0].GetProperty("Plan"), nodes);
        var plan = string.Join(" > ", nodes.Select(Describe));
        var sorts = nodes.Exists(n => Text(n, "Node Type").Contains("Sort", StringComparison.Ordinal));
        var condition = nodes.Find(n => Text(n, "Index Name") == pattern.Index) is { ValueKind: JsonValueKind.Object } scan ? Text(scan, "Index Cond") : null;
        if (condition is null || sorts)
            throw new SkillInputException($"The design was not proven, so it is not shown: access pattern '{pattern.Name}' is not served by {pattern.Index}{(sorts ? " without a sort" : "")}: {plan}");
        var columns = pattern.Range is null ? pattern.Equality : pattern.Equality.Add(pattern.Range);
        foreach (var column in columns.Where(c => IsKeyOf(table, pattern.Index, c) && !condition.Contains(c, StringComparison.Ordinal)))
            RefuseOrWarn(pattern, table, column, plan, log);
        return new AccessPatternProof(pattern.Name, query, pattern.Index, plan, Sorts: false);
    }

    private static bool IsKeyOf(Table table, string index, string column) =>
        table.Indexes.Where(i => i.Name == index).SelectMany(i => i.Columns.Select(c => c.Name))
            .Concat(table.Uniques.Prepend(table.PrimaryKey).Where(c => c.Name == index).SelectMany(c => c.Columns)).Contains(column);

    /// <summary>Behind a policy, a comparison that is not marked leakproof may not look at rows first, so it cannot be an index condition.</summary>
    private static void RefuseOrWarn(PatternPlan pattern, Table table, string column, string plan, DecisionLog log)
    {
        if (table.TenantColumn is null)
            throw new SkillInputException($"The design was not proven, so it is not shown: access pattern '{pattern.Name}' does not look up {column} in {pattern.Index}: {plan}");
        if (table.Columns.First(c => c.Name == column) is { Source: ColumnSource.Attribute } attribute)
            log.Warn($"access pattern '{pattern.Name}': under row-level security the comparison of {column} ({attribute.SqlType}) is a filter behind the index scan, not part of its condition, as PostgreSQL does not mark it leakproof; {pattern.Index} narrows by the other columns only");
    }

    private static IEnumerable<string> DropOthers(Table table, string kept) =>
        table.Indexes.Where(i => i.Name != kept).Select(i => $"DROP INDEX {Quote(i.Name)}")
            .Concat(table.Uniques.Prepend(table.PrimaryKey).Where(c => c.Name != kept)
                .Select(c => $"ALTER TABLE {Quote(table.Name)} DROP CONSTRAINT {Quote(c.Name)} CASCADE"));

    /// <summary>The pattern as a parameterised statement.</summary>
    private static string Query(PatternPlan pattern)
    {
        var parameter = 0;
        var conditions = pattern.Equality.Select(c => $"{Quote(c)} = ${++parameter}").ToList();
        if (pattern.Range is { } range)
            conditions.Add($"{Quote(range)} >= ${++parameter} AND {Quote(range)} < ${++parameter}");
        if (pattern.OnlyLive)
            conditions.Add("deleted_at IS NULL");
        var sql = new StringBuilder($"SELECT * FROM {Quote(pattern.Table)}");
        if (conditions.Count > 0)
            sql.Append(" WHERE ").AppendJoin(" AND ", conditions);
        if (!pattern.Sort.IsEmpty)
            sql.Append(" ORDER BY ").AppendJoin(", ", pattern.Sort.Select(s => Quote(s.Name) + (s.Descending ? " DESC" : "")));
        if (pattern.Limit is { } limit)
            sql.Append(CultureInfo.InvariantCulture, $" LIMIT {limit}");
        return sql.ToString();
    }

    private static void Flatten(JsonElement node, List<JsonElement> into)
    {
        into.Add(node);
        if (!node.TryGetProperty("Plans", out var children))
            return;
        foreach (var child in children.EnumerateArray())
            Flatten(child, into);
    }

    private static string Text(JsonElement node, string property) => node.TryGetProperty(property, out var value) ? value.ToString() : "";

    private static string Describe(JsonElement node)
    {
        var text = Text(node, "Node Type");
        if (Text(node, "Scan Direction") == "Backward")
            text += " Backward";
        if (Text(node, "Index Name") is { Length: > 0 } index)
            text += $" using {index}";
        return Text(node, "Index Cond") is { Length: > 0 } condition ? $"{text} {condition}" : text;
    }
}
