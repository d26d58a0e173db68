namespace AgentHost.Skills.ExplainPlan;

/// <summary>A trigger that the statement fired.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Constraint">The constraint that it checks; null where it is a user's own.</param>
/// <param name="Relation">The table it fired on; null where EXPLAIN does not say.</param>
/// <param name="Ms">Milliseconds in all its calls; 0 with TIMING OFF.</param>
/// <param name="Calls">How often it fired.</param>
public sealed record PlanTrigger(string Name, string? Constraint, string? Relation, double Ms, double Calls);
