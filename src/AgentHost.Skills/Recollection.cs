using System.Collections.Immutable;
using AgentHost.Knowledge.Memory;

namespace AgentHost.Skills;

/// <summary>Puts into an answer what the project's memory has to do with it.</summary>
internal static class Recollection
{
    private const int MostProblems = 5;

    /// <summary>The answer with its precedents, and with the places of the memory that cannot be read.</summary>
    /// <param name="result">The skill's own answer.</param>
    /// <param name="memory">The memory; null where there is none, and the answer stays as it is.</param>
    /// <param name="relations">Tables of the case.</param>
    /// <param name="topics">Rule ids, problem ids and tags of the case.</param>
    public static T Recalling<T>(this T result, MemoryJournal? memory, IEnumerable<string> relations, IEnumerable<string> topics)
        where T : SkillResult =>
        memory is null ? result : result with
        {
            Precedents = [.. memory.Bearing(relations, topics).Select(Precedent.Of)],
            MemoryProblems = Problems(memory.Problems),
        };

    private static ImmutableArray<string>? Problems(ImmutableArray<MemoryProblem> problems) =>
        problems.IsEmpty ? null
            : problems.Length <= MostProblems ? [.. problems.Select(problem => problem.ToString())]
            : [.. problems.Take(MostProblems - 1).Select(problem => problem.ToString()), $"and {problems.Length - MostProblems + 1} more such places"];
}
