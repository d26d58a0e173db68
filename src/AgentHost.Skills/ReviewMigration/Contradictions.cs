using System.Collections.Immutable;
using AgentHost.Sql;
using AgentHost.Sql.Statements;

namespace AgentHost.Skills.ReviewMigration;

/// <summary>
/// What PostgreSQL refuses because the schema says otherwise: columns that are not there or there already, keys without an index that could serve them,
/// conversions that nobody defined. Said only where the schema is known and everything before was read.
/// </summary>
internal static class Contradictions
{
    private static readonly ImmutableHashSet<string> SystemColumns = ["ctid", "xmin", "xmax", "cmin", "cmax", "tableoid"];

    /// <summary>The refusals of a statement, with the clause that each is about.</summary>
    public static IEnumerable<(SourceSpan Span, QualifiedName Relation, string Message)> Find(StatementContext context) =>
        context.IsInside ? [] : Of(context).TakeWhile(_ => IsEverythingRead(context));

    private static IEnumerable<(SourceSpan Span, QualifiedName Relation, string Message)> Of(StatementContext context) =>
        context.Statement switch
        {
            AlterTable { Kind: ObjectKind.Table } alter when Known(context, alter.Table) is { } table => alter.Actions.SelectMany(action => Of(context, alter, table, action)),
            RenameColumn { Kind: ObjectKind.Table } rename when Known(context, rename.Relation) is { } table => Of(rename, table),
            CreateIndex create when Known(context, create.Table) is { } table => Of(context, create, table),
            CreateTable create => create.Constraints.Concat(create.Columns.SelectMany(column => column.Constraints))
                .SelectMany(key => WithoutKey(context, create.Table, key).Select(message => (key.Span, create.Table, message))),
            _ => [],
        };

    /// <summary>Whether nothing before the statement could have made what the model lacks.</summary>
    private static bool IsEverythingRead(StatementContext context) =>
        context.Replay.Unread.IsDefaultOrEmpty && !context.Replay.Statements.Take(context.Index).Any(earlier => !earlier.Unseen.IsEmpty);

    private static TableModel? Known(StatementContext context, QualifiedName name) => context.Schema.Table(name) is { ColumnsAreKnown: true } table ? table : null;

    private static IEnumerable<(SourceSpan, QualifiedName, string)> Of(StatementContext context, AlterTable alter, TableModel table, AlterAction action)
    {
        var added = alter.Actions.OfType<AddColumn>().Select(add => add.Column.Name);
        var dropped = alter.Actions.OfType<DropColumn>().Select(drop => drop.Column);
        var messages = action switch
        {
            DropColumn { IfExists: false } drop => Missing(table, [drop.Column]),
            AlterColumnType change => Missing(table, [change.Column]).Concat(TypeChange.LacksCast(context.Schema, table, change) is { } from
                ? [$"nothing converts {from} into {change.Type} by itself. Say how: USING {SqlIdentifier.Quote(change.Column)}::{change.Type}."] : []),
            SetNotNull set => Missing(table, [set.Column], added),
            DropNotNull drop => Missing(table, [drop.Column], added),
            SetDefault set => Missing(table, [set.Column], added),
            AddIdentity identity => Missing(table, [identity.Column], added).Concat(table.Column(identity.Column) is { IsNotNull: false } column
                && !alter.Actions.OfType<SetNotNull>().Any(set => set.Column == column.Name)
                ? [$"{SqlIdentifier.Quote(column.Name)} must be NOT NULL before it becomes an identity."] : []),
            AddColumn { IfNotExists: false } add when table.Column(add.Column.Name) is not null && !dropped.Contains(add.Column.Name) =>
                [$"{SqlIdentifier.Quote(alter.Table)} has a column {SqlIdentifier.Quote(add.Column.Name)} already."],
            AddColumn { Column: { Generated: { } computed } } when Unsteady(context, computed) is { } function => [$"{function}() is not immutable, and a generated column may use nothing else."],
            AddColumn add => add.Column.Constraints.SelectMany(key => WithoutKey(context, alter.Table, key)),
            AddConstraint add => Of(context, alter, table, add.Constraint, added),
            _ => [],
        };
        return messages.Select(message => (action.Span, alter.Table, message));
    }

    private static IEnumerable<string> Of(StatementContext context, AlterTable alter, TableModel table, TableConstraint constraint, IEnumerable<string> added)
    {
        bool isFreed = alter.Actions.OfType<DropConstraint>().Any(drop => drop.Name == constraint.Name);
        if (constraint.Name is { } name && table.Constraint(name) is not null && !isFreed)
            yield return $"{SqlIdentifier.Quote(alter.Table)} has a constraint {SqlIdentifier.Quote(name)} already.";
        else if (constraint.Kind == ConstraintKind.PrimaryKey && table.PrimaryKey is { } key && !alter.Actions.OfType<DropConstraint>().Any(drop => drop.Name == key.Name))
            yield return $"{SqlIdentifier.Quote(alter.Table)} has a primary key already ({SqlIdentifier.Quote(key.Name!)}).";
        foreach (string message in Missing(table, constraint.Columns.Concat(constraint.Check?.Columns ?? []), added).Concat(WithoutKey(context, alter.Table, constraint)))
            yield return message;
        if (constraint.UsingIndex is { } index && table.Indexes.FirstOrDefault(own => own.Name == index) is { } used && Unfit(used) is { } why)
            yield return $"{SqlIdentifier.Quote(index)} cannot serve a key: it {why}.";
    }

