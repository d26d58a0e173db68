using System.Collections.Immutable;
using AgentHost.Sql;
using AgentHost.Sql.Queries;
using AgentHost.Sql.Statements;
using Npgsql;

namespace AgentHost.Skills.RecommendIndex;

/// <summary>A workload's statements, parsed and resolved against the target; what cannot be is named and left out.</summary>
internal sealed record Workload(
    ImmutableArray<AnalysedQuery> Reads, ImmutableArray<AnalysedWrite> Writes, ImmutableArray<SkippedQuery> Skipped, ImmutableArray<TableFacts> Tables)
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
        var reads = ImmutableArray.CreateBuilder<AnalysedQuery>();
        var writes = ImmutableArray.CreateBuilder<AnalysedWrite>();
        foreach (var (query, sql, shallow) in parsed)
        {
            var analysis = QueryAnalysis.Of(sql, name => catalog.GetValueOrDefault(name)?.Columns.Keys.ToImmutableArray());
            if (analysis.Target is { } target)
            {
                if (catalog.TryGetValue(target, out var written))
                    writes.Add(new AnalysedWrite(query, written.Name, analysis.Kind, analysis.AssignedColumns));
                skipped.Add(new SkippedQuery(query.Name, "It changes rows, and only reads are planned on a target. Its price for each index was charged; give what it looks up as a SELECT to have that judged."));
                continue;
            }
            var uses = analysis.Relations.Select(r => (Use: r, Table: catalog.GetValueOrDefault(r.Table))).Where(u => u.Table is not null).ToList();
            reads.Add(new AnalysedQuery(query, sql, [.. uses.Select(u => (u.Use, u.Table!))], shallow.ParameterCount, uses.Exists(u => u.Table!.Kind == 'v')));
        }
        return new Workload(reads.ToImmutable(), writes.ToImmutable(), skipped.ToImmutable(), [.. catalog.Values.DistinctBy(t => t.Oid)]);
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
                RowStatement { LocksRows: true } => (null, "It locks rows (FOR UPDATE or its kin); leave that out, the index is the same."),
                RowStatement { Verb: RowVerb.Select, ModifiesRows: true } => (null, "It changes rows in a common table expression, and only reads are planned on a target."),
                RowStatement => (sql, null),
                _ => (null, "It is not a query: SELECT, INSERT, UPDATE, DELETE or MERGE are read."),
            };
        }
        catch (SqlInputException e)
        {
            return (null, e.Message);
        }
    }
}
