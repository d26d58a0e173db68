using System.Collections.Immutable;
using System.Globalization;
using AgentHost.Skills.RecommendIndex.Rewrites;
using AgentHost.Skills.RecommendIndex.Statistics;
using AgentHost.Sql;
using AgentHost.Sql.Queries;
using AgentHost.Sql.Syntax;

namespace AgentHost.Skills.RecommendIndex.Workloads;

/// <summary>Makes a workload of what a log tells: runs of one shape are one statement, weighted by how often it ran.</summary>
internal static class LoggedWorkload
{
    /// <summary>Runs that are kept of each statement with their values.</summary>
    private const int MostSamples = 5;

    /// <summary>Wrong estimates that are kept of each statement, the worst.</summary>
    private const int MostEstimates = 20;

    public static WorkloadInput Of(List<LogEntry> entries)
    {
        var (runs, refusals) = (new List<LoggedStatement>(), new Dictionary<string, int>(StringComparer.Ordinal));
        foreach (var entry in entries)
        {
            var (run, refusal) = LoggedStatement.Read(entry);
            if (run is not null && run.Sql.Length > 0)
                runs.Add(run with { Session = entry.Session });
            else if (refusal is not null)
                refusals[refusal] = refusals.GetValueOrDefault(refusal) + 1;
        }
        var skipped = refusals.Select(r => new SkippedQuery("log", $"{r.Value} {(r.Value == 1 ? "message was" : "messages were")} not read: {r.Key}")).ToList();
        var queries = ImmutableArray.CreateBuilder<WeightedQuery>();
        var estimates = ImmutableArray.CreateBuilder<LoggedEstimate>();
        var shapes = new Dictionary<string, (string Name, bool IsLookUp)>(StringComparer.Ordinal);
        foreach (var group in runs.GroupBy(Shape).OrderByDescending(g => g.Sum(r => r.Milliseconds)).ThenBy(g => g.Key, StringComparer.Ordinal))
        {
            var name = $"logged {queries.Count + skipped.Count + 1}";
            // With both ways of logging on, each run is told twice.
            var weight = Math.Max(group.Count(r => r.IsPlan), group.Count(r => !r.IsPlan));
            var first = group.First().Sql;
            if (CountedWorkload.Refusal(first) is { } reason)
                skipped.Add(new SkippedQuery(name, $"{reason} It begins: {CountedWorkload.Beginning(first)}"));
            else if (QuerySyntax.Read(first) is { } read)
            {
                shapes[group.Key] = (name, RepeatedLookUps.IsLookUp(read));
                queries.Add(Query(name, weight, [.. group]));
                estimates.AddRange(group.SelectMany(r => r.Estimates).OrderByDescending(e => e.Factor).Take(MostEstimates).Select(e => new LoggedEstimate(name, e)));
            }
        }
        return new WorkloadInput(queries.ToImmutable(), [.. skipped])
        {
            IsSample = true,
            Estimates = estimates.ToImmutable(),
            Loops = Loops(runs, shapes),
            Source = string.Create(CultureInfo.InvariantCulture, $"{runs.Count} runs in a log, {queries.Count} different statements."),
        };
    }

    // With both ways of logging on, each run is told twice.
    private static ImmutableArray<StatementLoop> Loops(List<LoggedStatement> runs, Dictionary<string, (string Name, bool IsLookUp)> shapes)
    {
        var plans = runs.Count(r => r.IsPlan);
        return StatementLoops.Of([.. runs.Where(r => r.Session is not null && r.IsPlan == plans > runs.Count - plans).Select(r =>
        {
            var (name, isLookUp) = shapes.GetValueOrDefault(Shape(r), ("", false));
            return new OrderedRun(r.Session!, name, isLookUp, $"{r.Sql}\n{string.Join(',', r.Parameters.Values)}");
        })]);
    }

    private static string Shape(LoggedStatement run)
    {
        try
        {
            return StatementShape.Of(run.Sql);
        }
        catch (SqlInputException)
        {
            return run.Sql;
        }
    }

    private static WeightedQuery Query(string name, int weight, List<LoggedStatement> runs)
    {
        var samples = runs.Select(Bound).OfType<string>().Distinct(StringComparer.Ordinal).ToList();
        return new WeightedQuery(name, Template([.. runs.Select(r => r.Sql.TrimEnd(' ', ';', '\n')).Distinct(StringComparer.Ordinal)]), weight)
        {
            // Spread over the log, so that its beginning does not stand for all of it.
            Samples = samples.Count <= MostSamples ? [.. samples] : [.. Enumerable.Range(0, MostSamples).Select(i => samples[i * (samples.Count - 1) / (MostSamples - 1)])],
        };
    }

    /// <summary>The run's text with its parameters' values in their places; null where one is not known.</summary>
    private static string? Bound(LoggedStatement run)
    {
        if (QuerySyntax.Read(run.Sql) is not { } query)
            return null;
        var parameters = query.Levels().SelectMany(l => l.Expressions()).SelectMany(e => e.All()).Where(n => n.Kind == NodeKind.Parameter).DistinctBy(n => n.Range).ToList();
        return parameters.TrueForAll(p => run.Parameters.ContainsKey(p.Number)) ? query.Replaced(parameters.Select(p => (p.Range, run.Parameters[p.Number]))).TrimEnd(' ', ';', '\n') : null;
    }

    /// <summary>The text in which constants that differ between runs are parameters; those that are always the same belong to the statement.</summary>
    private static string Template(List<string> texts)
    {
        if (texts.Count == 1)
            return texts[0];
        var read = texts.Select(QuerySyntax.Read).ToList();
        if (read.Contains(null))
            return texts[0];
        var constants = read.ConvertAll(q => StatementShape.Constants(q!));
        var query = read[0]!;
        if (constants.Exists(c => c.Length != constants[0].Length))
            return texts[0];
        var number = query.ParameterCount;
        var inSums = query.Levels().SelectMany(l => l.Expressions()).SelectMany(e => e.All()).Where(n => n is { Kind: NodeKind.Operator, Name: "+" or "-" or "*" or "/" or "%" or "||" or "->" or "->>" })
            .SelectMany(n => n.Parts).Select(p => p.Range).ToHashSet();
        var edits = new List<(TextRange, string)>();
        for (var i = 0; i < constants[0].Length; i++)
        {
            var (constant, whole) = constants[0][i];
            if (constants.TrueForAll(c => c[i].Constant.Value == constant.Value) || inSums.Contains(whole.Range))
                continue;
            edits.Add((whole.Range, whole.Kind == NodeKind.Cast ? $"${++number}::{whole.Name}" : $"${++number}"));
        }
        var template = query.Replaced(edits);
        return CountedWorkload.Refusal(template) is null ? template : texts[0];
    }
}
