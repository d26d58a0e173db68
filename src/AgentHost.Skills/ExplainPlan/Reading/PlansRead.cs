namespace AgentHost.Skills.ExplainPlan.Reading;

/// <summary>What one reader made of a text.</summary>
/// <param name="Statements">The plans, each with its <c>Plan</c> or being the top node itself.</param>
/// <param name="Trouble">Why the rest could not be read, in a sentence with line and column; null where all was read.</param>
/// <param name="Notes">What else was left out.</param>
internal sealed record PlansRead(List<PlanGroup> Statements, string? Trouble, List<string> Notes)
{
    /// <summary>A document's JSON nests two levels for each level of the plan, and a few around and inside.</summary>
    public const int MaxLevels = 2 * PlanReader.MaxDepth + 32;

    public static readonly string TooDeep = $"The plan is nested more than {PlanReader.MaxDepth} levels deep; explain a part of the query.";

    /// <summary>The statements in what a document holds: an array of them, one, or a bare node.</summary>
    public static List<PlanGroup> StatementsIn(PlanValue? value)
    {
        var found = new List<PlanGroup>();
        Collect(value, 0, found);
        return found;
    }

    private static void Collect(PlanValue? value, int depth, List<PlanGroup> found)
    {
        const int Wrappings = 4;
        if (depth > Wrappings)
            return;
        if (value is PlanList list)
        {
            foreach (var item in list.Values)
                Collect(item, depth + 1, found);
        }
        else if (value is PlanGroup group && (group.IsNode || group.Group("Plan") is { IsNode: true }))
        {
            found.Add(group);
        }
        else if (value is PlanGroup { } other)
        {
            // Drivers hand out rows: [{"QUERY PLAN": [{"Plan": …}]}]; the column may have been renamed.
            foreach (var (_, inner) in other.Values)
            {
                if (inner is PlanList or PlanGroup)
                    Collect(inner, depth + 1, found);
            }
        }
    }
}
