using System.Collections.Immutable;
using AgentHost.Postgres.Catalog;
using AgentHost.Sql;
using Npgsql;

namespace AgentHost.Skills.RecommendIndex.Pricing;

/// <summary>
/// What ANALYZE would know of an expression: it is evaluated over what ANALYZE knows of its columns. The most common values stand for their share of the rows,
/// the histogram's bounds for the rest, in a temporary table that PostgreSQL then analyzes itself.
/// </summary>
internal sealed class ExpressionStatistics(CatalogSnapshot snapshot, NpgsqlConnection open)
{
    /// <summary>Rows of the sample at most, and steps between two bounds of a histogram whose type can be calculated with.</summary>
    private const int MaxRows = 10_000, Steps = 20;

    private readonly Dictionary<(uint Table, string Expression), ColumnStatistics?> known = [];

    /// <summary>The statistics; null where its columns have none, or it cannot be evaluated over them.</summary>
    public async Task<ColumnStatistics?> OfAsync(TableFacts table, ColumnFacts expression, CancellationToken ct)
    {
        if (known.TryGetValue((table.Oid, expression.Name), out var before))
            return before;
        return known[(table.Oid, expression.Name)] = await ReadAsync(table, expression, ct);
    }

    private async Task<ColumnStatistics?> ReadAsync(TableFacts table, ColumnFacts expression, CancellationToken ct)
    {
        var figures = snapshot.Relations.FirstOrDefault(r => r.Schema == table.Name.Schema && r.Name == table.Name.Name)?.Statistics ?? [];
        var columns = expression.ExpressionColumns.Select(c => (Facts: table.Columns.GetValueOrDefault(c), Known: figures.FirstOrDefault(s => s.Column == c && s.Inherited == (table.Kind == 'p')))).ToList();
        if (columns.Count == 0 || columns.Exists(c => c.Facts is null || c.Known is null || c.Known.CommonValues.Length + c.Known.Histogram.Length == 0))
            return null;
        await ExecuteAsync("begin", ct);
        try
        {
            var names = string.Join(", ", columns.Select(c => SqlIdentifier.Quote(c.Facts!.Name)));
            await ExecuteAsync($"create temporary table agenthost_sample as select {names} from {SqlIdentifier.Quote(table.Name)} with no data", ct);
            await FillAsync(columns.ConvertAll(c => (c.Facts!, c.Known!)), ct);
            await ExecuteAsync($"create index agenthost_sampled on agenthost_sample (({expression.Name})); analyze agenthost_sample", ct);
            // There are no more values than its columns have.
            var most = columns.Aggregate(1.0, (product, c) => Math.Min(table.Rows, product * c.Facts!.Distinct(table.Rows)));
            var found = await AnalyzedAsync(expression.Name, table.Rows, most, ct);
            return found is null ? null : found with { Correlation = columns is [var only] && Step(only.Facts!.BaseType) is not null ? only.Known!.Correlation : 0 };
        }
        catch (PostgresException e) when (e.SqlState[..2] is not ("08" or "57"))
        {
            // Not immutable, or not to be evaluated over these values: then it is priced as the planner does without statistics, and that is told.
            return null;
        }
        finally
        {
            await ExecuteAsync("rollback", CancellationToken.None);
        }
    }

    private async Task FillAsync(List<(ColumnFacts Facts, ColumnStatistics Known)> columns, CancellationToken ct)
    {
        if (columns is [var (facts, statistics)] && Step(facts.BaseType) is { } step && statistics.Histogram.Length > 1)
        {
            var between = (statistics.Histogram.Length - 1) * Steps;
            var common = Sample(statistics, between, withHistogram: false);
            await ExecuteAsync(
                $"""
                insert into agenthost_sample select v::{facts.Type} from unnest($1::text[]) v
                union all select ({step})::{facts.Type} from (select h::{facts.BaseType} lo, lead(h::{facts.BaseType}) over (order by n) hi from unnest($2::text[]) with ordinality u(h, n)) b,
                  generate_series(0, {Steps - 1}) k where hi is not null
                """, ct, common, [.. statistics.Histogram]);
            return;
        }
        var samples = columns.Select(c => Sample(c.Known, c.Known.Histogram.Length, withHistogram: true)).ToList();
        var rows = samples.Max(s => s.Length);
        // Columns are taken to be independent: each is gone through in another order.
        var spread = samples.Select((s, c) => Enumerable.Range(0, rows).Select(i => s[(int)((i * (c == 0 ? 1L : 7919L * c)) % s.Length)]).ToArray()).ToArray();
        await ExecuteAsync(
            $"insert into agenthost_sample select {string.Join(", ", columns.Select((c, i) => $"c{i}::{c.Facts.Type}"))} from unnest({string.Join(", ", columns.Select((_, i) => $"${i + 1}::text[]"))}) u({string.Join(", ", columns.Select((_, i) => $"c{i}"))})",
            ct, [.. spread]);
    }

