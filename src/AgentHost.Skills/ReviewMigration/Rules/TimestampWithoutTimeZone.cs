using System.Collections.Immutable;
using System.Text.RegularExpressions;
using AgentHost.Sql;
using AgentHost.Sql.Statements;

namespace AgentHost.Skills.ReviewMigration.Rules;

/// <summary>A column of type timestamp without time zone.</summary>
internal sealed partial class TimestampWithoutTimeZone : MigrationRule
{
    private const string TypeName = "timestamp without time zone";

    /// <inheritdoc />
    public override string Id => "timestamp-without-tz";

    /// <inheritdoc />
    public override string Title => "timestamp without time zone does not say which moment it means";

    /// <inheritdoc />
    public override string Manual => "PostgreSQL manual, 8.5.1.3 Time Stamps";

    /// <inheritdoc />
    public override bool IsAdvice => true;

    /// <inheritdoc />
    protected override ImmutableArray<Type> Concerns => [typeof(CreateTable), typeof(AddColumn), typeof(AlterColumnType)];

    /// <inheritdoc />
    public override IEnumerable<Finding> Judge(StatementContext context)
    {
        var (relation, columns) = context.Statement switch
        {
            CreateTable { IsTemporary: false } create => (create.Table, create.Columns.Where(column => Is(column.Type)).Select(column => (column.Name, column.Type, column.Span))),
            AlterTable { Kind: ObjectKind.Table } alter => (alter.Table, alter.Actions.SelectMany(Columns)),
            _ => ((QualifiedName?)null, []),
        };
        var found = columns.ToList();
        if (found.Count == 0 || relation is null)
            yield break;
        string names = string.Join(", ", found.Select(column => Quote(column.Name)));
        yield return Report(context, found[0].Span, Severity.Warning, relation,
            $"{names} of {Quote(relation)} {(found.Count == 1 ? "is" : "are")} timestamp without time zone: the same value means another moment in another session. Use timestamptz.") with
        {
            Fix = new Fix("timestamptz", WithTimeZone(context, found.Select(column => column.Span)) + ";"),
        };
    }

    private static IEnumerable<(string Name, Sql.Statements.TypeName Type, SourceSpan Span)> Columns(AlterAction action) => action switch
    {
        AddColumn { Column: var column } when Is(column.Type) => [(column.Name, column.Type, column.Span)],
        AlterColumnType alter when Is(alter.Type) => [(alter.Column, alter.Type, alter.Span)],
        _ => [],
    };

    private static bool Is(Sql.Statements.TypeName type) => type.Name is { Schema: null or "pg_catalog", Name: TypeName };

    /// <summary>The statement with the first type named timestamp of each clause made timestamptz; the clause's own name is passed over.</summary>
    private static string WithTimeZone(StatementContext context, IEnumerable<SourceSpan> clauses)
    {
        int start = context.Statement.Span.Start;
        return clauses.OrderByDescending(clause => clause.Start).Aggregate(context.Text, (text, clause) =>
        {
            int from = clause.Start - start + LeadingName().Match(context.TextOf(clause)).Length;
            return from > text.Length ? text : Timestamp().Replace(text, "timestamp${digits} with time zone", 1, from);
        });
    }

    [GeneratedRegex(@"^(?:ALTER\s+(?:COLUMN\s+)?|ADD\s+(?:COLUMN\s+)?(?:IF\s+NOT\s+EXISTS\s+)?)?(?:""(?:[^""]|"""")*""|[^\s""]+)", RegexOptions.IgnoreCase | RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex LeadingName();

    [GeneratedRegex(@"\btimestamp(?<digits>\s*\(\s*\d+\s*\))?(\s+without\s+time\s+zone)?", RegexOptions.IgnoreCase | RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Timestamp();
}
