namespace AgentHost.Skills.ExplainPlan.Reading;

/// <summary>Finds the plans in a paste, whatever their format.</summary>
internal static class PlanFinder
{
    public const string HowToExplain = "Give the output of: EXPLAIN (ANALYZE, BUFFERS, FORMAT JSON) <query>.";

    /// <summary>The plans; at least one.</summary>
    /// <exception cref="SkillInputException">There is none; the message says what the text seems to be and what to do.</exception>
    public static PlansRead Find(string text)
    {
        if (text.Length > PasteLimits.MaxCharacters)
            throw new SkillInputException($"The plan has {text.Length:N0} characters; at most {PasteLimits.MaxCharacters:N0} are read. Explain a part of the query.");
        if (string.IsNullOrWhiteSpace(text))
            throw new SkillInputException($"The plan is empty. {HowToExplain}");
        var found = new PlansRead([], null, []);
        foreach (var source in PasteSources.Of(text))
        {
            var read = FindIn(source);
            found.Statements.AddRange(read.Statements);
            found.Notes.AddRange(read.Notes);
            found = found with { Trouble = found.Trouble ?? read.Trouble };
        }
        if (found.Statements.Count == 0)
            throw new SkillInputException($"{found.Trouble ?? "No plan was found in the text."} {HowToExplain}");
        return found;
    }

    /// <summary>The first format that can be read wholly, or else the one that gives the most.</summary>
    internal static PlansRead FindIn(string paste)
    {
        var text = PasteCleaner.Clean(paste);
        var best = new PlansRead([], null, []);
        foreach (var reader in (ReadOnlySpan<Func<string, PlansRead?>>)[JsonPlans.Read, XmlPlans.Read, YamlPlans.Read, TextPlans.Read])
        {
            if (reader(text) is not { } read)
                continue;
            if (read is { Statements.Count: > 0, Trouble: null })
                return read;
            if (best.Statements.Count == 0 && (read.Statements.Count > 0 || best.Trouble is null))
                best = read;
        }
        return best;
    }
}
