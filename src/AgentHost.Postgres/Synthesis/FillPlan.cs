using System.Collections.Immutable;
using AgentHost.Postgres.Catalog;
using AgentHost.Postgres.Rows;

namespace AgentHost.Postgres.Synthesis;

/// <summary>All that is known about the tables to fill.</summary>
internal sealed class FillPlan
{
    /// <summary>The tables that hold rows, parents first, and how many each gets.</summary>
    public required ImmutableArray<(RowTable Table, long Rows, double Original)> Tables { get; init; }

    /// <summary>The catalog of the scratch database.</summary>
    public required RowCatalog Catalog { get; init; }

    /// <summary>Ways to fill columns of which no statistics tell, and the conditions that rows must fulfil.</summary>
    public required IReadOnlyDictionary<uint, PlannedTable> Fallbacks { get; init; }

    /// <summary>The statistics of each table's columns.</summary>
    public required IReadOnlyDictionary<uint, ImmutableDictionary<string, ColumnStatistics>> Statistics { get; init; }

    /// <summary>Keys and unique indexes.</summary>
    public required ILookup<uint, UniqueColumns> Keys { get; init; }

    /// <summary>Statistics of several columns.</summary>
    public required ILookup<uint, ExtendedStatistics> Joint { get; init; }

    /// <summary>Tables whose rows are there.</summary>
    public Dictionary<uint, long> Filled { get; } = [];

    /// <summary>Keys that rows of a table will have, because others lead to them already: temporary tables of them by row number (<c>number_</c>), with their columns.</summary>
    public ILookup<uint, (string Name, ImmutableArray<RowColumn> Columns)> Promised => promised.ToLookup(entry => entry.Table, entry => (entry.Name, entry.Columns));

    private readonly List<(uint Table, string Name, ImmutableArray<RowColumn> Columns)> promised = [];

    /// <summary>Notes keys that rows of a table will have.</summary>
    public void Promise(uint table, string name, ImmutableArray<RowColumn> columns) => promised.Add((table, name, columns));

    /// <summary>The types' values.</summary>
    public TypeValues Values => values ??= new TypeValues(Catalog.Types);

    private TypeValues? values;

    /// <summary>Whether a column has each value once by itself.</summary>
    public bool IsUnique(RowTable table, RowColumn column) => Keys[table.Oid].Any(key => key is { IsPartial: false, Columns: [var only] } && only == column.Number);

    /// <summary>The tables that hold a table's rows: itself, or its partitions.</summary>
    public ImmutableArray<uint> HoldersOf(RowTable table)
    {
        var children = Catalog.Tables.Where(candidate => candidate.Parent == table.Oid).ToList();
        return children.Count == 0 ? [table.Oid] : [.. children.SelectMany(child => HoldersOf(child))];
    }

    /// <summary>The values of a column that other tables' statistics name.</summary>
    public ImmutableArray<string> Wanted(RowTable table, RowColumn column)
    {
        return
        [
            .. from reference in Catalog.References
               where reference.Parent == table.Oid && reference.ParentColumns is [var own] && own == column.Number
               from child in Catalog.Tables
               where child.Oid == reference.Table
               from name in child.Columns
               where name.Number == reference.Columns[0]
               where Statistics.TryGetValue(child.Oid, out var known) && known.ContainsKey(name.Name)
               let statistics = Statistics[child.Oid][name.Name]
               from value in statistics.CommonValues.Concat(statistics.Histogram)
               select value,
        ];
    }
}
