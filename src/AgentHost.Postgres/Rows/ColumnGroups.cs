using System.Collections.Immutable;

namespace AgentHost.Postgres.Rows;

/// <summary>Columns that must have the same value in rows of the same number, because one references the other.</summary>
internal sealed class ColumnGroup
{
    /// <summary>The columns.</summary>
    public List<(RowTable Table, RowColumn Column)> Members { get; } = [];

    /// <summary>Whether references tie them together, or a key holds one of them.</summary>
    public bool IsKey => Members.Count > 1 || Members.Exists(member => member.Column.IsKey);
}

/// <summary>A column whose value is another column's in some other row: <paramref name="Row"/> is that row's number.</summary>
internal sealed record DerivedColumn((uint Table, short Column) Source, string Row, bool MayBeNull);

/// <summary>
/// Sorts columns into groups, so that every reference holds without a look at any row: a row's references lead to the row of the same number,
/// which has the same values there. References of a table to itself make a tree, and a second reference to one table leads to another row.
/// </summary>
internal sealed class ColumnGroups
{
    private readonly Dictionary<(uint Table, short Column), (uint Table, short Column)> parents = [];

    private ColumnGroups(RowCatalog catalog, int rows)
    {
        var tables = catalog.Tables.ToDictionary(table => table.Oid);
        var plain = new List<RowReference>();
        foreach (var reference in catalog.References.DistinctBy(reference => (reference.Table, reference.Parent, string.Join(',', reference.Columns), string.Join(',', reference.ParentColumns))))
        {
            if (!tables.TryGetValue(reference.Table, out var child) || !tables.ContainsKey(reference.Parent))
                continue;
            if (reference.Columns is [var column] && child.Columns.FirstOrDefault(candidate => candidate.Number == column) is { } own
                && !Derived.ContainsKey((reference.Table, column)) && IsFree(catalog, reference, own))
            {
                if (reference.Table == reference.Parent)
                {
                    Derived[(reference.Table, column)] = new((reference.Parent, reference.ParentColumns[0]), $"({TypeValues.Row} / 2)", MayBeNull: !own.IsNotNull);
                    continue;
                }

                if (plain.Count(earlier => earlier.Table == reference.Table && earlier.Parent == reference.Parent) is var before and > 0)
                {
                    Derived[(reference.Table, column)] = new((reference.Parent, reference.ParentColumns[0]), $"(({TypeValues.Row} + {before - 1}) % {rows} + 1)", MayBeNull: false);
                    plain.Add(reference with { Columns = [] });
                    continue;
                }
            }

            plain.Add(reference);
        }

        foreach (var reference in plain)
        {
            foreach (var (column, parent) in reference.Columns.Zip(reference.ParentColumns))
                Join((reference.Table, column), (reference.Parent, parent));
        }

        foreach (var partition in catalog.Tables.Where(table => table.Parent is not null))
        {
            if (!tables.TryGetValue(partition.Parent!.Value, out var whole))
                continue;
            foreach (var column in whole.Columns.Where(column => parents.ContainsKey((whole.Oid, column.Number))))
            {
                if (partition.Column(column.Name) is { } same)
                    Join((partition.Oid, same.Number), (whole.Oid, column.Number));
            }
        }

        foreach (var table in catalog.Tables)
        {
            foreach (var column in table.Columns)
            {
                var root = Root((table.Oid, column.Number));
                if (!Groups.TryGetValue(root, out var group))
                    Groups[root] = group = new ColumnGroup();
                group.Members.Add((table, column));
            }
        }
    }

    /// <summary>The groups by their roots.</summary>
    public Dictionary<(uint Table, short Column), ColumnGroup> Groups { get; } = [];

    /// <summary>Columns that take another row's value.</summary>
    public Dictionary<(uint Table, short Column), DerivedColumn> Derived { get; } = [];

    public static ColumnGroups Of(RowCatalog catalog, int rows) => new(catalog, rows);

    /// <summary>The group of a column.</summary>
    public ColumnGroup Of((uint Table, short Column) column) => Groups[Root(column)];

    /// <summary>Whether a column may have any of its parent's values: no key holds it, and no other reference leads from or to it.</summary>
    private static bool IsFree(RowCatalog catalog, RowReference reference, RowColumn column) =>
        !column.IsKey
        && !catalog.References.Any(other => other.Table == reference.Table && other.Columns.Contains(column.Number) && (other.Parent, other.Columns.Length) != (reference.Parent, 1))
        && !catalog.References.Any(other => other.Parent == reference.Table && other.ParentColumns.Contains(column.Number));

    private void Join((uint Table, short Column) one, (uint Table, short Column) other)
    {
        var (first, second) = (Root(one), Root(other));
        parents.TryAdd(one, one);
        parents.TryAdd(other, other);
        if (first != second)
            parents[first] = second;
    }

    private (uint Table, short Column) Root((uint Table, short Column) column)
    {
        while (parents.TryGetValue(column, out var next) && next != column)
            column = next;
        return column;
    }
}
