using System.Collections.Immutable;
using AgentHost.Postgres;
using AgentHost.Sql;
using AgentHost.Sql.Statements;

namespace AgentHost.Skills.ReviewMigration.Rules;

/// <summary>What a run saw a statement do to tables that others use, and no other rule has told.</summary>
internal sealed class ObservedHazard : MigrationRule
{
    /// <inheritdoc />
    public override string Id => "observed-hazard";

    /// <inheritdoc />
    public override string Title => "The run on a scratch database shows a hazard that the text does not";

    /// <inheritdoc />
    public override string Manual => "PostgreSQL manual, 13.3.1 Table-Level Locks";

    /// <summary>Judges what was seen beside what was found before.</summary>
    public IEnumerable<Finding> Judge(MigrationReplay replay, ImmutableArray<StatementObservation> observations, IReadOnlyList<Finding> claims)
    {
        var held = new List<(int Line, ObservedTable Table)>();
        int transaction = -1;
        foreach (var (context, seen) in replay.ScriptStatements.Zip(observations))
        {
            if (!context.Transaction.IsOpen || context.Transaction.Number != transaction)
                held.Clear();
            transaction = context.Transaction.Number;
            var hazards = claims.Where(claim => claim.StatementIndex == context.ScriptIndex && !claim.IsAdvice).ToList();
            var tables = seen.Error is null ? seen.Tables.Where(table => !RunnerTables.Has(table.Name)).ToList() : [];
            foreach (var finding in Gone(context, seen, tables, hazards).Concat(Heavy(context, seen, tables, hazards)))
                yield return finding;
            if (Held(context, seen, tables, held, hazards) is { } late)
                yield return late;
            if (Brief(context, seen, tables, claims) is { } brief)
                yield return brief;
            held.AddRange(tables.Where(StopsOthers).Select(table => (context.Statement.Span.Line, table)));
        }
    }

    /// <inheritdoc />
    /// <remarks>Without a run there is nothing to see.</remarks>
    protected override ImmutableArray<Type> Concerns => [];

    private IEnumerable<Finding> Gone(StatementContext context, StatementObservation seen, List<ObservedTable> tables, List<Finding> hazards)
    {
        var gone = tables.Where(table => table.IsDropped && !hazards.Exists(hazard => hazard.Relation == table.Name)).ToList();
        if (gone.Count > 0 && !hazards.Exists(hazard => hazard.Relation is null))
            yield return Seen(context, seen, Severity.Error, gone, $"{Names(gone)} {(gone.Count == 1 ? "is" : "are")} gone behind it, with all rows; code that still names {(gone.Count == 1 ? "it" : "them")} fails.");
    }

    /// <summary>Work on a whole table under a lock that makes others wait.</summary>
    private IEnumerable<Finding> Heavy(StatementContext context, StatementObservation seen, List<ObservedTable> tables, List<Finding> hazards)
    {
        var heavy = tables.Where(table => !table.IsDropped && StopsOthers(table) && IsWorkedOn(table)).ToList();
        if (heavy.Count == 0 || hazards.Exists(hazard => hazard.Rewrites || hazard.Scans))
            yield break;
        var strongest = heavy.Max(table => table.Lock);
        // A constraint of a domain has to be validated some time, and PostgreSQL has no weaker lock for it.
        var severity = context.Statement is AlterDomain { Action: DomainAction.ValidateConstraint } ? Severity.Info : Severity.Error;
        yield return Seen(context, seen, severity, heavy,
            $"{Worked(heavy)} under {strongest.ToSql()}: {(strongest.BlocksReads() ? "no one can read or write" : "no one can write")} {(heavy.Count == 1 ? "it" : "them")} meanwhile.");
    }

    /// <summary>Work on a whole table while an earlier statement's lock is kept by the transaction.</summary>
    private Finding? Held(StatementContext context, StatementObservation seen, List<ObservedTable> tables, List<(int Line, ObservedTable Table)> held, List<Finding> hazards)
    {
        // How a query with a condition reads an empty table says nothing about a full one.
        if (context.Statement is RowStatement { HasWhere: true } or RowStatement { Verb: RowVerb.Select })
            return null;
        var worked = tables.Where(table => !table.IsDropped && IsWorkedOn(table)).ToList();
        if (worked.Count == 0 || held.Count == 0 || hazards.Count > 0 || worked.Exists(table => table.Lock.BlocksWrites()))
            return null;
        var (line, kept) = held.MaxBy(earlier => earlier.Table.Lock);
        return Seen(context, seen, Severity.Error, worked,
            $"{Worked(worked)} while the transaction still holds {kept.Lock.ToSql()} on {RelationNames.Shown(kept.Name)} from line {line}: "
            + $"{(kept.Lock.BlocksReads() ? "no one can read or write it" : "no one can write it")} until COMMIT. Do the work in a transaction of its own.");
    }

    /// <summary>A lock that stops others, held briefly: a hazard where the wait for it has no end, or where unseen code took it.</summary>
    private Finding? Brief(StatementContext context, StatementObservation seen, List<ObservedTable> tables, IReadOnlyList<Finding> claims)
    {
        var locked = tables.Where(table => !table.IsDropped && StopsOthers(table)).ToList();
        bool isUnseen = UnreviewedCode.CodeIn(context) is not null;
        if (locked.Count == 0 || locked.Exists(IsWorkedOn) || tables.Exists(table => table.IsDropped)
            || claims.Any(claim => claim.StatementIndex == context.ScriptIndex)
            || (!isUnseen && (context.Settings.HasLockTimeout || AsksForLocks(context))))
            return null;
        var strongest = locked.Max(table => table.Lock);
        return Seen(context, seen, Severity.Warning, locked,
            $"Takes {strongest.ToSql()} on {Names(locked)}{(context.Settings.HasLockTimeout ? "" : " with no lock_timeout: behind one long query it waits, and everything else waits behind it")}."
            + (isUnseen ? " The code was run on made-up rows; read what it changes." : ""));
    }

    /// <summary>Whether the statement, or one in its code, asks for a lock that a rule knows of.</summary>
    private static bool AsksForLocks(StatementContext context) =>
        context.Replay.Statements.Skip(context.Index).TakeWhile(part => part.ScriptIndex == context.ScriptIndex).Any(part => !part.Locks.IsEmpty);

    private Finding Seen(StatementContext context, StatementObservation seen, Severity severity, List<ObservedTable> tables, string message) =>
        Report(context, context.Statement.Span, severity, null, message) with
        {
            Relation = tables.Count == 1 ? tables[0].Name : null,
            Lock = tables.Max(table => table.Lock) is var mode and not LockMode.None ? mode : null,
            Rewrites = tables.Exists(IsRewritten),
            Scans = tables.Exists(table => table.IsScanned),
            Evidence = ObservedEvidence.Of(seen),
        };

    private static bool StopsOthers(ObservedTable table) => table.IsMaterializedView ? table.Lock.BlocksReads() : table.Lock.BlocksWrites();

    private static bool IsWorkedOn(ObservedTable table) => IsRewritten(table) || table.IsScanned;

    private static bool IsRewritten(ObservedTable table) => table.IsRewritten || !table.RewrittenIndexes.IsEmpty;

    private static string Worked(List<ObservedTable> tables) =>
        $"{(tables.Exists(table => table.IsRewritten) ? "Writes all of" : tables.Exists(IsRewritten) ? "Builds the indexes of" : "Reads all of")} {Names(tables)}{(tables.Exists(table => table.IsRewritten) ? " anew" : "")}";

    private static string Names(List<ObservedTable> tables) => string.Join(", ", tables.Select(table => RelationNames.Shown(table.Name)));
}
