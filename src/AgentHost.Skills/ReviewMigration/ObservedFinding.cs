using AgentHost.Postgres;
using AgentHost.Sql;

namespace AgentHost.Skills.ReviewMigration;

/// <summary>A rule's finding after its statement was run.</summary>
internal static class ObservedFinding
{
    /// <summary>
    /// The finding with what was seen in place of what is only stated; its lock, rewrites and scans follow what was seen. Advice that is about no lock stays as it is.
    /// </summary>
    public static Finding Of(Finding finding, StatementObservation seen)
    {
        if (finding is { IsAdvice: true, Lock: null } || ObservedEvidence.Of(seen) is not { IsEmpty: false } evidence)
            return finding;
        if (seen.Error is not null)
            return finding with { Evidence = evidence };
        return finding with
        {
            Evidence = evidence,
            Lock = finding.Lock is { } claimed ? Lock(finding, seen, claimed) : null,
            Rewrites = evidence.OfType<RewriteObserved>().Any(),
            // A run outside of a transaction is over before its scans can be counted.
            Scans = evidence.OfType<ScanObserved>().Any() || (finding.Scans && seen.ScannedRelations.IsEmpty),
        };
    }

    /// <summary>The strongest lock that was seen on the finding's relation.</summary>
    private static LockMode Lock(Finding finding, StatementObservation seen, LockMode claimed) =>
        seen.Locks.Where(held => held.Relation == finding.Relation?.ToString()).Select(held => (LockMode?)held.Mode).Max() ?? claimed;
}
