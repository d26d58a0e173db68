namespace AgentHost.Skills.ExplainPlan.Detectors;

/// <summary>A hash join's table outgrew what was planned, and was split again and again while running.</summary>
internal sealed class HashBatchesGrew : HashSpill
{
    public override string Id => "hash-batches-grew";

    protected override bool Grew => true;
}
