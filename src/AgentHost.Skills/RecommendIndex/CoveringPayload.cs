using System.Collections.Immutable;
using AgentHost.Sql.Queries;

namespace AgentHost.Skills.RecommendIndex;

/// <summary>The columns that an index must hold besides its keys so that a query need not visit the table.</summary>
internal static class CoveringPayload
{
    /// <summary>A wider payload makes the index so large that reading it is no better than reading the table.</summary>
    private const int MaxColumns = 4, MaxBytes = 64;

    /// <summary>Where fewer pages are all-visible, an index-only scan goes to the table anyway.</summary>
    private const double LeastVisible = 0.5;

    /// <summary>The payload; empty where none is needed, or none is wise.</summary>
    public static ImmutableArray<ColumnFacts> Of(RelationUse use, IndexCandidate index, IReadOnlyList<AnalysedWrite> writes)
    {
        if (use.AllColumns || index.Table.VisibleFraction < LeastVisible || index.Keys.Any(k => k.Facts.IsExpression))
            return [];
        var missing = use.ColumnsUsed.Where(name => !index.Keys.Any(k => k.Column == name) && !IsImplied(index, use, name)).ToList();
        if (missing.Count is 0 or > MaxColumns)
            return [];
        var columns = missing.Select(index.Table.Columns.GetValueOrDefault).ToList();
        if (columns.Exists(c => c is null || c.Width > MaxBytes) || columns.Sum(c => c!.Width) > MaxBytes)
            return [];
        // An update of the payload is no longer HOT, and every index of the table pays.
        return writes.Any(w => w.Table == index.Table.Name && w.Assigned.Any(missing.Contains)) ? [] : [.. columns.Select(c => c!).OrderBy(c => c.Number)];
    }

    // A column that stands in the predicate alone is not looked at again.
    private static bool IsImplied(IndexCandidate index, RelationUse use, string column) =>
        index.Predicate?.Columns.Contains(column) == true && use.OnlyCompared.Contains(column);
}
