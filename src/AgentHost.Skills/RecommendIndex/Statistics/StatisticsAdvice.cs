using System.Collections.Immutable;
using System.Globalization;
using System.Text;
using AgentHost.Skills.RecommendIndex.Workloads;
using AgentHost.Sql;

namespace AgentHost.Skills.RecommendIndex.Statistics;

/// <summary>
/// Names columns that go together where a logged run proves it: the planner took them for independent, each by itself it knows right, and far more rows came than
/// it expected (or other numbers of groups). Without such a run nothing is said: what columns have in common no figure of theirs tells.
/// </summary>
internal static class StatisticsAdvice
{
    private const int MaxNameBytes = 63;

    /// <summary>The statistics to create, the worst estimate first.</summary>
    public static ImmutableArray<StatisticsObject> Of(SchemaFacts schema, ImmutableArray<LoggedEstimate> logged)
    {
        var taken = schema.Snapshot.ExtendedStatistics.Select(s => s.Name).ToHashSet(StringComparer.Ordinal);
        var proven = logged.Select(l => (Logged: l, Proof: Proof.Of(schema, l.Estimate))).Where(p => p.Proof is not null).Select(p => (p.Logged, Proof: p.Proof!)).ToList();
        // What a wider object tells it tells of its columns, too.
        var sets = proven.Where(p => !proven.Exists(o => o.Proof.Table.Name == p.Proof.Table.Name && o.Proof.Columns.Length > p.Proof.Columns.Length && o.Proof.IsOfGroups == p.Proof.IsOfGroups && p.Proof.Columns.All(o.Proof.Columns.Contains)))
            .GroupBy(p => (p.Proof.Table.Name, Columns: string.Join('\0', p.Proof.Columns)));
        var found = new List<(double Factor, StatisticsObject Object)>();
        foreach (var set in sets.OrderBy(s => s.Key.Name.ToString(), StringComparer.Ordinal).ThenBy(s => s.Key.Columns, StringComparer.Ordinal))
        {
            var (worst, proof) = set.OrderByDescending(p => p.Logged.Estimate.Factor).ThenBy(p => p.Logged.Query, StringComparer.Ordinal).First();
            // Of several proofs the one with the most rows says whether one column decides the others.
            var kinds = set.Where(p => p.Proof.IsOfGroups).Take(1).Concat(set.Where(p => !p.Proof.IsOfGroups).OrderByDescending(p => p.Logged.Estimate.Actual).Take(1)).Select(p => p.Proof.Kind).ToList();
            var target = kinds.Contains("mcv") ? set.Max(p => p.Proof.Target) : null;
            var name = SqlIdentifier.Quote(proof.Table.Name with { Name = Name(proof, taken) });
            var table = SqlIdentifier.Quote(proof.Table.Name);
            var sql = $"CREATE STATISTICS {name} ({string.Join(", ", kinds)}) ON {string.Join(", ", proof.Columns.Select(SqlIdentifier.Quote))} FROM {table};{(target is { } most ? $" ALTER STATISTICS {name} SET STATISTICS {most};" : "")} ANALYZE {table};";
            var estimate = worst.Estimate;
            found.Add((estimate.Factor, new StatisticsObject(sql, proof.Table.Name.ToString(), proof.Columns, worst.Query, estimate.Expected, estimate.Actual,
                $"'{worst.Query}' was planned for {Count(estimate.Expected)} {(proof.IsOfGroups ? "groups" : "rows")}, and {Count(estimate.Actual)} came ({(estimate.Actual > estimate.Expected ? "" : "÷ ")}{Count(estimate.Factor)}{(estimate.Actual > estimate.Expected ? " times as many" : "")})"
                + "; each column by itself is known right.")));
        }
        return [.. found.OrderByDescending(f => f.Factor).ThenBy(f => f.Object.Sql, StringComparer.Ordinal).Select(f => f.Object)];
    }

    private static string Count(double number) => number.ToString("N0", CultureInfo.InvariantCulture);

    private static string Name(Proof proof, HashSet<string> taken)
    {
        var name = $"{proof.Table.Name.Name}_{string.Join('_', proof.Columns)}";
        while (Encoding.UTF8.GetByteCount(name) > MaxNameBytes - 8)
            name = name[..^(char.IsLowSurrogate(name[^1]) ? 2 : 1)];
        var free = name + "_stat";
        for (var n = 2; !taken.Add(free); n++)
            free = $"{name}_stat{n}";
        return free;
    }
}
