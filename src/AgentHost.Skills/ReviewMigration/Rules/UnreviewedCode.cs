using AgentHost.Sql;
using AgentHost.Sql.Statements;

namespace AgentHost.Skills.ReviewMigration.Rules;

/// <summary>Code that runs with the migration and that nobody looked into: a DO block, a call of a function or procedure, a prepared statement.</summary>
internal sealed class UnreviewedCode : MigrationRule
{
    /// <summary>The rule's id. A file with such a finding is not called safe.</summary>
    public const string RuleId = "opaque-dynamic-ddl";

    /// <summary>How many pieces of code a message names.</summary>
    private const int Named = 3;

    /// <inheritdoc />
    public override string Id => RuleId;

    /// <inheritdoc />
    public override string Title => "Code that a review does not look into can do anything";

    /// <inheritdoc />
    public override string Manual => "PostgreSQL manual, DO";

    /// <inheritdoc />
    public override bool IsAdvice => true;

    /// <summary>What runs unseen in a statement, as a message names it; null where nothing does.</summary>
    public static string? CodeIn(StatementContext context)
    {
        if (context.Statement is OtherStatement { Kind: "ExecuteStmt" })
            return "the prepared statement";
        if (!context.IsInside && context.Source.Text.AsSpan(context.Statement.Span.Start + context.Statement.Span.Length).TrimStart().StartsWith("\\gexec", StringComparison.Ordinal))
            return "what psql's \\gexec runs: the text that the query gives";
        var unseen = context.Unseen;
        if (unseen.IsEmpty)
            return null;
        string what = string.Join(", ", unseen.Select(code => code.What).Distinct().Take(Named));
        int more = unseen.Select(code => code.What).Distinct().Count() - Named;
        return what + (more > 0 ? $" and {more} more" : "");
    }

    /// <inheritdoc />
    public override IEnumerable<Finding> Judge(StatementContext context)
    {
        if (CodeIn(context) is { } code)
        {
            yield return Report(context, context.Unseen is [{ Span: var first }, ..] ? first : context.Statement.Span, Severity.Info, null,
                $"Not looked into: {code}. What that locks, changes or drops is not known. Run the review with --prove (prove: true) to see.") with
            {
                Citation = new Citation(Id, "Why"),
            };
        }
    }
}