    private static IEnumerable<(SourceSpan, QualifiedName, string)> Of(RenameColumn rename, TableModel table)
    {
        foreach (string message in Missing(table, [rename.From]))
            yield return (rename.Span, rename.Relation, message);
        if (table.Column(rename.To) is not null)
            yield return (rename.Span, rename.Relation, $"{SqlIdentifier.Quote(rename.Relation)} has a column {SqlIdentifier.Quote(rename.To)} already.");
    }

    private static IEnumerable<(SourceSpan, QualifiedName, string)> Of(StatementContext context, CreateIndex create, TableModel table)
    {
        var expressions = create.Keys.Select(key => key.Expression).Append(create.Predicate).OfType<Expression>().ToList();
        var columns = create.Keys.Select(key => key.Column).OfType<string>().Concat(create.Include).Concat(expressions.SelectMany(expression => expression.Columns));
        foreach (string message in Missing(table, columns))
            yield return (create.Span, create.Table, message);
        if (expressions.Select(expression => Unsteady(context, expression)).FirstOrDefault(function => function is not null) is { } culprit)
            yield return (create.Span, create.Table, $"{culprit}() is not immutable, and an index may use nothing else: what is true at the build would not stay so.");
        if (create is { Name: { } name, IfNotExists: false } && context.Schema.Index(table.Name with { Name = name }) is { } other)
            yield return (create.Span, create.Table, $"there is an index {SqlIdentifier.Quote(name)} already, on {SqlIdentifier.Quote(other.Table)}.");
    }

    /// <summary>Columns that the table does not have.</summary>
    private static IEnumerable<string> Missing(TableModel table, IEnumerable<string> columns, IEnumerable<string>? added = null) => columns.Distinct()
        .Where(column => table.Column(column) is null && !SystemColumns.Contains(column) && column.Length > 0 && column != table.Name.Name && added?.Contains(column) != true)
        .Select(column => $"{SqlIdentifier.Quote(table.Name)} has no column {SqlIdentifier.Quote(column)}{(Nearest(table, column) is { } near ? $"; {SqlIdentifier.Quote(near)}?" : ".")}");

    /// <summary>The column that a misspelt name was probably meant to be: one that differs by a letter or by case.</summary>
    private static string? Nearest(TableModel table, string column) => table.Columns.Select(own => own.Name)
        .FirstOrDefault(own => string.Equals(own, column, StringComparison.OrdinalIgnoreCase) || Differ(own, column) <= 1);

    /// <summary>How many letters lie between the common beginning and the common end of two words.</summary>
    private static int Differ(string one, string other)
    {
        int start = 0, end = 0, shorter = Math.Min(one.Length, other.Length);
        while (start < shorter && one[start] == other[start])
            start++;
        while (end < shorter - start && one[^(end + 1)] == other[^(end + 1)])
            end++;
        return Math.Max(one.Length, other.Length) - start - end;
    }

    /// <summary>What a foreign key lacks on the other side.</summary>
    private static IEnumerable<string> WithoutKey(StatementContext context, QualifiedName from, TableConstraint constraint)
    {
        if (constraint is not { Kind: ConstraintKind.ForeignKey, References: { } to } || context.Schema.Resolve(to) == context.Schema.Resolve(from) || Known(context, to) is not { } target)
            yield break;
        var columns = constraint.ReferencedColumns.ToHashSet(StringComparer.Ordinal);
        var missing = Missing(target, columns).ToList();
        foreach (string message in missing)
            yield return message;
        if (columns.Count == 0 && target.PrimaryKey is null)
            yield return $"{SqlIdentifier.Quote(to)} has no primary key that the reference could mean.";
        else if (columns.Count > 0 && missing.Count == 0
            && !target.Indexes.Any(index => index is { IsUnique: true, Predicate: null } && index.Keys.All(key => key.Column is not null) && columns.SetEquals(index.Keys.Select(key => key.Column!))))
            yield return $"no primary key, unique constraint or unique index of {SqlIdentifier.Quote(to)} is on exactly ({string.Join(", ", constraint.ReferencedColumns.Select(SqlIdentifier.Quote))}).";
    }

    /// <summary>Why an index cannot become a key's (manual, ALTER TABLE, ADD table_constraint_using_index).</summary>
    private static string? Unfit(IndexModel index) => index switch
    {
        { Constraint: { } other } => $"serves {SqlIdentifier.Quote(other)} already",
        { IsUnique: false } => "is not unique",
        { Predicate: not null } => "is partial",
        _ when index.Keys.Any(key => key.Column is null) => "is on an expression",
        _ when index.Keys.Any(key => key.Descending || key.NullsFirst) => "has no default sort order",
        _ => null,
    };

    /// <summary>A function in an expression that is known not to be immutable.</summary>
    private static QualifiedName? Unsteady(StatementContext context, Expression expression) =>
        expression.Functions.FirstOrDefault(function => Rules.CheckVolatileExpression.IsOfTheMoment(context, function));
}
