namespace AgentHost.Skills.ExplainPlan;

/// <summary>Finds one kind of problem. A detector has one page of the same id in <c>skills/explain-plan/problems</c>.</summary>
internal interface IPlanDetector
{
    /// <summary>The problem's id, and the slug of its page.</summary>
    string Id { get; }

    /// <summary>The problems of that kind in an analysed plan; each must take enough time to matter (<see cref="Thresholds"/>).</summary>
    IEnumerable<Suspicion> Detect(QueryPlan plan);
}
