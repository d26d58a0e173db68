using System.Collections.Immutable;
using System.Globalization;
using AgentHost.Postgres.Catalog;
using AgentHost.Skills.RecommendIndex.Workloads;
using AgentHost.Sql;
using AgentHost.Sql.Statements;

namespace AgentHost.Skills.RecommendIndex.Drops;

using IndexFigures = AgentHost.Postgres.Catalog.IndexFigures;

/// <summary>Names the indexes of a database that it can do without, and never one that holds a rule or that something else than queries needs.</summary>
public static class IndexDrops
{
    /// <summary>Counters of fewer days have not seen a month's end, nor much else.</summary>
    public const int LeastDays = 14;

    private const long PageBytes = 8192;

    /// <summary>The needless ones, the largest first, and what keeps more from being said.</summary>
    /// <param name="snapshot">The database.</param>
    /// <param name="recommended">CREATE INDEX statements of indexes that are recommended.</param>
    /// <returns>Without a workload, which would be a second witness beside the counters.</returns>
    public static DropAdvice Of(CatalogSnapshot snapshot, IEnumerable<string> recommended) => Of(SchemaFacts.Of(snapshot), recommended);

    internal static DropAdvice Of(SchemaFacts schema, IEnumerable<string> recommended, WorkloadWitness? witness = null)
    {
        var coming = recommended.SelectMany(sql => SqlParser.Parse(sql).Statements).OfType<CreateIndex>().ToList();
        var age = schema.Snapshot.CountersSince is { } since ? schema.Snapshot.TakenAt - since : (TimeSpan?)null;
        var duty = new IndexDuty(schema);
        var (drops, unread) = (new List<IndexDrop>(), 0);
        foreach (var table in schema.Relations)
        {
            var judged = new TableDrops(table, duty, [.. coming.Where(c => schema.Relation(c.Table)?.Name == table.Name)], age, witness);
            drops.AddRange(judged.All());
            unread += judged.TooEarly;
        }
        return new DropAdvice([.. drops.OrderBy(d => d.Certainty).ThenByDescending(d => d.SizeBytes).ThenBy(d => d.Index, StringComparer.Ordinal)])
        {
            // Of a database that never ran nobody expects its reads to be known.
            Notice = unread == 0 || (age is null && schema.Relations.All(r => r.Figures.Counters == new RelationCounters())) ? null
                : $"{unread} {(unread == 1 ? "index was" : "indexes were")} never read, but {(age is { } young ? $"the counters are {Days(young)} old" : "it is not known since when reads are counted")}: too early to say whether "
                    + $"{(unread == 1 ? "it is" : "they are")} unused ({LeastDays} days at least).",
        };
    }

    internal static string Days(TimeSpan age) => age.TotalHours < 2 ? $"{Math.Max(0, age.TotalMinutes).ToString("0", CultureInfo.InvariantCulture)} minutes" : age.TotalDays < 2 ? $"{age.TotalHours.ToString("0", CultureInfo.InvariantCulture)} hours" : $"{age.TotalDays.ToString("0", CultureInfo.InvariantCulture)} days";

    internal static long Size(IndexFigures? figures) => (figures?.CurrentPages ?? figures?.Pages ?? 0) * PageBytes;
}

/// <summary>What can be dropped.</summary>
/// <param name="Drops">The indexes, what is sure before what is asked.</param>
public sealed record DropAdvice(ImmutableArray<IndexDrop> Drops)
{
    /// <summary>What keeps more from being said; null where nothing does.</summary>
    public string? Notice { get; init; }
}
