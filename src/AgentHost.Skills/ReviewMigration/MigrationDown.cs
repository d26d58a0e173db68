using System.Collections.Immutable;
using AgentHost.Sql;

namespace AgentHost.Skills.ReviewMigration;

/// <summary>What undoes a migration: the down section of its own file, or a file beside it.</summary>
/// <param name="Name">The file that it stands in.</param>
/// <param name="IsSection">Whether that is the migration's own file.</param>
/// <param name="Script">Its statements; null where they cannot be read.</param>
/// <param name="Refused">Why it cannot be read.</param>
internal sealed record MigrationDown(string Name, bool IsSection, Script? Script, string? Refused)
{
    /// <summary>How a message calls it.</summary>
    public string Called => IsSection ? "the down section" : $"'{Path.GetFileName(Name)}'";

    /// <summary>Whether there is nothing in it.</summary>
    public bool IsEmpty => Script is { Statements.IsEmpty: true };

    /// <summary>Reads its text, in which all that is not part of it is blank.</summary>
    public static MigrationDown Read(string name, bool isSection, string text)
    {
        try
        {
            return new(name, isSection, SqlParser.Parse(text), null);
        }
        catch (SqlInputException unreadable)
        {
            return new(name, isSection, null, unreadable.Message);
        }
    }
}

/// <summary>What came of running a migration up, down and up again.</summary>
/// <param name="Step">The step that went wrong.</param>
/// <param name="Difference">How the catalog differs behind it, where it ran.</param>
/// <param name="SqlState">The error it ended with, where it did not.</param>
/// <param name="Error">PostgreSQL's words.</param>
/// <param name="Line">The line of the statement that failed.</param>
internal sealed record DownOutcome(DownStep Step, CatalogDifference? Difference, string? SqlState = null, string? Error = null, int Line = 0);

/// <summary>The steps behind the first way up.</summary>
internal enum DownStep { Down, UpAgain }
