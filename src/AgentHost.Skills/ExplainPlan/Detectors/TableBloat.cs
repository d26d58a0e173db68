using System.Globalization;

namespace AgentHost.Skills.ExplainPlan.Detectors;

/// <summary>A table's pages hold next to no live rows: the scan reads what deleted rows left behind.</summary>
internal sealed class TableBloat : IPlanDetector
{
    private const string Name = "table-bloat";

    // Header and line pointer of a row (htup_details.h).
    private const double RowOverhead = 28;

    public string Id => Name;

    public IEnumerable<Suspicion> Detect(QueryPlan plan)
    {
        foreach (var node in plan.Nodes)
        {
            if (node is not { Type: "Seq Scan", Executed: true, Relation: not null })
                continue;
            var turns = Math.Max(1, node.Loops!.Value / plan.Times.Processes(node));
            var rows = (node.TotalRows + node.TotalRemovedByFilter) / turns;
            var pages = Pages(plan, node, turns);
            var impact = plan.Times.Self(node);
            if (pages < Thresholds.BloatedBlocks || !IsBloated(plan, node, rows / pages) || !plan.Matters(impact))
                continue;
            var table = PlanNames.Table(node);
            yield return new Suspicion
            {
                Id = Name,
                Node = node,
                Impact = impact,
                Message = $"Reads {Figures.Count(pages)} blocks ({Figures.Kb(pages * PlanBuffers.BlockBytes / 1024)}) of {node.Relation} for {Figures.Count(rows)} live rows: pages are nearly empty.",
                Advice = $"VACUUM (ANALYZE) {table} makes the room usable again but seldom gives it back; to shrink the table, VACUUM FULL {table} in a quiet hour (it locks out readers) or pg_repack. "
                    + $"So that it does not come back: ALTER TABLE {table} SET (autovacuum_vacuum_scale_factor = 0.02), look for long transactions that hold VACUUM back, and empty whole tables by TRUNCATE, old ranges by dropping a partition.",
                Evidence = Figures.Rows(plan, impact, ("blocks", pages, "blocks"), ("live rows", rows, "rows"), ("live rows per block", rows / pages, "rows")),
                Echoes = [("cold-cache", node.Number), ("dirtied-by-select", node.Number), ("stats-stale", node.Number)],
            };
        }
    }

    // TOAST keeps every row under a quarter of a page, so fewer than four fill no page, however wide they are.
    private static bool IsBloated(QueryPlan plan, PlanNode node, double perPage)
    {
        bool IsThin(double width) => perPage * (width + RowOverhead) < Thresholds.LiveShare * PlanBuffers.BlockBytes;
        return plan.Catalog.RowWidth(node) is { } known ? IsThin(known) : perPage < Thresholds.WidestRowsPerPage && IsThin(node.Width);
    }

    /// <summary>The table's pages: what was touched, but no more than the scan was priced at, since opening long values touches others.</summary>
    private static double Pages(QueryPlan plan, PlanNode node, double turns)
    {
        var price = plan.Settings.TryGetValue("seq_page_cost", out var text) && double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var set) ? set : 1;
        var priced = price > 0 && node.TotalCost is > 0 and < 1e10 ? node.TotalCost / price : double.MaxValue;
        if (Reading.Own(node) is { } own)
            return Math.Min((own.SharedHit + own.SharedRead) / turns, priced);
        // Without BUFFERS the price tells: a page and 0.01 for each row, where no filter is priced too.
        const double RowCost = 0.01;
        return node.Filter is null && !node.ParallelAware && priced < double.MaxValue && node.PlanRows is { } planned ? Math.Max(0, (node.TotalCost - (RowCost * planned)) / price) : 0;
    }
}
