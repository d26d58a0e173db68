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
internal sealed record Complaint(string Message, bool IsOurs)
{
    /// <summary>The complaint about <paramref name="failure"/> while <paramref name="task"/> was done.</summary>
    public static Complaint About(Exception failure, string task) => failure switch
    {
        SkillInputException or SqlInputException or ParserUnavailableException or MemoryException or KnowledgeException or ConfigurationException
            or PostgresUnavailableException or TargetRefusedException or SnapshotFileException =>
            new(failure.Message, IsOurs: false),
        OperationCanceledException => new($"{task} was cancelled.", IsOurs: false),
        _ => new(
            $"{task} failed inside AgentHost ({failure.GetType().Name}: {FirstLine(failure.Message)}). The input may be fine. " +
            "Please report it with its trace: the server's stderr has it, and the command line prints it where AGENTHOST_TRACE=1 is set.", IsOurs: true),
    };

    private static string FirstLine(string text) => text.Split('\n', 2)[0].TrimEnd();
}
