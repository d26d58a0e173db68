using System.Collections.Immutable;
using System.Text.RegularExpressions;
using AgentHost.Sql;
using AgentHost.Sql.Queries;
using AgentHost.Sql.Statements;
using Npgsql;

namespace AgentHost.Skills.RecommendIndex;

/// <summary>A workload's statements, parsed and resolved against the catalog; what cannot be is named and left out.</summary>
internal sealed partial record Workload(
    ImmutableArray<AnalysedQuery> Queries, ImmutableArray<SkippedQuery> Skipped, ImmutableArray<TableFacts> Tables)
{
    /// <summary>Parses the queries, reads the tables that they name and resolves their columns.</summary>
    public static async Task<Workload> ReadAsync(NpgsqlConnection open, ImmutableArray<WeightedQuery> queries, CancellationToken ct)
    {
        var skipped = ImmutableArray.CreateBuilder<SkippedQuery>();
        var parsed = new List<(WeightedQuery Query, string Sql, QueryAnalysis Names)>();
        foreach (var query in queries)
        {
            var (sql, reason) = Read(query);
            if (sql is null)
                skipped.Add(new SkippedQuery(query.Name, reason!));
            else
                parsed.Add((query, sql, QueryAnalysis.Of(sql)));
        }

        var names = parsed.SelectMany(p => p.Names.Relations.Select(r => r.Table).Concat(p.Names.Target is { } t ? [t] : []));
        var catalog = await CatalogReader.ReadAsync(open, names, ct);
        var analysed = ImmutableArray.CreateBuilder<AnalysedQuery>();
        foreach (var (query, sql, shallow) in parsed)
        {
            var analysis = QueryAnalysis.Of(sql, name => catalog.GetValueOrDefault(name)?.Columns.Keys.ToImmutableArray());
            var uses = analysis.Relations.Select(r => (Use: r, Table: catalog.GetValueOrDefault(r.Table))).Where(u => u.Table is not null).ToList();
            analysed.Add(new AnalysedQuery(query, sql, [.. uses.Select(u => (u.Use, u.Table!))], shallow.ParameterCount, uses.Exists(u => u.Table!.Kind == 'v'))
            {
                Template = Constants().Replace(sql, "?"),
                Write = analysis.Target is { } target && catalog.TryGetValue(target, out var written)
                    ? new AnalysedWrite(written.Name, analysis.Kind, analysis.AssignedColumns) { Weight = query.Weight }
                    : null,
            });
        }
        return new Workload(analysed.ToImmutable(), skipped.ToImmutable(), [.. catalog.Values.DistinctBy(t => t.Oid)]);
    }

    private static (string? Sql, string? Reason) Read(WeightedQuery query)
    {
        try
        {
            var script = SqlParser.Parse(query.Sql);
            if (script.Statements is not [var statement])
                return (null, $"It holds {script.Statements.Length} statements; give each by itself.");
            var sql = script.TextOf(statement);
            return statement switch
            {
                RowStatement => (sql, null),
                _ => (null, "It is not a query: SELECT, INSERT, UPDATE, DELETE or MERGE are read."),
            };
        }
        catch (SqlInputException e)
        {
            return (null, e.Message);
        }
    }

    [GeneratedRegex(@"'(?:[^']|'')*'|\$\d+|\b\d+(?:\.\d+)?\b", RegexOptions.CultureInvariant, 1000)]
    private static partial Regex Constants();
}
