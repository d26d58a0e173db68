using ModelContextProtocol;

namespace AgentHost.Mcp;

/// <summary>Turns the skills' lines of progress into progress notifications, each one step further than the last.</summary>
internal sealed class ProgressSteps(IProgress<ProgressNotificationValue> listener) : IProgress<string>
{
    private int steps;

    /// <inheritdoc />
    public void Report(string value) =>
        listener.Report(new ProgressNotificationValue { Progress = Interlocked.Increment(ref steps), Message = value });
}
