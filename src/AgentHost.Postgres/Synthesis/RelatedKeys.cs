using System.Globalization;
using AgentHost.Postgres.Rows;

namespace AgentHost.Postgres.Synthesis;

/// <summary>
/// A column that a table repeats from the parent that it references: the tenant of a task is the tenant of its project. Statistics of single columns do not
/// tell, but a query for both finds all rows of the project, and with independent values none.
/// </summary>
/// <param name="Reference">The reference to the parent.</param>
/// <param name="Key">The referencing column.</param>
/// <param name="Repeated">The column that is repeated.</param>
/// <param name="Parent">The parent.</param>
/// <param name="Source">The parent's column of that name.</param>
internal sealed record RelatedKeys(RowReference Reference, RowColumn Key, RowColumn Repeated, RowTable Parent, RowColumn Source)
{
    /// <summary>The repeated columns of a table: of the same name and type as in the parent, and references in both or named as such.</summary>
    public static IEnumerable<RelatedKeys> Of(FillPlan plan, RowTable table)
    {
        foreach (var reference in plan.Catalog.References.Where(reference => reference.Table == table.Oid && reference.Columns.Length == 1 && reference.Parent != table.Oid))
        {
            var parent = plan.Catalog.Tables.FirstOrDefault(candidate => candidate.Oid == reference.Parent);
            var key = table.Columns.FirstOrDefault(column => column.Number == reference.Columns[0]);
            if (parent is null || key is null || plan.IsUnique(table, key))
                continue;
            foreach (var repeated in table.Columns.Where(column => column != key && !plan.IsUnique(table, column)))
            {
                if (parent.Column(repeated.Name) is { } source && source.Type == repeated.Type && !plan.IsUnique(parent, source)
                    && (repeated.Name.EndsWith("_id", StringComparison.Ordinal) || (LeadsTo(plan, table, repeated) is { } one && one == LeadsTo(plan, parent, source))))
                {
                    yield return new RelatedKeys(reference, key, repeated, parent, source);
                }
            }
        }
    }

    /// <summary>The repeated column of the parent that a key belongs to.</summary>
    public string RepeatedOf(RowQuery query, string key, RowColumn parentKey)
    {
        var keys = RowQuery.ArrayOf($"select {parentKey.Sql} from {Parent.Sql} order by {parentKey.Sql}");
        var values = RowQuery.ArrayOf($"select {Source.Sql} from {Parent.Sql} order by {parentKey.Sql}");
        return $"({values})[width_bucket({query.Let(key)}, {keys})]";
    }

    /// <summary>One of the keys that belong to a value of the repeated column; where there is none, another.</summary>
    public string KeyOf(RowQuery query, string repeated, RowColumn parentKey, string name, string otherwise)
    {
        var grouped = $"from {Parent.Sql} where {Source.Sql} is not null group by {Source.Sql} order by {Source.Sql}";
        var values = RowQuery.ArrayOf($"select {Source.Sql} {grouped}");
        var counts = RowQuery.ArrayOf($"select count(*) {grouped}");
        var starts = RowQuery.ArrayOf($"select (sum(count(*)) over (order by {Source.Sql}) - count(*))::int8 {grouped}");
        var keys = RowQuery.ArrayOf($"select {parentKey.Sql} from {Parent.Sql} where {Source.Sql} is not null order by {Source.Sql}, {parentKey.Sql}");
        var value = query.Let(repeated);
        var group = query.Let($"width_bucket({value}, {values})");
        var chance = Place.Chance(query, name);
        return $"(case when ({values})[{group}] = {value} then ({keys})[(1 + ({starts})[{group}] + floor({chance} * ({counts})[{group}]))::int] else {otherwise} end)";
    }

    private static (uint, string)? LeadsTo(FillPlan plan, RowTable table, RowColumn column) =>
        plan.Catalog.References.FirstOrDefault(reference => reference.Table == table.Oid && reference.Columns is [var own] && own == column.Number) is { } reference
            ? (reference.Parent, string.Join(',', reference.ParentColumns.Select(number => number.ToString(CultureInfo.InvariantCulture)))) : null;
}
