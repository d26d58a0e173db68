using System.Collections.Immutable;

namespace AgentHost.Skills.ExplainPlan;

/// <summary>Explains why a query is slow: reads its plan, names each cause once, and says what to do about it.</summary>
public static class ExplainPlanEngine
{
    private const int HotNodes = 3;

    /// <summary>80 MB: even from the operating system's cache it takes some tens of milliseconds to copy them.</summary>
    private const double ManyBlocks = 10_000;

    /// <summary>Every problem that can be found; each has a page in <c>skills/explain-plan/problems</c>.</summary>
    public static ImmutableArray<string> ProblemIds => [.. PlanDiagnosis.Detectors().Select(d => d.Id).Order(StringComparer.Ordinal)];

    /// <summary>Explains a plan's text, or plans a query on a target or a twin and explains that.</summary>
    /// <exception cref="SkillInputException">The request has no plan and no query, or the text is no plan.</exception>
    /// <exception cref="AgentHost.Postgres.TargetRefusedException">The query is not one reading statement.</exception>
    public static async Task<ExplainResult> RunAsync(ExplainRequest request, CancellationToken ct = default)
    {
        ArgumentNullException.ThrowIfNull(request);
        var before = request.Before is { } earlier ? Before(earlier, ct) : null;
        var result = await ExplainAsync(request, ct);
        var (problems, note) = await TwinRemedies.CheckAsync(request, result.Plan, result.Problems, ct);
        var now = new KnownPlan(result.Identity, DateTimeOffset.UtcNow, result.Summary.ExecutionMs, result.Summary.Cost);
        return PlanMemory.Attach(request, result with
        {
            Problems = problems,
            Summary = note is null ? result.Summary : result.Summary with { Notes = result.Summary.Notes.Add(note) },
            Comparison = before is null ? null : PlanComparer.Compare(before, result),
            Earlier = EarlierPlan.Between(request.Earlier?.Invoke(result.Identity), now),
        });
    }

    private static async Task<ExplainResult> ExplainAsync(ExplainRequest request, CancellationToken ct)
    {
        var plan = PlanReader.Read(await TextAsync(request, ct));
        if (request.Target is { } target)
            plan = plan with { Catalog = await PlanCatalog.ReadAsync(target, plan, ct) };
        return Judge(plan, request.Query, ct);
    }

    private static ExplainResult Before(string text, CancellationToken ct)
    {
        try
        {
            return Judge(PlanReader.Read(text), null, ct);
        }
        catch (SkillInputException refused)
        {
            throw new SkillInputException($"The earlier plan: {refused.Message}", refused);
        }
    }

    private static ExplainResult Judge(QueryPlan plan, string? query, CancellationToken ct)
    {
        var problems = PlanDiagnosis.Problems(plan, ct);
        return new ExplainResult { Summary = Summarize(plan, problems), Problems = problems, Plan = plan, Identity = PlanIdentity.Of(plan, query) };
    }

    private static async Task<string> TextAsync(ExplainRequest request, CancellationToken ct) => request switch
    {
        { PlanText: { } text } => request.Analyze ? throw new SkillInputException("A plan that is given is not run again: leave analyze out, or give the query and its target alone.") : text,
        { Query: { } query, Target: { } target } => await target.ExplainJsonAsync(query, request.Analyze, ct),
        { Query: { } query, Snapshot: { } snapshot } => request.Analyze ? throw new SkillInputException("A twin has no rows: a query can be planned there, not measured. Leave analyze out.") : await TwinPlans.ExplainJsonAsync(snapshot, query, ct),
        { Query: not null } => throw new SkillInputException("A query needs a database to plan it: name a target or a snapshot, or run EXPLAIN (ANALYZE, BUFFERS, FORMAT JSON) yourself and give the plan."),
        _ => throw new SkillInputException("Give a plan, or a query and a target."),
    };

