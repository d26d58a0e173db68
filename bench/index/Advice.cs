using System.Collections.Immutable;

namespace AgentHost.Bench.Index;

/// <summary>What an advisor says.</summary>
/// <param name="Create">CREATE INDEX statements.</param>
/// <param name="Drop">Names of indexes to drop, without their schema.</param>
/// <param name="Seconds">How long it took.</param>
/// <param name="Calls">Planner calls; null where the advisor does not tell.</param>
internal sealed record Advice(ImmutableArray<string> Create, ImmutableArray<string> Drop, double Seconds = 0, long? Calls = null)
{
    public static Advice Nothing { get; } = new([], []);
}
