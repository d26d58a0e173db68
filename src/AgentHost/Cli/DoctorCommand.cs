using System.CommandLine;
using AgentHost.Composition;
using AgentHost.Rendering;

namespace AgentHost.Cli;

/// <summary><c>agenthost doctor</c>.</summary>
internal static class DoctorCommand
{
    /// <summary>The verb.</summary>
    public static Command Create()
    {
        var command = new Command("doctor", "What is installed, what is missing, and the fix") { Options.Format };
        command.SetAction((parse, cancellation) => Session.RunAsync(parse, async (session, stop) =>
        {
            var report = await Doctor.ExamineAsync(session.Architect, stop);
            session.Write(report, (found, _) => DoctorText.Render(found));
            return report.Lines.All(line => line.Ok) ? Session.Clean : Session.Findings;
        }, cancellation));
        return command;
    }
}