    private static ExplainSummary Summarize(QueryPlan plan, ImmutableArray<PlanProblem> problems) => new()
    {
        Verdict = !plan.Analyzed ? PlanVerdict.EstimatesOnly : !problems.IsEmpty ? PlanVerdict.Problems : plan.IsCutOff ? PlanVerdict.Incomplete : PlanVerdict.Healthy,
        ExecutionMs = Round(plan.Timed ? plan.ExecutionMs : null),
        PlanningMs = Round(plan.PlanningMs),
        JitMs = plan.JitMs > 0 ? Round(plan.JitMs) : null,
        TriggerMs = plan.TriggerMs > 0 ? Round(plan.TriggerMs) : null,
        Rows = plan.Analyzed ? Math.Round(plan.Root.TotalRows) : plan.Root.PlanRows is { } expected ? Math.Round(expected) : null,
        Cost = plan.Estimated ? plan.Root.TotalCost : null,
        Nodes = plan.Nodes.Length,
        Buffers = plan.Root.Buffers,
        HotNodes = plan.Analyzed ? Hottest(plan) : [],
        Settings = plan.Settings,
        Notes = Notes(plan),
    };

    private static ImmutableArray<HotNode> Hottest(QueryPlan plan) =>
    [
        .. plan.Nodes.OrderByDescending(plan.Times.Self).Take(HotNodes).Where(n => plan.SelfShare(n) >= Thresholds.Share)
            .Select(n => new HotNode(n.Label, Round(plan.Timed ? plan.Times.Self(n) : null), Math.Round(plan.SelfShare(n), 3)) { RowsPerExpected = RowsPerExpected(n), Bytes = Bytes(n) }),
    ];

    private static double? RowsPerExpected(PlanNode node)
    {
        if (!node.Executed || node.ActualRows is not { } actual || node.PlanRows is not { } planned || node.Type is "BitmapAnd" or "BitmapOr" or "ModifyTable")
            return null;
        var ratio = Math.Max(1, actual) / Math.Max(1, planned);
        return ratio is >= 2 or <= 0.5 ? Math.Round(ratio, 4) : null;
    }

    // EXPLAIN counts the nodes below in; an InitPlan's blocks are its owner's, too.
    private static double? Bytes(PlanNode node)
    {
        static double Blocks(PlanBuffers buffers) => buffers.SharedHit + buffers.SharedRead + buffers.TempRead + buffers.TempWritten;
        return node.Buffers is { } own ? Math.Max(0, Blocks(own) - node.Children.Sum(c => c.Buffers is { } below ? Blocks(below) : 0)) * PlanBuffers.BlockBytes : null;
    }

    private static ImmutableArray<string> Notes(QueryPlan plan)
    {
        var notes = plan.Notes;
        if (!plan.Analyzed)
            return notes.Add(!plan.Estimated ? "The plan was not run and has no estimates (COSTS OFF): it shows the shape only. EXPLAIN (ANALYZE, BUFFERS, FORMAT JSON) shows rows and time."
                : "The plan was not run, so it holds the planner's guesses only; EXPLAIN (ANALYZE, BUFFERS, FORMAT JSON) shows rows and time. ANALYZE runs the statement: wrap one that writes in BEGIN … ROLLBACK.");
        if (!plan.Timed)
            notes = notes.Add($"The plan was run with TIMING OFF; shares are of the {(plan.Estimated ? "estimated cost" : "rows handled")}. With TIMING ON they would be of the time.");
        if (!plan.Estimated)
            notes = notes.Add("The plan has no estimates (COSTS OFF), so nothing is said about them; leave COSTS on to see where rows differ from what was expected.");
        if (plan.Root.Buffers is null)
            notes = notes.Add("With BUFFERS the plan would also show how much was read and spilled.");
        else if (plan.Root.Buffers is { ReadMs: 0, SharedRead: >= ManyBlocks })
            notes = notes.Add($"{Figures.Kb(plan.Root.Buffers.SharedRead * 8)} were not in shared buffers; with track_io_timing on the plan would also show how long reading them took.");
        return notes;
    }

    private static double? Round(double? value) => value is { } v ? Math.Round(v, 3) : null;
}
