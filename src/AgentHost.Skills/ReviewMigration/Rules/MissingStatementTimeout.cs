using System.Collections.Immutable;
using AgentHost.Sql;
using AgentHost.Sql.Statements;

namespace AgentHost.Skills.ReviewMigration.Rules;

/// <summary>A lock that blocks traffic, held by a statement with no limit on how long it runs.</summary>
internal sealed class MissingStatementTimeout : MigrationRule
{
    /// <inheritdoc />
    public override string Id => "missing-statement-timeout";

    /// <inheritdoc />
    public override string Title => "Without statement_timeout a migration that turns out slow holds its locks for as long as it takes";

    /// <inheritdoc />
    public override string Manual => "PostgreSQL manual, 19.11 Client Connection Defaults, statement_timeout";

    /// <inheritdoc />
    public override bool IsAdvice => true;

    /// <inheritdoc />
    protected override ImmutableArray<Type> Concerns => [];

    /// <summary>One finding a file: setting it once cures all.</summary>
    public override IEnumerable<Finding> Judge(MigrationReplay replay)
    {
        if (replay.Statements.FirstOrDefault(statement => !statement.Settings.HasStatementTimeout && statement.Locks is [{ } strongest, ..] && strongest.Mode.BlocksWrites()) is not { } context)
            yield break;
        var request = context.Locks[0];
        string local = context.Transaction.IsOpen ? "SET LOCAL" : "SET";
        yield return Report(context, context.Statement.Span, Severity.Info, request.Relation,
            $"Holds {request.Mode.ToSql()} on {Quote(request.Relation)} with no statement_timeout: if it turns out slow, nothing stops it.") with
        {
            Fix = new Fix("Give up after half a minute", $"{local} statement_timeout = '30s';"),
        };
    }
}
