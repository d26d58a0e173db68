using System.Text.Json.Serialization;

namespace AgentHost.Skills.ExplainPlan;

/// <summary>How a query was planned when it was last explained.</summary>
/// <param name="Identity">The query and the plan's shape.</param>
/// <param name="When">When that was.</param>
/// <param name="Ms">Milliseconds of execution; null where it was not run.</param>
/// <param name="Cost">The planner's cost; null with COSTS OFF.</param>
public sealed record KnownPlan(PlanIdentity Identity, DateTimeOffset When, double? Ms, double? Cost);

/// <summary>What an earlier plan of the same query has to do with this one.</summary>
/// <param name="When">When it was explained.</param>
/// <param name="IsSamePlan">Whether it had the same shape: nodes, relations, indexes.</param>
/// <param name="IsRegression">Whether the query is slower now (twice the time and 10 ms more; where one was not run, ten times the cost) than then.</param>
/// <param name="Message">What changed, in a sentence.</param>
public sealed record EarlierPlan(DateTimeOffset When, bool IsSamePlan, bool IsRegression, string Message)
{
    /// <summary>Milliseconds then; absent where it was not run.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public double? ExecutionMs { get; init; }

    /// <summary>A busy machine makes a factor of two of nothing; and what is over in a few milliseconds is nobody's complaint.</summary>
    private const double Slower = 2, LeastMs = 10, Dearer = 10;

    /// <summary>The comparison; null where nothing differs that is worth a word.</summary>
    public static EarlierPlan? Between(KnownPlan? then, KnownPlan now)
    {
        ArgumentNullException.ThrowIfNull(now);
        if (then is null)
            return null;
        var isSame = then.Identity.Shape == now.Identity.Shape;
        var (isSlower, figures) = (then.Ms, now.Ms) switch
        {
            ({ } old, { } ms) => (ms >= Slower * old && ms - old >= LeastMs, $"{Figures.Ms(old)} then, {Figures.Ms(ms)} now"),
            _ when then is { Cost: { } old } && now is { Cost: { } cost } => (cost >= Dearer * Math.Max(1, old), $"cost {Figures.Count(old)} then, {Figures.Count(cost)} now"),
            _ => (false, ""),
        };
        if (figures.Length == 0 || (isSame && !isSlower))
            return null;
        var what = isSame ? "the plan is the same: more rows, a cold cache or a busy server made it slower, not the planner"
            : $"the plan is another: then {then.Identity.Outline}; now {now.Identity.Outline}";
        return new EarlierPlan(then.When, isSame, isSlower, $"{(isSlower ? "Slower than" : "Planned otherwise than")} on {then.When:yyyy-MM-dd}: {figures}; {what}.") { ExecutionMs = then.Ms };
    }
}
