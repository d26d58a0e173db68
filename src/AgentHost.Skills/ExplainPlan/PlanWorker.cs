namespace AgentHost.Skills.ExplainPlan;

/// <summary>What one worker of a node did.</summary>
/// <param name="Number">Its number, from 0.</param>
/// <param name="Rows">Rows that it gave per loop.</param>
/// <param name="Loops">How often it ran the node.</param>
/// <param name="Ms">Milliseconds per loop; null with TIMING OFF.</param>
public sealed record PlanWorker(int Number, double Rows, double Loops, double? Ms);
