namespace AgentHost.Postgres.Reach;

/// <summary>Code that a statement would run and that could act beyond a read-only transaction.</summary>
/// <param name="Path">What leads to it, the statement's own part first: <c>the view public.sales</c>, <c>totals()</c>.</param>
/// <param name="What">It: <c>dblink_exec()</c>.</param>
/// <param name="Why">What it could do.</param>
internal sealed record Reached(IReadOnlyList<string> Path, string What, string Why)
{
    /// <summary>The finding as a clause: <c>the view public.sales calls totals(), which calls dblink_exec(), and that …</c>.</summary>
    public string Text
    {
        get
        {
            string[] steps = [.. Path, What];
            return steps[0] + string.Concat(steps.Skip(1).Select((step, i) => $"{(i == 0 ? "" : ", which")} {(step.EndsWith(')') ? "calls" : "uses")} {step}"))
                + (Path.Count == 0 ? " " : ", which ") + Why;
        }
    }
}
