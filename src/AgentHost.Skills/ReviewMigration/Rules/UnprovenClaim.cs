using System.Collections.Immutable;
using AgentHost.Postgres;
using AgentHost.Sql;

namespace AgentHost.Skills.ReviewMigration.Rules;

/// <summary>What a rule claims of a statement and a run of it did not show.</summary>
internal sealed class UnprovenClaim : MigrationRule
{
    /// <inheritdoc />
    public override string Id => "unproven-claim";

    /// <inheritdoc />
    public override string Title => "The run on a scratch database does not show what a rule claims";

    /// <inheritdoc />
    public override string Manual => "PostgreSQL manual, 13.3.1 Table-Level Locks";

    /// <inheritdoc />
    protected override ImmutableArray<Type> Concerns => [];

    /// <summary>
    /// Lays the claims of hazards beside what was seen. A claim that asks (a warning where a type is not known), one about code that runs only
    /// under a condition, and one about a statement that did not run to its end are not compared.
    /// </summary>
    /// <param name="replay">The migration.</param>
    /// <param name="observations">What was seen of each statement of the script.</param>
    /// <param name="claims">What the rules found.</param>
    public IEnumerable<Finding> Judge(MigrationReplay replay, ImmutableArray<StatementObservation> observations, IReadOnlyList<Finding> claims)
    {
        foreach (var (context, seen) in replay.ScriptStatements.Zip(observations))
        {
            var own = claims.Where(claim => claim.StatementIndex == context.ScriptIndex && claim is { IsAdvice: false, Severity: Severity.Error, Relation: not null }).ToList();
            if (own.Count == 0 || seen.Error is not null || replay.Statements.Any(part => part.ScriptIndex == context.ScriptIndex && part.Circumstances.Branch is not null))
                continue;
            foreach (var claim in own)
            {
                if (Contradiction(context, claim, seen, claims) is { } words)
                {
                    yield return Report(context, claim.Span, Severity.Warning, null, $"{claim.Rule} claims {words}. Believe the run, and read the statement again with it.") with
                    {
                        Relation = claim.Relation,
                        Rewrites = !seen.RewrittenRelations.IsEmpty,
                        Scans = !seen.ScannedRelations.IsEmpty,
                        Evidence = ObservedEvidence.Of(seen),
                    };
                }
            }
        }
    }

    private static string? Contradiction(StatementContext context, Finding claim, StatementObservation seen, IReadOnlyList<Finding> claims)
    {
        string name = RelationNames.Shown(claim.Relation!);
        var same = claims.Where(other => other.StatementIndex == claim.StatementIndex).ToList();
        if (claim.Rewrites && seen.RewrittenRelations.IsEmpty)
            return $"that {name} is written anew; the run saw its file stay";
        if (seen.Tables.Any(table => table.Name == claim.Relation && table.IsRewritten) && !same.Exists(other => other.Rewrites))
            return $"nothing of {name} being written anew; the run saw that it is";
        if (claim.Scans && seen is { CountsScans: true, ScannedRelations.IsEmpty: true, RewrittenRelations.IsEmpty: true })
            return $"a scan of {name}; the run saw none";
        if (claim.Lock is not { } mode)
            return null;
        var held = seen.Locks.Where(held => held.Relation == claim.Relation!.ToString()).Select(held => held.Mode).DefaultIfEmpty(LockMode.None).Max();
        if (held < mode)
            return $"{mode.ToSql()} on {name}; the run saw {(held == LockMode.None ? "no lock there" : held.ToSql())}";
        // Another clause of the statement may take more.
        var most = same.Where(other => other.Relation == claim.Relation).Select(other => other.Lock ?? LockMode.None)
            .Concat(LockRequests.Of(context).Where(request => context.Schema.Resolve(request.Relation) == claim.Relation).Select(request => request.Mode)).Max();
        return held > most ? $"{mode.ToSql()} on {name}; the run saw {held.ToSql()}" : null;
    }
}
