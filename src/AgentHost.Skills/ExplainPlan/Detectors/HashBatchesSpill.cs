namespace AgentHost.Skills.ExplainPlan.Detectors;

/// <summary>A hash join's table did not fit in memory and was split into batches on disk, as was foreseen or nearly so.</summary>
internal sealed class HashBatchesSpill : HashSpill
{
    public override string Id => "hash-batches-spill";

    protected override bool Grew => false;
}
