using System.Collections.Immutable;
using AgentHost.Skills.ReviewMigration.Sizes;
using AgentHost.Sql;
using AgentHost.Sql.Statements;

namespace AgentHost.Skills.ReviewMigration;

/// <summary>One hazard or piece of advice: a class here and a page of the same id in <c>skills/review-migration/rules</c>.</summary>
internal abstract class MigrationRule
{
    private static readonly ImmutableArray<Type> EveryStatement = [typeof(Statement)];

    // The same for every finding.
    private ImmutableArray<Evidence> stated;
    private Citation? citation;

    /// <summary>The id: the name of its page.</summary>
    public abstract string Id { get; }

    /// <summary>What it finds, as a heading.</summary>
    public abstract string Title { get; }

    /// <summary>Where PostgreSQL documents what it claims.</summary>
    public abstract string Manual { get; }

    /// <summary>Whether this is policy that a team may switch off, rather than a hazard.</summary>
    public virtual bool IsAdvice => false;

    /// <summary>Whether it states what PostgreSQL does with the statement, such as refusing it: a team's decision does not change that.</summary>
    public virtual bool IsFact => false;

    /// <summary>Whether a finding of the rule says that the statement fails with this SQLSTATE, so that a run which does fail adds nothing.</summary>
    public virtual bool Foresees(string sqlState) => false;

    /// <summary>
    /// What its findings make the server do to the whole table, where that is all that is wrong: on a table of which it is known that it is small, such a
    /// finding is a remark. None where data is lost, code breaks or the statement fails, whatever the size.
    /// </summary>
    public virtual TableWork Work => TableWork.None;

    /// <summary>The kinds of statement, and of action in an ALTER TABLE, that it judges: every statement, where a rule says nothing else.</summary>
    protected virtual ImmutableArray<Type> Concerns => EveryStatement;

    /// <summary>Judges a file as a whole.</summary>
    public virtual IEnumerable<Finding> Judge(MigrationReplay replay) => [];

    /// <summary>Judges a statement, one that it is concerned with, in the state that it meets.</summary>
    public virtual IEnumerable<Finding> Judge(StatementContext context) => [];

    /// <summary>Whether it judges statements, or actions of ALTER TABLE, of a kind.</summary>
    public bool IsConcernedWith(Type kind) => Concerns.Any(concern => concern.IsAssignableFrom(kind));

    /// <summary>A finding about a relation, at a clause of the statement.</summary>
    protected Finding Report(StatementContext context, SourceSpan span, Severity severity, QualifiedName? relation, string message)
    {
        var resolved = relation is null ? null : context.Schema.Resolve(relation);
        return new()
        {
            Rule = Id,
            Severity = severity,
            Span = context.CalledFrom ?? span,
            IsElsewhere = context.CalledFrom is not null,
            Statement = context.ShortText,
            StatementIndex = context.ScriptIndex,
            Message = (resolved is null ? message : RelationNames.InMessage(message, relation!, resolved)) + context.Circumstances.Condition
                + (context.InRoutine is { } routine ? $" In {routine}(), line {span.Line} of its definition." : ""),
            Relation = resolved,
            IsAdvice = IsAdvice,
            IsRemark = IsAdvice && severity == Severity.Info && Id != Rules.UnreviewedCode.RuleId,
            Evidence = stated.IsDefault ? stated = [new Stated(Title, Manual)] : stated,
            Citation = citation ??= new Citation(Id, IsAdvice ? "Why" : "What it locks"),
        };
    }

    /// <summary>The actions of one kind of an ALTER TABLE on a table that others use.</summary>
    protected static IEnumerable<(AlterTable Alter, TAction Action)> ActionsOnExisting<TAction>(StatementContext context)
        where TAction : AlterAction =>
        context.Statement is AlterTable { Kind: ObjectKind.Table } alter && context.IsExisting(alter.Table)
            ? alter.Actions.OfType<TAction>().Select(action => (alter, action))
            : [];

    /// <summary>The columns that an ALTER TABLE really adds to a table that others use.</summary>
    protected static IEnumerable<(AlterTable Alter, AddColumn Add)> ColumnsAddedToExisting(StatementContext context) =>
        ActionsOnExisting<AddColumn>(context).Where(action => !(action.Action.IfNotExists && context.Schema.Table(action.Alter.Table)?.Column(action.Action.Column.Name) is not null));

    /// <summary>The identifiers, quoted where needed, as a list.</summary>
    protected static string Quote(IEnumerable<string> identifiers) => string.Join(", ", identifiers.Select(Quote));

    /// <inheritdoc cref="Quote(IEnumerable{string})" />
    protected static string Quote(IEnumerable<QualifiedName> names) => string.Join(", ", names.Select(Quote));

    /// <summary>The identifier, quoted where needed.</summary>
    protected static string Quote(string identifier) => SqlIdentifier.Quote(identifier);

    /// <inheritdoc cref="Quote(string)" />
    protected static string Quote(QualifiedName name) => SqlIdentifier.Quote(name);
}

/// <summary>How a statement is shown.</summary>
internal static class StatementText
{
    private const int MaxLength = 200;

    /// <summary>The source on one line, at most 200 characters.</summary>
    public static string Shorten(string text)
    {
        string line = string.Join(' ', text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));
        if (line.Length <= MaxLength)
            return line;
        int end = MaxLength - 1;
        return string.Concat(line.AsSpan(0, char.IsHighSurrogate(line[end - 1]) ? end - 1 : end), "…");
    }
}
