namespace AgentHost.Knowledge.Memory;

/// <summary>Whether an entry holds.</summary>
/// <param name="InForce">True where it counts today.</param>
/// <param name="Reason">Why it does not, as <c>superseded by D-20261122-wq7m2c</c> or <c>ended 2026-12-31</c>; null where it does.</param>
public readonly record struct Standing(bool InForce, string? Reason)
{
    /// <summary>It counts.</summary>
    public static Standing Good => new(true, null);
}
