using System.Collections.Immutable;
using AgentHost.Postgres.Catalog;
using AgentHost.Sql;
using AgentHost.Sql.Queries;
using AgentHost.Sql.Syntax;

namespace AgentHost.Skills.RecommendIndex.Workloads;

/// <summary>The workload that <c>pg_stat_statements</c> counted, weighted by calls. Texts are normalised there: <c>$n</c> for constants.</summary>
internal static class CountedWorkload
{
    /// <summary>The most statements that are taken, those that ran longest in all.</summary>
    private const int Most = 1_000;

    public static WorkloadInput Of(CatalogSnapshot snapshot, string target)
    {
        var queries = ImmutableArray.CreateBuilder<WeightedQuery>();
        var skipped = ImmutableArray.CreateBuilder<SkippedQuery>();
        foreach (var statement in snapshot.Statements.Where(s => s.Calls > 0).Take(Most))
        {
            var name = $"statement {queries.Count + skipped.Count + 1}";
            var sql = PreparedText.Unwrap(statement.Sql);
            if (Refusal(sql) is { } reason)
                skipped.Add(new SkippedQuery(name, $"{reason} It begins: {Beginning(sql)}"));
            else if (!IsAboutTheSystem(sql))
                queries.Add(new WeightedQuery(name, sql, Math.Max(1, statement.Calls)) { RowsPerRun = statement.Rows / statement.Calls });
        }
        if (queries.Count + skipped.Count == 0)
        {
            throw new SkillInputException(
                $"'{target}' has no statements of pg_stat_statements to read a workload from. Add it to shared_preload_libraries, restart, run 'CREATE EXTENSION pg_stat_statements', let traffic run, "
                + "and let the role see it (GRANT pg_read_all_stats); or give the queries, or a log, in a file instead."
                + string.Concat(snapshot.Notes.Where(n => n.Contains("pg_stat_statements", StringComparison.Ordinal)).Select(n => " " + n)));
        }
        return new WorkloadInput(queries.ToImmutable(), skipped.ToImmutable()) { IsSample = snapshot.Statements.Length >= Most };
    }

    internal static string Beginning(string sql)
    {
        var line = string.Join(' ', sql.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));
        return line.Length <= 60 ? line : line[..60] + "…";
    }

    /// <summary>Why a text cannot be read; null where it can. One that ends in the middle of something was cut off.</summary>
    internal static string? Refusal(string sql)
    {
        try
        {
            SqlParser.Parse(sql);
            return null;
        }
        catch (SqlInputException e)
        {
            var rest = sql.Trim();
            return e.Span.Start >= sql.TrimEnd().Length || e.Message.Contains("at end of input", StringComparison.Ordinal) || e.Message.Contains("unterminated", StringComparison.Ordinal) || rest.EndsWith("...", StringComparison.Ordinal)
                ? "Its text was cut off where it was kept, so that it cannot be planned."
                : $"It does not parse: {e.Message}";
        }
    }

    private static bool IsAboutTheSystem(string sql)
    {
        var tables = QuerySyntax.Read(sql)?.Levels().SelectMany(l => l.From).SelectMany(f => f.Leaves()).Where(f => f.Kind == FromKind.Table).Select(f => f.Table!).ToList();
        return tables is not null && tables.TrueForAll(t => t.Schema is "pg_catalog" or "information_schema" || (t.Schema is null && t.Name.StartsWith("pg_", StringComparison.Ordinal)));
    }
}
