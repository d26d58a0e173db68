using System.Collections.Immutable;
using AgentHost.Postgres.Reach;
using Npgsql;

namespace AgentHost.Postgres;

/// <summary>Tells which reads are not to be planned on a user's database: EXPLAIN evaluates IMMUTABLE and STABLE functions, and these may be declared so falsely.</summary>
public static class PlanningGate
{
    /// <summary>Why each statement must not be planned, or null where it may be; in their order.</summary>
    /// <param name="open">A connection in a transaction (<see cref="ReadOnlyTarget.InTransactionAsync{T}"/>).</param>
    /// <param name="statements">Single reads that parse.</param>
    /// <param name="ct">Cancels it.</param>
    public static Task<ImmutableArray<string?>> RefusalsAsync(NpgsqlConnection open, IReadOnlyList<string> statements, CancellationToken ct = default) =>
        ReachCatalog.InOwnPathAsync(
            open,
            async catalog =>
            {
                if (await StatementReach.FindAsync(catalog, statements, executes: false, ct) is null)
                    return [.. new string?[statements.Count]];
                var refusals = ImmutableArray.CreateBuilder<string?>(statements.Count);
                foreach (var statement in statements)
                    refusals.Add(await StatementReach.FindAsync(catalog, [statement], executes: false, ct) is { } reached ? StatementGate.PlanningRefusal(reached) : null);
                return refusals.MoveToImmutable();
            },
            ct);
}
