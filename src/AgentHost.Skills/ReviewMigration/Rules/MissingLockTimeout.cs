using System.Collections.Immutable;
using AgentHost.Sql;

namespace AgentHost.Skills.ReviewMigration.Rules;

/// <summary>A lock that blocks traffic, asked for with no limit on how long to queue for it.</summary>
internal sealed class MissingLockTimeout : MigrationRule
{
    /// <inheritdoc />
    public override string Id => "missing-lock-timeout";

    /// <inheritdoc />
    public override string Title => "While a statement queues for a lock, every later query on the table queues behind it";

    /// <inheritdoc />
    public override string Manual => "PostgreSQL manual, 19.11 Client Connection Defaults, lock_timeout";

    /// <inheritdoc />
    public override bool IsAdvice => true;

    /// <inheritdoc />
    protected override ImmutableArray<Type> Concerns => [];

    /// <summary>One finding for each stretch of the file without a timeout: setting it once cures the whole stretch.</summary>
    public override IEnumerable<Finding> Judge(MigrationReplay replay)
    {
        Finding? open = null;
        int more = 0;
        foreach (var context in replay.Statements)
        {
            if (context.Settings.HasLockTimeout)
            {
                if (open is not null)
                    yield return Closed(open, more);
                (open, more) = (null, 0);
            }
            else if (Unbounded(context) is { } finding)
            {
                if (open is null)
                    open = finding;
                else
                    more++;
            }
        }

        if (open is not null)
            yield return Closed(open, more);
    }

    /// <summary>The finding about a statement that no lock_timeout bounds, or null.</summary>
    private Finding? Unbounded(StatementContext context)
    {
        if (context.Locks is not [{ } request, ..] || !request.Mode.BlocksWrites())
            return null;
        string local = context.Transaction.IsOpen ? "SET LOCAL" : "SET";
        return Report(context, context.Statement.Span, Severity.Warning, request.Relation,
            $"Asks for {request.Mode.ToSql()} on {Quote(request.Relation)} with no lock_timeout: behind one long query it waits, and everything else waits behind it.{Lost(context)}") with
        {
            Lock = request.Mode,
            Fix = new Fix("Give up after two seconds and retry", $"{local} lock_timeout = '2s';"),
        };
    }

    private static Finding Closed(Finding finding, int more) => more == 0
        ? finding
        : finding with { Message = $"{finding.Message} So {(more == 1 ? "does one statement" : $"do {more} statements")} more below." };

    /// <summary>Says so where the file did set a timeout that is no longer, or never was, in force.</summary>
    private static string Lost(StatementContext context)
    {
        var earlier = context.Replay.Statements.Take(context.Index)
            .LastOrDefault(statement => statement.Statement is Sql.Statements.SetVariable { Name: "lock_timeout", Value: not null });
        return earlier switch
        {
            null => "",
            { Statement: Sql.Statements.SetVariable { IsLocal: true }, Transaction.IsOpen: false } => $" The SET LOCAL in line {earlier.Statement.Span.Line} does nothing outside a transaction.",
            _ => $" The timeout of line {earlier.Statement.Span.Line} is not in force here any more.",
        };
    }
}
