using System.Collections.Immutable;
using System.Text.RegularExpressions;

namespace AgentHost.Skills.ExplainPlan.Detectors;

/// <summary>Pages of a B-tree that a scan walked, and what a healthy index would have needed.</summary>
/// <param name="PerTurn">Pages for one turn of the scan, at least; the table's pages are taken off.</param>
/// <param name="RowsPerTurn">Entries that met the condition, for one turn.</param>
/// <param name="Clauses">The index condition; empty where the whole index was walked.</param>
/// <param name="FirstKey">Whether the condition holds the index's first column.</param>
internal sealed partial record IndexPages(double PerTurn, double RowsPerTurn, ImmutableArray<FilterClause> Clauses, FirstKey FirstKey)
{
    // Header and pointer of an entry, and the share of a page that a fresh index fills (nbtree.h).
    private const double EntryOverhead = 12;
    private const double Fill = 0.9 * PlanBuffers.BlockBytes;

    // What a key may well take where the plan does not tell, as a text of two lines' width.
    private const double UnknownKeyBytes = 80;

    /// <summary>Root, two levels below it and the leaf: what finding the place takes in most tables.</summary>
    public const double Descent = 4;

    /// <summary>The pages of an index scan; null without BUFFERS, where a list was looked up one by one, or where the index is no B-tree.</summary>
    public static IndexPages? Of(QueryPlan plan, PlanNode node)
    {
        if (node.Type is not ("Index Scan" or "Index Only Scan" or "Bitmap Index Scan") || !node.Executed || node.OrderBy is not null || Reading.Own(node) is not { } own)
            return null;
        var table = node.Type == "Bitmap Index Scan" ? plan.AncestorsOf(node).FirstOrDefault(a => a.Type == "Bitmap Heap Scan") : node;
        if (table is null)
            return null;
        var condition = node.IndexCond is null ? [] : FilterClause.Split(node.IndexCond, table.Alias);
        if (condition.Any(c => c.Kind is not (ClauseKind.Equality or ClauseKind.Range) || c.Text.Contains("ANY (", StringComparison.Ordinal)))
            return null;
        var turns = Math.Max(1, node.ParallelAware ? node.Loops!.Value / plan.Times.Processes(node) : node.Loops!.Value);
        var rows = node.TotalRows + node.TotalRemovedByFilter + (node.RemovedByRecheck * node.Loops.Value);
        var visits = node.Type switch { "Index Scan" => rows, "Index Only Scan" => node.HeapFetches, _ => 0 };
        return new IndexPages(Math.Max(0, own.SharedHit + own.SharedRead - visits) / turns, rows / turns, condition, FirstKeyOf(plan, table, node.Index ?? "", condition));
    }

    /// <summary>Entries of a full page of a healthy index, as far as the plan tells its keys.</summary>
    public double RowsOfAFullPage(PlanNode node) =>
        Fill / (EntryOverhead + (Clauses.Length > 0 && FirstKey == FirstKey.Given && Clauses.Select(c => c.Subject).Distinct(StringComparer.Ordinal).Count() == 1 && Clauses.All(c => FixedWidth().IsMatch(c.Text))
            ? 8 : Math.Max(UnknownKeyBytes, node.Width)));

    private static FirstKey FirstKeyOf(QueryPlan plan, PlanNode table, string index, ImmutableArray<FilterClause> condition)
    {
        var columns = condition.Select(c => c.Subject.Trim('"')).Where(c => c.Length > 0).ToHashSet(StringComparer.Ordinal);
        if (columns.Count == 0)
            return condition.IsEmpty ? FirstKey.Given : FirstKey.Unknown;
        if (plan.Catalog.KeysOf(table, index) is { Length: > 0 } keys)
            return columns.Contains(keys[0].Trim('"')) ? FirstKey.Given : FirstKey.Missing;
        // PostgreSQL names an index after its table and columns, and most people do.
        var name = Affixes().Replace(index.StartsWith(table.Relation + "_", StringComparison.Ordinal) ? index[(table.Relation!.Length + 1)..] : index, "");
        if (index.EndsWith("_pkey", StringComparison.Ordinal))
            return columns.Contains("id") ? FirstKey.Given : FirstKey.Unknown;
        if (columns.Any(c => name == c || name.StartsWith(c + "_", StringComparison.Ordinal)))
            return FirstKey.Given;
        return columns.All(c => name.EndsWith("_" + c, StringComparison.Ordinal) || name.Contains($"_{c}_", StringComparison.Ordinal)) ? FirstKey.Missing : FirstKey.Unknown;
    }

    [GeneratedRegex("^(idx|ix|i)_|_(idx|index|ix|key|uq|uniq)[0-9]*$", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Affixes();

    [GeneratedRegex(@" (<|>|<=|>=|=) (-?[0-9.]+|'[^']*'::(integer|bigint|smallint|date|timestamp( with(out)? time zone)?))$", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex FixedWidth();
}

/// <summary>Whether an index's first column is in the condition.</summary>
internal enum FirstKey
{
    /// <summary>Neither the catalog nor the index's name tells.</summary>
    Unknown,

    /// <summary>It is, or the index is walked as a whole.</summary>
    Given,

    /// <summary>It is not: entries that match lie all over the index.</summary>
    Missing,
}
