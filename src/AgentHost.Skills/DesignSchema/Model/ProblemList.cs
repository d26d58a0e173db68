using System.Collections.Immutable;
using System.Globalization;
using System.Text;

namespace AgentHost.Skills.DesignSchema.Model;

/// <summary>Something wrong in a model, and where (1-based line and column of the model's text).</summary>
internal sealed record ModelProblem(int Line, int Column, string Message);

/// <summary>Collects what is wrong, so that a person is told everything at once.</summary>
internal sealed class ProblemList
{
    private const int Shown = 25;
    private readonly List<ModelProblem> problems = [];

    public bool Any => problems.Count > 0;

    public ImmutableArray<ModelProblem> All => [.. problems.OrderBy(p => p.Line).ThenBy(p => p.Column)];

    public void Add(int line, int column, string message)
    {
        var problem = new ModelProblem(line, column, message);
        if (!problems.Contains(problem))
            problems.Add(problem);
    }

    public void Add(YamlNode at, string message) => Add(at.Line, at.Column, message);

    public void Add(NameReference at, string message) => Add(at.Line, at.Column, message);

    /// <summary>Throws where anything was added.</summary>
    /// <exception cref="SkillInputException">Every problem (the first 25) with line and column, one a line.</exception>
    public void ThrowIfAny()
    {
        if (!Any)
            return;
        var text = new StringBuilder();
        text.Append(CultureInfo.InvariantCulture, $"The model has {problems.Count} {(problems.Count == 1 ? "problem" : "problems")}:");
        foreach (var p in All.Take(Shown))
            text.Append(CultureInfo.InvariantCulture, $"\n  line {p.Line}, column {p.Column}: {p.Message}");
        if (problems.Count > Shown)
            text.Append(CultureInfo.InvariantCulture, $"\n  … and {problems.Count - Shown} more");
        throw new SkillInputException(text.ToString());
    }
}
