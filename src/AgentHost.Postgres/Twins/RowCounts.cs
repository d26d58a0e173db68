using System.Collections.Immutable;
using System.Globalization;
using AgentHost.Sql;

namespace AgentHost.Postgres.Twins;

/// <summary>How many rows tables are said to have: <c>orders=5M</c>, <c>billing.invoices=120k</c>.</summary>
public static class RowCounts
{
    /// <summary>Reads one such statement.</summary>
    /// <exception cref="FormatException">It is none; the message says what it should look like.</exception>
    public static (string Table, double Rows) Parse(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        var (table, number) = text.Split('=') is [var left, var right] ? (left.Trim(), right.Trim()) : ("", "");
        var factor = number.Length > 0 ? char.ToLowerInvariant(number[^1]) switch { 'k' => 1e3, 'm' => 1e6, 'b' or 'g' => 1e9, _ => 1.0 } : 1.0;
        return table.Length > 0 && double.TryParse(factor > 1 ? number[..^1] : number, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var rows) && rows * factor <= 1e12
            ? (table, Math.Floor(rows * factor))
            : throw new FormatException($"'{text}' does not say how many rows a table has. Write for example orders=5M (k, M and G stand for thousands, millions and billions; at most 1,000 G).");
    }

    /// <summary>
    /// The rows of every table: as given; else ten for each row of a table that it refers to, a tenth of one that refers to it, or 10,000 where nothing is known.
    /// </summary>
    /// <param name="tables">All tables, as <c>schema.name</c>.</param>
    /// <param name="references">Which refers to which.</param>
    /// <param name="given">What is known, by name with or without schema.</param>
    /// <returns>The rows by table, and the tables whose rows were assumed.</returns>
    /// <exception cref="KeyNotFoundException">A given name is no table, or stands for several; the message names what there is.</exception>
    internal static (Dictionary<string, double> Rows, ImmutableArray<string> Assumed) Complete(
        IReadOnlyList<string> tables, IReadOnlyList<(string Child, string Parent)> references, IReadOnlyDictionary<string, double> given)
    {
        const double Unknown = 10_000, ChildrenEach = 10;
        var rows = new Dictionary<string, double>(StringComparer.Ordinal);
        foreach (var (name, count) in given)
        {
            var meant = tables.Where(t => t == name || t.EndsWith("." + name, StringComparison.Ordinal)).ToList();
            rows[meant is [var one] ? one : throw new KeyNotFoundException(meant.Count == 0
                ? $"The schema has no table '{name}'. It has: {string.Join(", ", tables.Take(20))}{(tables.Count > 20 ? ", …" : "")}."
                : $"'{name}' may be any of {string.Join(", ", meant)}. Name its schema.")] = count;
        }

        var assumed = new List<string>();
        while (tables.FirstOrDefault(t => !rows.ContainsKey(t)) is not null)
        {
            var next = tables.Where(t => !rows.ContainsKey(t)).Select(t => (Table: t, Rows: Guess(t))).FirstOrDefault(t => t.Rows is not null);
            var (table, count) = next.Table is null ? (tables.First(t => !rows.ContainsKey(t)), Unknown) : (next.Table, next.Rows!.Value);
            rows[table] = count;
            assumed.Add(table);
        }

        return (rows, [.. assumed.Order(StringComparer.Ordinal)]);

        double? Guess(string table)
        {
            var children = references.Where(r => r.Parent == table && r.Child != table && rows.ContainsKey(r.Child)).Select(r => rows[r.Child] / ChildrenEach).ToList();
            var parents = references.Where(r => r.Child == table && r.Parent != table && rows.ContainsKey(r.Parent)).Select(r => rows[r.Parent] * ChildrenEach).ToList();
            return children.Count > 0 ? Math.Max(1, Math.Floor(children.Max())) : parents.Count > 0 ? parents.Max() : null;
        }
    }
}
