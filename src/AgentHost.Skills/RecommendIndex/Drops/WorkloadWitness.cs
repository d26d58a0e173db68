using System.Collections.Immutable;
using AgentHost.Skills.RecommendIndex.Pricing;
using AgentHost.Skills.RecommendIndex.Workloads;
using AgentHost.Sql;
using AgentHost.Sql.Queries;

namespace AgentHost.Skills.RecommendIndex.Drops;

/// <summary>
/// What the plans of a workload say of existing indexes, as the second witness beside counters that are young. It speaks only where the workload can be taken for
/// all that runs: counted statements or a file of several, of which some are about the table; never a log, which has the slow ones alone.
/// </summary>
internal sealed class WorkloadWitness
{
    /// <summary>From fewer statements nothing follows for those that are missing.</summary>
    private const int LeastStatements = 5, LeastOfTable = 2;

    private readonly bool isWhole;
    private readonly IReadOnlyList<AnalysedQuery> queries;
    private readonly ImmutableArray<PricedPlan> plans;
    private readonly ImmutableArray<string> unjudged;
    private readonly HashSet<string> used;
    private readonly ImmutableArray<AnalysedWrite> writes;

    /// <param name="input">Where the statements come from.</param>
    /// <param name="queries">Those that were planned.</param>
    /// <param name="before">Their plans as the database is.</param>
    /// <param name="after">Their plans with what is recommended.</param>
    /// <param name="writes">All writes, those among them that look nothing up.</param>
    /// <param name="skipped">What was not judged.</param>
    public WorkloadWitness(
        WorkloadInput input, IReadOnlyList<AnalysedQuery> queries, ImmutableArray<PricedPlan> before, ImmutableArray<PricedPlan> after, ImmutableArray<AnalysedWrite> writes, IEnumerable<SkippedQuery> skipped)
    {
        (this.queries, plans, this.writes) = (queries, after, writes);
        isWhole = !input.IsSample && input.Skipped.IsEmpty;
        used = [.. after.SelectMany(p => p.Existing), .. before.Where((_, i) => queries[i].Write is not null).SelectMany(p => p.Existing)];
        var names = skipped.Select(s => s.Query).ToHashSet(StringComparer.Ordinal);
        unjudged = [.. input.Queries.Where(q => names.Contains(q.Name)).Select(q => q.Sql)];
        Statements = queries.Count + writes.Count(w => !queries.Any(q => q.Write?.Equals(w) == true));
    }

    /// <summary>How many statements were planned.</summary>
    public int Statements { get; }

    /// <summary>Whether a plan has an index of this name, whatever its schema.</summary>
    public bool Uses(string index) => used.Contains(index);

    /// <summary>Whether nothing of the workload reads the index, nor would with other values.</summary>
    public bool IsNeedless(RelationFacts table, IndexModel index) => isWhole && Statements >= LeastStatements && !Uses(index.Name) && Covers(table) && !MayWant(table, index);

    /// <summary>Whether a row of the table goes, or gets another key.</summary>
    public bool Deletes(RelationFacts? table) => table is null || writes.Any(w => w.Table == table.Name
        && (w.Kind is not (QueryKind.Insert or QueryKind.Update) || w.Assigned.Any(column => table.Model.Indexes.Any(i => i.IsUnique && i.Keys.Any(k => k.Column == column)))));

    private bool Covers(RelationFacts table)
    {
        var reading = queries.Count(q => q.Uses.Any(u => u.Table.Name == table.Name));
        return reading > 0 && reading + writes.Count(w => w.Table == table.Name && w.Kind == QueryKind.Insert) >= LeastOfTable
            && !unjudged.Any(sql => sql.Contains(table.Name.Name, StringComparison.OrdinalIgnoreCase));
    }

    // What reads the whole table although it mentions the first key may want the index with a rarer value.
    private bool MayWant(RelationFacts table, IndexModel index)
    {
        var keys = index.Keys[0] is { Column: { } column } ? [column] : index.Keys[0].Expression!.Columns;
        for (var q = 0; q < queries.Count; q++)
        {
            if (plans[q].WholeReads.Contains(table.Name.Name) && queries[q].Uses.Any(u => u.Table.Name == table.Name && keys.All(u.Use.ColumnsUsed.Contains)))
                return true;
        }
        return false;
    }
}
