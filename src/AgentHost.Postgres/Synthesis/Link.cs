using System.Collections.Immutable;
using System.Globalization;
using AgentHost.Postgres.Rows;

namespace AgentHost.Postgres.Synthesis;

/// <summary>A column of a table and the one of its parent whose value it has.</summary>
internal sealed record LinkColumn(RowColumn Own, RowColumn Other);

/// <summary>
/// That rows take values of several columns from one row of a parent. Foreign keys ask for some; others a table merely repeats: the tenant of a task is the
/// tenant of its project. Statistics of single columns do not tell, but a query for both finds all rows of the project, and with independent values none.
/// </summary>
/// <param name="Parent">The parent.</param>
/// <param name="Hard">The columns of the foreign key.</param>
/// <param name="Soft">The columns that are repeated.</param>
internal sealed record Link(RowTable Parent, ImmutableArray<LinkColumn> Hard, ImmutableArray<LinkColumn> Soft)
{
    /// <summary>All columns.</summary>
    public IEnumerable<LinkColumn> All => Hard.Concat(Soft);

    /// <summary>Whether a column takes part.</summary>
    public bool Has(RowColumn own) => All.Any(column => column.Own == own);

    /// <summary>Whether rows must have a parent.</summary>
    public bool IsNeeded => Hard.All(column => column.Own.IsNotNull);

    /// <summary>A table's links.</summary>
    /// <param name="plan">What is known.</param>
    /// <param name="table">The table.</param>
    /// <param name="settled">Columns that follow from others and repeat no parent's.</param>
    public static List<Link> Of(FillPlan plan, RowTable table, IReadOnlySet<string> settled)
    {
        var links = new List<Link>();
        foreach (var reference in plan.Catalog.References.Where(reference => reference.Table == table.Oid))
        {
            var parent = plan.Catalog.Tables.FirstOrDefault(candidate => candidate.Oid == reference.Parent);
            var hard = reference.Columns.Zip(reference.ParentColumns, (own, other) =>
                (Own: table.Columns.FirstOrDefault(column => column.Number == own), Other: parent?.Columns.FirstOrDefault(column => column.Number == other))).ToList();
            if (parent is null || hard.Exists(column => column.Own is null || column.Other is null))
                continue;
            links.Add(new Link(parent, [.. hard.Select(column => new LinkColumn(column.Own!, column.Other!))], []));
        }

        return [.. links.DistinctBy(link => (link.Parent.Oid, string.Join(',', link.Hard.Select(column => $"{column.Own.Number}={column.Other.Number}")))).Select(link => link with { Soft = [.. Repeated(plan, table, link, settled)] })];
    }

    /// <summary>Columns of the same name and type as in the parent, and references in both or named as such.</summary>
    private static IEnumerable<LinkColumn> Repeated(FillPlan plan, RowTable table, Link link, IReadOnlySet<string> settled)
    {
        if (link.Parent.Oid == table.Oid || link.Hard.Any(column => settled.Contains(column.Own.Name) || (link.Hard.Length == 1 && plan.IsUnique(table, column.Own))))
            return [];
        return
            from own in table.Columns
            where !link.Has(own) && !settled.Contains(own.Name) && !plan.IsUnique(table, own)
            let other = link.Parent.Column(own.Name)
            where other is not null && other.Type == own.Type && !plan.IsUnique(link.Parent, other) && !link.Hard.Any(column => column.Other == other)
                && (own.Name.EndsWith("_id", StringComparison.Ordinal) || (LeadsTo(plan, table, own) is { } one && one == LeadsTo(plan, link.Parent, other)))
            select new LinkColumn(own, other);
    }

    private static (uint, string)? LeadsTo(FillPlan plan, RowTable table, RowColumn column) =>
        plan.Catalog.References.FirstOrDefault(reference => reference.Table == table.Oid && reference.Columns is [var own] && own == column.Number) is { } reference
            ? (reference.Parent, string.Join(',', reference.ParentColumns.Select(number => number.ToString(CultureInfo.InvariantCulture)))) : null;
}
