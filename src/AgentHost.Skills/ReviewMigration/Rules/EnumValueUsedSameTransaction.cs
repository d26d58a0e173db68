using System.Collections.Immutable;
using System.Text.RegularExpressions;
using AgentHost.Skills.ReviewMigration.Fixing;
using AgentHost.Sql;
using AgentHost.Sql.Statements;

namespace AgentHost.Skills.ReviewMigration.Rules;

/// <summary>An enum value that is added and used in one transaction.</summary>
internal sealed class EnumValueUsedSameTransaction : MigrationRule
{
    /// <inheritdoc />
    public override string Id => "enum-value-used-same-transaction";

    /// <inheritdoc />
    public override string Title => "A new enum value cannot be used in the transaction that adds it";

    /// <inheritdoc />
    public override string Manual => "PostgreSQL manual, ALTER TYPE, Notes";

    /// <inheritdoc />
    public override bool IsFact => true;

    /// <inheritdoc />
    public override bool Foresees(string sqlState) => sqlState is "55P04";

    /// <inheritdoc />
    protected override ImmutableArray<Type> Concerns => [typeof(AddEnumValue)];

    /// <inheritdoc />
    public override IEnumerable<Finding> Judge(StatementContext context)
    {
        if (context.Statement is not AddEnumValue add || !context.Transaction.IsOpen || context.PgVersion < 12
            || context.StartOfTransaction.Any(earlier => earlier.Statement is CreateEnum create && earlier.Schema.ResolveNew(create.Name) == context.Schema.Resolve(add.Type))
            || context.Schema.Enum(add.Type)?.Values.Contains(add.Value) == true)
        {
            yield break;
        }

        string literal = $"'{add.Value.Replace("'", "''", StringComparison.Ordinal)}'";
        var use = context.RestOfTransaction.FirstOrDefault(later => later.Statement is not (AddEnumValue or RenameEnumValue or OtherStatement { Kind: "CommentStmt" } or CreateFunction or DoBlock)
            && later.Text.Contains(literal, StringComparison.Ordinal) && MayMean(later, add.Type));
        if (use is null)
            yield break;
        yield return Report(use, use.Statement.Span, Severity.Error, null,
            $"Fails (unsafe use of new value): {literal} was added in line {add.Span.Line} of this very transaction, and can be used only once that is committed. Put this into a later migration.") with
        {
            Fix = Apart.Of(use, use.Statement.Span, isWhole: true, FixRun.Fresh),
        };
    }

    /// <summary>Whether a literal in a statement may be of the type: unless every column that it could be put into or compared with is known, and none is of it.</summary>
    private static bool MayMean(StatementContext context, QualifiedName type)
    {
        var relations = context.Statement switch
        {
            RowStatement row => row.Relations,
            AlterTable { Kind: ObjectKind.Table } alter => [alter.Table],
            CreateIndex create => [create.Table],
            CreatePolicy policy => [policy.Table],
            _ => [],
        };
        if (relations.IsEmpty || Names(context, type.Name) || relations.Any(relation => context.Schema.Table(relation) is not { ColumnsAreKnown: true }))
            return true;
        var tables = relations.Select(context.Schema.Resolve).ToHashSet();
        var columns = context.Schema.ColumnsOfType(type).Where(column => tables.Contains(column.Table.Name)).ToList();
        bool isForAll = context.Statement is RowStatement { Verb: RowVerb.Insert or RowVerb.Merge };
        return columns.Exists(column => isForAll || Names(context, column.Column.Name));
    }

    private static bool Names(StatementContext context, string name) =>
        Regex.IsMatch(context.Text, $@"(?<![\w$]){Regex.Escape(name)}(?![\w$])", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant, TimeSpan.FromSeconds(1));
}
