using System.Collections.Immutable;
using System.Text.RegularExpressions;
using AgentHost.Postgres;
using AgentHost.Postgres.Rows;
using AgentHost.Sql;
using AgentHost.Sql.Statements;
using Npgsql;

namespace AgentHost.Skills.ReviewMigration;

/// <summary>The rows that a migration is run on: in the tables that it speaks of, and such that they do not stand in its way.</summary>
internal static partial class ProofRows
{
    /// <summary>How many refused tables are named.</summary>
    private const int NamedTables = 3;

    /// <summary>What the rows of a migration must be like.</summary>
    public static RowOptions Options(MigrationReplay replay) => new()
    {
        // Code that nobody could read may reach any table.
        Mentioned = replay.Statements.Any(context => !context.Unseen.IsEmpty) ? null : [.. Word().Matches(replay.Script.Text).Select(word => word.Value.Trim('"')).Distinct(StringComparer.OrdinalIgnoreCase)],
        Checks = [.. replay.Statements.SelectMany(Checks)],
        References = [.. replay.Statements.SelectMany(References)],
        Casts = [.. Changes<AlterColumnType>(replay).Select(change => new ExpectedCast(change.Table, change.Action.Column, change.Action.Type.ToString()))],
    };

    /// <summary>What to say of tables that stayed empty; null where none did.</summary>
    public static string? Note(ImmutableArray<FilledTable> filled)
    {
        var empty = filled.Where(table => table.Refusal is not null).ToList();
        if (empty.Count == 0)
            return null;
        string names = string.Join(", ", empty.Take(NamedTables).Select(table => RelationNames.Shown(table.Table))) + (empty.Count > NamedTables ? ", …" : "");
        return $"Without rows in the proof: {names} ({empty[0].Refusal!.TrimEnd('.')}).";
    }

    /// <summary>
    /// Whether an error is about the rows that were made up: values that do not fit, rows that are twice or lead nowhere, code that looked at
    /// them and raised. What a new column holds comes from the migration itself.
    /// </summary>
    public static bool IsAboutRows(StatementContext statement, string sqlState) =>
        sqlState.StartsWith("22", StringComparison.Ordinal) || sqlState.StartsWith("P0", StringComparison.Ordinal) || sqlState == PostgresErrorCodes.CardinalityViolation
        || (sqlState.StartsWith("23", StringComparison.Ordinal) && statement.Statement is not AlterTable { Actions: [AddColumn, ..] });

    private static IEnumerable<ExpectedCheck> Checks(StatementContext context) => context.Statement switch
    {
        AlterTable { Kind: ObjectKind.Table } alter => alter.Actions.SelectMany(action => Checks(context, alter, action)),
        AlterDomain { Constraint.Check: { } check } alter => context.Schema.ColumnsOfType(alter.Domain).Select(user =>
            new ExpectedCheck(user.Table.Name, Value().Replace(check.Text, SqlIdentifier.Quote(user.Column.Name).Replace("$", "$$", StringComparison.Ordinal)))),
        _ => [],
    };

    private static IEnumerable<ExpectedCheck> Checks(StatementContext context, AlterTable alter, AlterAction action)
    {
        switch (action)
        {
            case AddConstraint { Constraint.Check: { } check }:
                yield return new(alter.Table, check.Text);
                break;
            case AttachPartition { Bound: { } bound, Partition: var partition } when context.Schema.Table(alter.Table)?.PartitionKey is [{ } key] && Condition(SqlIdentifier.Quote(key), bound) is { Length: > 0 } within:
                yield return new(partition, within);
                break;
            case AlterColumnType change when Labels(context, change.Type.Name) is { } labels:
                yield return new(alter.Table, $"{SqlIdentifier.Quote(change.Column)}::text in ({string.Join(", ", labels.Select(Literal))})");
                break;
        }
    }

    private static ImmutableArray<string>? Labels(StatementContext context, QualifiedName type) =>
        context.Replay.Statements.Select(earlier => earlier.Statement).OfType<CreateEnum>().FirstOrDefault(made => made.Name.Name == type.Name)?.Values;

    private static string Condition(string key, PartitionBound bound) => string.Join(" and ", new[]
    {
        bound.Values.IsEmpty ? null : $"{key} in ({string.Join(", ", bound.Values.OfType<string>().Select(Literal))})",
        bound.Lower is [{ } low] ? $"{key} >= {Literal(low)}" : null,
        bound.Upper is [{ } high] ? $"{key} < {Literal(high)}" : null,
    }.OfType<string>());

    private static IEnumerable<ExpectedReference> References(StatementContext context) => context.Statement is AlterTable alter
        ? alter.Actions.OfType<AddConstraint>().Where(add => add.Constraint.References is not null)
            .Select(add => new ExpectedReference(alter.Table, add.Constraint.Columns, add.Constraint.References!, add.Constraint.ReferencedColumns))
        : [];

    private static IEnumerable<(QualifiedName Table, TAction Action)> Changes<TAction>(MigrationReplay replay) where TAction : AlterAction =>
        replay.Statements.Select(context => context.Statement).OfType<AlterTable>().SelectMany(alter => alter.Actions.OfType<TAction>().Select(action => (alter.Table, action)));

    private static string Literal(string value) => $"'{value.Replace("'", "''", StringComparison.Ordinal)}'";

    [GeneratedRegex(@"""[^""]+""|[\p{L}_][\p{L}\p{N}_$]*", RegexOptions.NonBacktracking)]
    private static partial Regex Word();

    [GeneratedRegex(@"\bvalue\b", RegexOptions.IgnoreCase | RegexOptions.NonBacktracking)]
    private static partial Regex Value();
}
