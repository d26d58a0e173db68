using System.Text.RegularExpressions;
using AgentHost.Sql;
using AgentHost.Sql.Statements;

namespace AgentHost.Skills.ReviewMigration.Rules;

/// <summary>Code that runs with the migration and that nobody looked into: a DO block, a call of a function or procedure, a prepared statement.</summary>
internal sealed partial class UnreviewedCode : MigrationRule
{
    /// <summary>The rule's id. A file with such a finding is not called safe.</summary>
    public const string RuleId = "opaque-dynamic-ddl";

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
        if (FirstWord().Match(context.Text) is { Success: true } word)
            return word.Value.ToUpperInvariant() switch { "DO" => "The DO block", "CALL" => "The procedure", _ => "The prepared statement" };
        var called = context.Statement is RowStatement row ? row.Functions.Where(function => !BuiltInFunctions.Has(function)).Distinct().ToList() : [];
        return called.Count == 0 ? null : string.Join(", ", called.Select(function => $"{Quote(function)}()"));
    }

    /// <inheritdoc />
    protected override IEnumerable<Finding> Judge(StatementContext context)
    {
        if (CodeIn(context) is { } code)
        {
            yield return Report(context, context.Statement.Span, Severity.Info, null,
                $"{code} runs code that was not looked into: what it locks, changes or drops is not known. Run the review with --prove (prove: true) to see.") with
            {
                Citation = new Citation(Id, "Why"),
            };
        }
    }

    [GeneratedRegex(@"^(?:DO|CALL|EXECUTE)\b", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant, 1000)]
    private static partial Regex FirstWord();
}
