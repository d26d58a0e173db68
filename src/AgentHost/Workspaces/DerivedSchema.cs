using AgentHost.Postgres;
using AgentHost.Postgres.Catalog;
using AgentHost.Postgres.Twins;
using AgentHost.Skills;

namespace AgentHost.Workspaces;

/// <summary>A database that nobody can reach: its schema as SQL, and how many rows its tables are said to have.</summary>
internal static class DerivedSchema
{
    /// <summary>The snapshot that follows from them.</summary>
    /// <param name="scripts">The schema, in order.</param>
    /// <param name="rows">Row counts as <c>orders=5M</c>, several in one separated by commas.</param>
    /// <param name="cancellation">Ends it.</param>
    /// <exception cref="SkillInputException">A row count does not read, or names no table.</exception>
    public static async Task<CatalogSnapshot> ReadAsync(IEnumerable<NamedText> scripts, IEnumerable<string> rows, CancellationToken cancellation)
    {
        try
        {
            var counts = rows.SelectMany(given => given.Split(',', StringSplitOptions.RemoveEmptyEntries)).Select(RowCounts.Parse).GroupBy(r => r.Table, StringComparer.Ordinal)
                .ToDictionary(g => g.Key, g => g.Last().Rows, StringComparer.Ordinal);
            await using var server = await PrivateServer.ConnectAsync(cancellation);
            return await DerivedSnapshot.MakeAsync(server, string.Join(";\n", scripts.Select(script => script.Text)), counts, cancellation);
        }
        catch (Exception unusable) when (unusable is FormatException or KeyNotFoundException)
        {
            throw new SkillInputException($"rows: {unusable.Message}", unusable);
        }
    }
}
