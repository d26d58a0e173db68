using System.Collections.Immutable;
using AgentHost.Postgres.Rows;
using AgentHost.Sql;
using Npgsql;

namespace AgentHost.Postgres.Synthesis;

/// <summary>Rows that lead to a parent which is missing: in a circle, or because it was refused.</summary>
internal static class Orphans
{
    /// <summary>The most rounds: to remove a row may leave others without their parent.</summary>
    private const int Rounds = 20;

    /// <summary>Makes them lead nowhere where they may, and removes them where they may not.</summary>
    public static async Task RemoveAsync(NpgsqlConnection connection, FillPlan plan, ImmutableArray<FilledRelation>.Builder filled, CancellationToken ct)
    {
        var missing = plan.Tables.Zip(filled).Where(entry => entry.Second.Rows < entry.First.Rows).SelectMany(entry => Holders(plan, entry.First.Table)).ToHashSet();
        for (var round = 0; round < Rounds && missing.Count > 0; round++)
        {
            var next = new HashSet<uint>();
            foreach (var reference in plan.Catalog.References.Where(reference => missing.Contains(reference.Parent) || (round == 0 && missing.Contains(reference.Table))))
            {
                var index = plan.Tables.ToList().FindIndex(entry => entry.Table.Oid == reference.Table);
                if (index < 0 || plan.Catalog.Tables.FirstOrDefault(table => table.Oid == reference.Parent) is not { } parent)
                    continue;
                var table = plan.Tables[index].Table;
                var free = table.Columns.Where(column => reference.Columns.Contains(column.Number) && !column.IsNotNull).Select(column => $"{column.Sql} = null").FirstOrDefault();
                var delete = SyntheticRows.Orphans(table, parent, reference);
                try
                {
                    await using var command = new NpgsqlCommand(free is null ? delete : $"update {table.Sql} c set {free}{delete[delete.IndexOf(" where ", StringComparison.Ordinal)..]}", connection) { CommandTimeout = 0 };
                    var changed = await command.ExecuteNonQueryAsync(ct);
                    if (changed > 0 && free is null)
                    {
                        filled[index] = filled[index] with { Rows = filled[index].Rows - changed };
                        next.UnionWith(Holders(plan, table));
                    }
                }
                catch (PostgresException e) when (e.SqlState == PostgresErrorCodes.QueryCanceled)
                {
                    return; // the foreign key is not checked
                }
                catch (PostgresException e) when (e.SqlState is PostgresErrorCodes.CheckViolation or PostgresErrorCodes.UniqueViolation)
                {
                    continue; // a row that must lead somewhere, or two that differ by where they lead
                }
            }

            missing = next;
        }
    }

    /// <summary>A table and those that it is a partition of.</summary>
    private static IEnumerable<uint> Holders(FillPlan plan, RowTable table)
    {
        for (var at = table; at is not null; at = plan.Catalog.Tables.FirstOrDefault(candidate => candidate.Oid == at.Parent))
            yield return at.Oid;
    }
}
