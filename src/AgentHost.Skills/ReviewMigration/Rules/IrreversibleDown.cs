using System.Collections.Immutable;
using AgentHost.Sql;
using AgentHost.Sql.Statements;

namespace AgentHost.Skills.ReviewMigration.Rules;

/// <summary>A migration that nothing takes back, or that its down migration does not take back.</summary>
internal sealed class IrreversibleDown : MigrationRule
{
    /// <summary>How many names a message holds.</summary>
    private const int Named = 4;

    /// <inheritdoc />
    public override string Id => "irreversible-down";

    /// <inheritdoc />
    public override string Title => "A migration without a down migration that undoes it cannot be taken back";

    /// <inheritdoc />
    public override string Manual => "PostgreSQL manual, the manual of the migration tool";

    /// <inheritdoc />
    public override bool IsAdvice => true;

    /// <inheritdoc />
    protected override ImmutableArray<Type> Concerns => [];

    /// <inheritdoc />
    /// <remarks>One finding a file: the first thing that is wrong.</remarks>
    public override IEnumerable<Finding> Judge(MigrationReplay replay)
    {
        if ((replay.File.Down ?? (object?)(replay.File.DownIsEmpty || replay.File.LacksDown ? replay : null)) is null || First(replay) is not { } first)
            yield break;
        int line = replay.File.DownLine ?? first.Statement.Span.Line;
        if (Missing(replay) is { } words)
            yield return Report(first, first.Statement.Span with { Line = line, Column = 1 }, Severity.Info, null, words);
    }

    /// <summary>What a run up, down and up again showed.</summary>
    public Finding? Judge(MigrationReplay replay, DownOutcome outcome)
    {
        if (replay.File.Down is not { } down || First(replay) is not { } first)
            return null;
        string words = outcome switch
        {
            { Step: DownStep.Down, Error: { } error } => $"PostgreSQL refuses {down.Called} behind this migration, line {outcome.Line}: {error} (SQLSTATE {outcome.SqlState}). It cannot be taken back.",
            { Error: { } error } => $"Behind {down.Called} this migration does not run again, line {outcome.Line}: {error} (SQLSTATE {outcome.SqlState}).",
            { Step: DownStep.UpAgain, Difference: { } again } => $"Run again behind {down.Called}, this migration ends in another catalog than the first time: {again.Summary()}.",
            { Difference.IsOrderOnly: true } => $"Behind {down.Called} the catalog is as before, but for the order of columns: code that relies on SELECT * or on INSERT without column names differs.",
            _ => $"Behind {down.Called} the catalog is not what it was before this migration: {outcome.Difference!.Summary()}.",
        };
        bool isSame = outcome.Difference is { IsOrderOnly: true };
        int line = down.IsSection ? outcome is { Step: DownStep.Down, Line: > 0 } ? outcome.Line : replay.File.DownLine ?? 1 : first.Statement.Span.Line;
        return Report(first, first.Statement.Span with { Line = line, Column = 1 }, isSame ? Severity.Info : Severity.Warning, null, words) with
        {
            Evidence = outcome is { SqlState: { } state, Error: { } message }
                ? [new ErrorObserved(state, message)]
                : [new CatalogObserved(outcome.Step == DownStep.Down ? "down" : "up again", outcome.Difference!.Lost, outcome.Difference.Added)],
        };
    }

    private static StatementContext? First(MigrationReplay replay) => replay.Statements.FirstOrDefault(context => context.Statement is not (SetVariable or TransactionControl));

    private static string? Missing(MigrationReplay replay)
    {
        var file = replay.File;
        return file switch
        {
            { DownIsEmpty: true } => $"The down section is {(file.DownLine is null ? "missing" : "empty")}: {file.Runner} cannot take this migration back. Write it, or say in it why there is none.",
            { Down: null } => "Other migrations here have a down file, this one has none: it cannot be taken back. Write it, or an empty one that says why.",
            { Down: { Refused: { } reason } down } => $"PostgreSQL cannot read {down.Called}: {reason.TrimEnd('.')}. It cannot take this migration back.",
            { Down: { IsEmpty: true } down } => $"There is no statement in {down.Called}: it takes nothing back.",
            { Down: { Script: { } script } down } => NotUndone(replay, down, script) ?? Lost(replay, down),
            _ => null,
        };
    }

    /// <summary>Tables and columns that the down migration leaves behind, or does not bring back.</summary>
    private static string? NotUndone(MigrationReplay replay, MigrationDown down, Script script)
    {
        if (script.Statements.Concat(replay.Script.Statements).Any(statement => statement is DoBlock or Call or RowStatement { Verb: RowVerb.Select }) || !replay.Unread.IsEmpty)
            return null; // what code does is for a run to say
        var before = Names(replay.Statements[0].Schema);
        var undone = replay.After.Apply(script);
        var after = Names(undone);
        // What this migration did not leave was there before it, known or not.
        var left = after.Except(before, StringComparer.Ordinal).Intersect(Names(replay.After), StringComparer.Ordinal).ToList();
        var vague = undone.Tables.Where(table => !table.ColumnsAreKnown).Select(table => RelationNames.Shown(table.Name) + ".").ToList();
        var gone = before.Except(after, StringComparer.Ordinal).Where(name => !vague.Exists(table => name.StartsWith(table, StringComparison.Ordinal))).ToList();
        return (left.Count, gone.Count) switch
        {
            (0, 0) => null,
            ( > 0, 0) => $"Behind {down.Called} there is still {Few(left)}: it does not undo this migration.",
            _ => $"{char.ToUpperInvariant(down.Called[0])}{down.Called[1..]} does not bring {Few(gone)} back: it does not undo this migration.",
        };
    }

    /// <summary>What comes back without the values that it had.</summary>
    private static string? Lost(MigrationReplay replay, MigrationDown down)
    {
        var lost = replay.Statements.SelectMany(context => context.Statement switch
        {
            DropObjects { Kind: ObjectKind.Table } drop => drop.Names.Where(context.IsExisting).Select(name => RelationNames.Shown(context.Schema.Resolve(name))),
            Truncate truncate => truncate.Tables.Where(context.IsExisting).Select(name => RelationNames.Shown(context.Schema.Resolve(name))),
            AlterTable { Kind: ObjectKind.Table } alter => alter.Actions.OfType<DropColumn>().Where(column => context.IsExisting(alter.Table, column.Column))
                .Select(column => $"{RelationNames.Shown(context.Schema.Resolve(alter.Table))}.{SqlIdentifier.Quote(column.Column)}"),
            _ => [],
        }).Distinct(StringComparer.Ordinal).ToList();
        return lost.Count == 0 ? null : $"{char.ToUpperInvariant(down.Called[0])}{down.Called[1..]} brings {Few(lost)} back empty: the data do not come back. Keep them elsewhere until this migration is settled.";
    }

    private static List<string> Names(SchemaModel schema) =>
        [.. schema.Tables.Where(table => !table.IsTemporary).SelectMany(table => table.Columns.Select(column => $"{RelationNames.Shown(table.Name)}.{SqlIdentifier.Quote(column.Name)}").Prepend(RelationNames.Shown(table.Name)))];

    private static string Few(List<string> names)
    {
        // A table stands for its columns.
        var shown = names.Where(name => !names.Exists(other => name.StartsWith(other + ".", StringComparison.Ordinal))).ToList();
        return string.Join(", ", shown.Take(Named)) + (shown.Count > Named ? $" and {shown.Count - Named} more" : "");
    }
}
