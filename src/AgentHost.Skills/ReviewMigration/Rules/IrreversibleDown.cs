using System.Collections.Immutable;
using AgentHost.Sql;
using AgentHost.Sql.Statements;

namespace AgentHost.Skills.ReviewMigration.Rules;

/// <summary>A file with an up section whose down section is missing or empty.</summary>
internal sealed class IrreversibleDown : MigrationRule
{
    /// <inheritdoc />
    public override string Id => "irreversible-down";

    /// <inheritdoc />
    public override string Title => "An up section without a down section cannot be taken back";

    /// <inheritdoc />
    public override string Manual => "PostgreSQL manual, the manual of the migration tool";

    /// <inheritdoc />
    public override bool IsAdvice => true;

    /// <inheritdoc />
    protected override ImmutableArray<Type> Concerns => [];

    /// <summary>One finding a file.</summary>
    public override IEnumerable<Finding> Judge(MigrationReplay replay)
    {
        if (replay.File.DownIsEmpty && replay.Statements.FirstOrDefault(context => context.Statement is not (SetVariable or TransactionControl)) is { } first)
        {
            int line = replay.File.DownLine ?? first.Statement.Span.Line;
            yield return Report(first, first.Statement.Span with { Line = line, Column = 1 }, Severity.Info, null,
                $"The down section is {(replay.File.DownLine is null ? "missing" : "empty")}: {replay.File.Runner} cannot take this migration back. Write it, or say in it why there is none.");
        }
    }
}
