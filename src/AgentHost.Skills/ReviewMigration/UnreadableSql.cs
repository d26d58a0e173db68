using System.Collections.Immutable;
using System.Text.RegularExpressions;
using AgentHost.Skills.ReviewMigration.Rules;
using AgentHost.Sql;

namespace AgentHost.Skills.ReviewMigration;

/// <summary>What is said about statements that the grammar refuses.</summary>
internal static partial class UnreadableSql
{
    /// <summary>The version whose grammar the parser has.</summary>
    private const int GrammarVersion = 17;

    /// <summary>A finding for each refused statement; one for the file where nothing in it can be read, for then it is no SQL.</summary>
    public static IEnumerable<Finding> Judge(MigrationFile file, PartialScript read, int pgVersion)
    {
        bool isNewer = pgVersion > GrammarVersion;
        if (read.Script.Statements.IsEmpty && read.Refused.Length > 1)
            return [Report(file, read.Refused[0], isNewer, $"PostgreSQL refuses the file: {read.Refused[0].Reason}. Nothing in it was reviewed.")];
        return read.Refused.Select((refused, i) => Report(file, refused, isNewer, Message(file, refused, isNewer ? pgVersion : null, i == PartialScript.MaxRefused - 1)));
    }

    private static string Message(MigrationFile file, RefusedStatement refused, int? newer, bool isRest)
    {
        string left = isRest ? "From here on nothing was reviewed." : "The rest of the file was reviewed without it.";
        if (newer is { } version)
            return $"Not reviewed: PostgreSQL {GrammarVersion}'s grammar says {refused.Reason}. If this is syntax of version {version}, read it yourself. {left}";
        return $"PostgreSQL refuses it: {refused.Reason}. {Hint(file.UpText.Substring(refused.Span.Start, refused.Span.Length))}{left}";
    }

    /// <summary>What was probably meant.</summary>
    private static string Hint(string statement) => Misunderstandings.FirstOrDefault(known => Regex.IsMatch(
        statement, known.Pattern, RegexOptions.IgnoreCase | RegexOptions.Singleline | RegexOptions.CultureInvariant, TimeSpan.FromSeconds(1))).Hint is { } hint ? hint + " " : "";

    private static readonly ImmutableArray<(string Pattern, string Hint)> Misunderstandings =
    [
        (@"^\s*(?:UPDATE|DELETE)\b.*\bLIMIT\b", "UPDATE and DELETE have no LIMIT: pick the rows by key, WHERE id IN (SELECT id FROM … LIMIT n)."),
        (@"\bADD\s+CONSTRAINT\s+IF\s+NOT\s+EXISTS\b", "ADD CONSTRAINT has no IF NOT EXISTS: look into pg_constraint first, or let the runner keep count."),
        (@"\bCREATE\s+(?:TYPE|POLICY|TRIGGER|DOMAIN|ROLE|DATABASE)\s+IF\s+NOT\s+EXISTS\b", "This CREATE has no IF NOT EXISTS."),
        (@"\bAUTO_INCREMENT\b", "PostgreSQL has no AUTO_INCREMENT: GENERATED ALWAYS AS IDENTITY."),
        (@"\b(?:MODIFY|CHANGE)\s+COLUMN\b", "PostgreSQL changes a column by ALTER COLUMN … TYPE, or RENAME COLUMN."),
        ("`", "PostgreSQL quotes names with double quotes."),
    ];

    /// <summary>Syntax that came after the parser's grammar, with what brought it in version 18.</summary>
    private static readonly ImmutableArray<(string Pattern, string What)> Newer =
    [
        (@"\bADD\s+(?:CONSTRAINT\s+\S+\s+)?NOT\s+NULL\s+\S+", "a NOT NULL constraint by name, or NOT VALID,"),
        (@"\bGENERATED\s+ALWAYS\s+AS\s*\(.*\)\s*(?:VIRTUAL\b|[,;)]|$)", "a virtual generated column"),
        (@"\bNOT\s+ENFORCED\b", "NOT ENFORCED"),
        (@"\bWITHOUT\s+OVERLAPS\b|\bPERIOD\s+\w", "a temporal key (WITHOUT OVERLAPS, PERIOD)"),
        (@"\bRETURNING\s+WITH\s*\(", "RETURNING of old and new values"),
    ];

    private static Finding Report(MigrationFile file, RefusedStatement refused, bool isNewer, string message)
    {
        string statement = file.UpText.Substring(refused.Span.Start, refused.Span.Length);
        return Newer.FirstOrDefault(known => Regex.IsMatch(statement, known.Pattern, RegexOptions.IgnoreCase | RegexOptions.Singleline | RegexOptions.CultureInvariant, TimeSpan.FromSeconds(1))).What is { } what && !isNewer
            ? Refused(file, refused, isNewer, $"Fails before PostgreSQL 18, which brought {what} ({refused.Reason}).") with { Rule = "unsupported-on-version", Citation = new Citation("unsupported-on-version", "Why") }
            : Refused(file, refused, isNewer, message);
    }

    private static Finding Refused(MigrationFile file, RefusedStatement refused, bool isNewer, string message) => new()
    {
        Rule = isNewer ? UnreviewedCode.RuleId : "invalid-sql",
        Severity = isNewer ? Severity.Warning : Severity.Error,
        Span = refused.At,
        Statement = StatementText.Shorten(file.UpText.Substring(refused.Span.Start, refused.Span.Length).TrimEnd(';')),
        Message = message,
        IsAdvice = isNewer,
        Fix = Fixing.LimitedChange.Of(file.UpText.Substring(refused.Span.Start, refused.Span.Length), refused.Span),
        Evidence = [new Stated(refused.Reason, $"PostgreSQL {GrammarVersion}'s grammar")],
    };
}
