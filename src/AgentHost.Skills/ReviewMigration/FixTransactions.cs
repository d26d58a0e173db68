using AgentHost.Sql;
using AgentHost.Sql.Statements;

namespace AgentHost.Skills.ReviewMigration;

/// <summary>Says where a fix must go that is no better, or fails, inside the transaction in which the statement stood.</summary>
internal static class FixTransactions
{
    /// <summary>The finding with its fix titled, and led by the runner's directive where the runner is known.</summary>
    public static Finding Apart(Finding finding, MigrationReplay replay)
    {
        if (finding is not { Fix: { } fix, StatementIndex: >= 0 } || Transaction(finding, replay) is not { IsOpen: true, OpenedBy: var opener })
            return finding;
        var script = PartialScript.Parse(fix.Sql).Script;
        bool refuses = script.Statements.Any(statement => NonTransactional.Describe(statement) is not null);
        if (!refuses && !Validates(script))
            return finding;
        string? directive = opener switch
        {
            "goose" => "-- +goose NO TRANSACTION\n-- +goose Up\n",
            "dbmate" => "-- migrate:up transaction:false\n",
            _ => null,
        };
        string where = (directive, opener, refuses) switch
        {
            (not null, _, _) => $"in a file of its own, which {opener} then does not wrap",
            (_, "the DO block" or "CALL", _) => "as statements of the migration, outside the code",
            (_, "BEGIN", _) => "outside BEGIN … COMMIT",
            (_, _, true) => "in a file that the runner does not wrap",
            _ => "in two migrations: in one transaction it is no better",
        };
        return finding with { Fix = fix with { Title = $"{fix.Title}, {where}", Sql = directive + fix.Sql } };
    }

    /// <summary>The transaction of the statement that a finding is about.</summary>
    private static TransactionState? Transaction(Finding finding, MigrationReplay replay) =>
        replay.Statements.Where(context => context.ScriptIndex == finding.StatementIndex).LastOrDefault(context => context.Statement.Span.Start <= finding.Span.Start)?.Transaction;

    /// <summary>Whether a constraint is added as NOT VALID and validated, which needs two transactions.</summary>
    private static bool Validates(Script script)
    {
        var actions = script.Statements.OfType<AlterTable>().SelectMany(alter => alter.Actions).ToList();
        var domains = script.Statements.OfType<AlterDomain>().ToList();
        return (actions.Exists(action => action is AddConstraint { Constraint.NotValid: true }) && actions.Exists(action => action is ValidateConstraint))
            || (domains.Exists(domain => domain.Action == DomainAction.AddConstraint) && domains.Exists(domain => domain.Action == DomainAction.ValidateConstraint));
    }
}