    /// <summary>Each common value as often as its share of the rows wants, if the histogram's values are to stand for theirs once each; then those, and nulls.</summary>
    private static string?[] Sample(ColumnStatistics known, int histogram, bool withHistogram)
    {
        var rest = Math.Max(0, 1 - known.NullFraction - known.CommonFrequencies.Sum(f => (double)f));
        var rows = histogram > 0 && rest > 0.001 ? Math.Min(MaxRows, histogram / rest) : MaxRows;
        var sample = known.CommonValues.Zip(known.CommonFrequencies).SelectMany(c => Enumerable.Repeat((string?)c.First, (int)Math.Round(c.Second * rows))).ToList();
        sample.AddRange(Enumerable.Repeat((string?)null, (int)Math.Round(known.NullFraction * rows)));
        if (withHistogram)
            sample.AddRange(known.Histogram);
        return sample.Count > 0 ? [.. sample] : [null];
    }

    // What lies between two bounds, k twentieths of the way; null for types that cannot be calculated with.
    private static string? Step(string type) => type switch
    {
        "smallint" or "integer" or "bigint" => $"lo + floor((hi - lo)::numeric * k / {Steps})",
        "numeric" or "real" or "double precision" => $"lo + (hi - lo) * k / {Steps}",
        "date" => $"lo + ((hi - lo) * k / {Steps})::int",
        "timestamp without time zone" or "timestamp with time zone" => $"lo + (hi - lo) * (k / {Steps}.0)",
        _ => null,
    };

    private async Task<ColumnStatistics?> AnalyzedAsync(string expression, double tableRows, double most, CancellationToken ct)
    {
        await using var command = new NpgsqlCommand(
            $"""
            select s.null_frac, s.avg_width, s.most_common_vals::text::text[], s.most_common_freqs, s.histogram_bounds::text::text[], d.seen, d.once, d.total
            from pg_catalog.pg_stats s, (select count(*)::float8 seen, count(*) filter (where n = 1)::float8 once, coalesce(sum(n), 0)::float8 total
              from (select count(*) n from agenthost_sample where ({expression}) is not null group by ({expression})) g) d
            where s.tablename = 'agenthost_sampled' and s.schemaname like 'pg_temp%'
            """, open);
        await using var reader = await command.ExecuteReaderAsync(ct);
        if (!await reader.ReadAsync(ct))
            return null;
        var (seen, once, total) = (reader.GetDouble(5), reader.GetDouble(6), reader.GetDouble(7));
        // Haas and Stokes' estimator, as ANALYZE uses it (analyze.c): of a sample the values that were seen once tell how many were not seen.
        var distinct = Math.Min(most, once >= total ? tableRows : total * seen / (total - once + (once * total / Math.Max(total, tableRows))));
        return new ColumnStatistics("expr")
        {
            NullFraction = reader.GetFloat(0),
            Width = reader.GetInt32(1),
            Distinct = (float)(distinct > 0.1 * tableRows ? -Math.Min(1, distinct / Math.Max(1, tableRows)) : distinct),
            CommonValues = reader.IsDBNull(2) ? [] : [.. reader.GetFieldValue<string[]>(2)],
            CommonFrequencies = reader.IsDBNull(3) ? [] : [.. reader.GetFieldValue<float[]>(3)],
            Histogram = reader.IsDBNull(4) ? [] : [.. reader.GetFieldValue<string[]>(4)],
        };
    }

    private async Task ExecuteAsync(string sql, CancellationToken ct, params string?[][] values)
    {
        await using var command = new NpgsqlCommand(sql, open);
        foreach (var value in values)
            command.Parameters.Add(new NpgsqlParameter { Value = value, NpgsqlDbType = NpgsqlTypes.NpgsqlDbType.Array | NpgsqlTypes.NpgsqlDbType.Text });
        await command.ExecuteNonQueryAsync(ct);
    }
}
