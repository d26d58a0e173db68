namespace AgentHost.Bench.Memory;

/// <summary>The day for which the cases were labelled: what is in force depends on it.</summary>
internal sealed class LabelledDay : TimeProvider
{
    public override DateTimeOffset GetUtcNow() => new(2026, 11, 22, 12, 0, 0, TimeSpan.Zero);
}
