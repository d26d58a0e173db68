using System.Collections.Immutable;
using AgentHost.Postgres.Rows;

namespace AgentHost.Postgres.Synthesis;

/// <content>Columns that together have each value once.</content>
internal sealed partial class TableQuery
{
    /// <summary>Where there are so many more combinations than rows, chance makes few of them twice.</summary>
    private const double Plenty = 50;

    /// <summary>The columns that tell rows apart which are alike in others, with these.</summary>
    private readonly Dictionary<string, ImmutableArray<RowColumn>> apart = new(StringComparer.Ordinal);

    /// <summary>For each key over several columns chooses the column that is drawn last, so that rows which are alike in the others get different values.</summary>
    /// <param name="counted">A column that counts the rows of others does so already.</param>
    /// <param name="decided">Columns that follow from others.</param>
    private void ChooseApart(RowColumn? counted, IReadOnlyDictionary<string, Dependence> decided)
    {
        var shared = links.SelectMany(entry => entry.Link.All.Select(column => column.Own)).GroupBy(column => column).Where(group => group.Count() > 1).Select(group => group.Key).ToHashSet();
        foreach (var key in plan.Keys[table.Oid].Where(key => key.Columns.Length > 1))
        {
            var columns = table.Columns.Where(column => key.Columns.Contains(column.Number)).ToList();
            if (columns.Count < key.Columns.Length || columns.Exists(column => column == counted || plan.IsUnique(table, column) || apart.ContainsKey(column.Name) || (attempt == 0 && Figures(column.Name) is { IsDistinct: true })))
                continue;
            // What follows from another column makes no combination more.
            var combinations = columns.Where(column => !links.Exists(entry => entry.Link.Has(column) && Key(entry.Link).Own is var told && told != column && columns.Contains(told))).Aggregate(1.0, (product, column) => product * Distinct(column));
            if (combinations > Plenty * All || (key.IsPartial && combinations < All))
                continue; // of some of the rows only it holds where all of them would not have enough
            var last = columns.Where(column => !shared.Contains(column) && !decided.ContainsKey(column.Name) && !apart.Values.Any(others => others.Contains(column)) && !links.Exists(entry => entry.Link.Has(column) && IsLeading(entry.Link)))
                .OrderBy(column => Math.Abs(Figures(column.Name)?.Statistics.Correlation ?? 0) >= Ordered).ThenByDescending(Distinct).ThenBy(column => column.Number).FirstOrDefault();
            if (last is not null)
                apart[last.Name] = [.. columns.Where(column => column != last)];
        }
    }

    /// <summary>Whether another column tells rows apart that are alike in this one.</summary>
    private bool IsInKey(RowColumn column) => apart.Values.Any(others => others.Contains(column));

    /// <summary>Places of a column that differ where the other columns of its key are alike; null where it has none, or they are not known yet.</summary>
    private string? Apart(RowColumn column) =>
        apart.TryGetValue(column.Name, out var others) && others.All(other => drawn.ContainsKey(other.Name))
            ? Query.Apart(string.Join(", ", others.Select(other => Query.Let(WithNulls(other, drawn[other.Name])))), Named(column) + " apart") : null;
}
