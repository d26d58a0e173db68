using AgentHost.Configuration;
using AgentHost.Knowledge;
using AgentHost.Knowledge.Memory;
using AgentHost.Postgres;
using AgentHost.Postgres.Catalog;
using AgentHost.Skills;
using AgentHost.Sql;

namespace AgentHost;

/// <summary>What a caller is told about a failure.</summary>
/// <param name="Message">What was wrong, where, and what to do.</param>
/// <param name="IsOurs">True where the failure is a fault of AgentHost rather than of the input or the surroundings.</param>
/// <param name="Verdict">The same in a word or two for the session trail, without a piece of the input.</param>
internal sealed record Complaint(string Message, bool IsOurs, string Verdict)
{
    /// <summary>The complaint about <paramref name="failure"/> while <paramref name="task"/> was done.</summary>
    public static Complaint About(Exception failure, string task) => failure switch
    {
        SkillInputException or SqlInputException or ParserUnavailableException or MemoryException or KnowledgeException or ConfigurationException
            or PostgresUnavailableException or TargetRefusedException or SnapshotFileException =>
            new(failure.Message, IsOurs: false, $"refused: {Reason(failure)}"),
        OperationCanceledException => new($"{task} was cancelled.", IsOurs: false, "cancelled"),
        _ => new(
            $"{task} failed inside AgentHost ({failure.GetType().Name}: {FirstLine(failure.Message)}). The input may be fine. " +
            "Please report it with its trace: the server's stderr has it, and the command line prints it where AGENTHOST_TRACE=1 is set.", IsOurs: true,
            $"failed: {failure.GetType().Name}"),
    };

    private static string Reason(Exception failure) => failure switch
    {
        SqlInputException => "the SQL does not parse",
        MemoryConflictException conflict => $"contradicts {string.Join(", ", conflict.Earlier.Select(entry => entry.Id))}",
        MemoryException => "the memory",
        PostgresUnavailableException => "no server",
        TargetRefusedException => "the target",
        ConfigurationException => "the configuration",
        KnowledgeException => "the store",
        _ => "the input",
    };

    private static string FirstLine(string text) => text.Split('\n', 2)[0].TrimEnd();
}
