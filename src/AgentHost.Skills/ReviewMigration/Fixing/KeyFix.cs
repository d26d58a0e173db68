using System.Text.RegularExpressions;
using AgentHost.Sql;
using AgentHost.Sql.Statements;

namespace AgentHost.Skills.ReviewMigration.Fixing;

/// <summary>The safe form of ADD UNIQUE and ADD PRIMARY KEY: a unique index built concurrently, then the constraint on top of it.</summary>
internal static partial class KeyFix
{
    /// <summary>The steps.</summary>
    /// <param name="context">The statement that adds it.</param>
    /// <param name="alter">The same.</param>
    /// <param name="key">The constraint.</param>
    /// <param name="isRequired">Whether all its columns are known to be NOT NULL when the steps begin.</param>
    public static IEnumerable<FixStep> Steps(StatementContext context, AlterTable alter, TableConstraint key, bool isRequired = false)
    {
        bool isPrimary = key.Kind == ConstraintKind.PrimaryKey;
        string table = SqlIdentifier.Quote(alter.Table), name = SqlIdentifier.Quote(ConstraintFix.Name(context, alter, key));
        string text = context.TextOf(key.Span);
        string include = key.Include.IsEmpty ? "" : $" INCLUDE ({string.Join(", ", key.Include.Select(SqlIdentifier.Quote))})";
        var nullable = isPrimary && !isRequired ? key.Columns.Where(column => context.Schema.Table(alter.Table)?.Column(column) is not { IsNotNull: true }).ToList() : [];
        if (nullable.Count > 0)
        {
            foreach (var step in NotNullProof.Steps(context, alter.Table, nullable))
                yield return step;
        }

        yield return new(
            $"CREATE UNIQUE INDEX CONCURRENTLY {name} ON {table} ({string.Join(", ", key.Columns.Select(SqlIdentifier.Quote))}){include}{(key.NullsNotDistinct ? " NULLS NOT DISTINCT" : "")}"
            + Match(Storage(), text) + Match(Tablespace(), text), FixRun.Outside);
        yield return new($"ALTER TABLE {table} ADD CONSTRAINT {name} {(isPrimary ? "PRIMARY KEY" : "UNIQUE")} USING INDEX {name}{Match(Deferral(), text)}");
    }

    private static string Match(Regex pattern, string text) => pattern.Match(text) is { Success: true } match ? " " + (match.Groups["kept"] is { Success: true } kept ? kept.Value : match.Value) : "";

    [GeneratedRegex(@"\bWITH\s*\([^)]*\)", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant, 1000)]
    private static partial Regex Storage();

    [GeneratedRegex(@"\bUSING\s+INDEX\s+(?<kept>TABLESPACE\s+\S+)", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Tablespace();

    [GeneratedRegex(@"\b(?:(?:NOT\s+)?DEFERRABLE(?:\s+INITIALLY\s+\w+)?|INITIALLY\s+\w+(?:\s+(?:NOT\s+)?DEFERRABLE)?)", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant, 1000)]
    private static partial Regex Deferral();
}
