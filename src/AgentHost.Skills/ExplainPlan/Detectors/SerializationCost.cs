namespace AgentHost.Skills.ExplainPlan.Detectors;

/// <summary>Turning the result into what a client reads took a large part of the time: too much, or too wide, is asked for.</summary>
internal sealed class SerializationCost : IPlanDetector
{
    private const string Name = "serialization-cost";

    public string Id => Name;

    public IEnumerable<Suspicion> Detect(QueryPlan plan)
    {
        if (plan is not { Timed: true, SerializationMs: { } impact } || plan.ShareOf(impact) < Thresholds.SerializationShare || plan.SerializationKb < Thresholds.SerializationKb || !plan.Matters(impact))
            yield break;
        var rows = Math.Max(1, plan.Root.TotalRows);
        var bytes = plan.SerializationKb * 1024 / rows;
        var stored = bytes >= Thresholds.ToastBytes && plan.Root.Width < bytes / 2;
        yield return new Suspicion
        {
            Id = Name,
            Node = plan.Root,
            Impact = impact,
            Message = $"Writing the result out took {Figures.Ms(impact)} of {Figures.Ms(plan.ExecutionMs!.Value)}: {Figures.Kb(plan.SerializationKb)}, {Figures.Count(rows)} rows of {Figures.Kb(Math.Max(1, bytes / 1024))}; the network comes on top.",
            Advice = "Select the columns that are used instead of *, page the rows or aggregate them in the database"
                + (stored ? ", and leave out values that are stored apart (TOAST): fetching and unpacking them is most of this. " : ". ")
                + "For a bulk export COPY (binary) is the way.",
            Evidence = Figures.Rows(plan, impact, ("output", plan.SerializationKb, "kB"), ("rows", rows, "rows")),
        };
    }
}
