using AgentHost.TrainEmbeddings.Training;

namespace AgentHost.TrainEmbeddings;

/// <summary>What the trainer is asked for.</summary>
/// <param name="Mode"><c>--check</c>, <c>--evaluate</c> or empty: make the model.</param>
/// <param name="Skills">The folder of the pages.</param>
/// <param name="Packages">Where the other texts' packages are extracted.</param>
/// <param name="Model">The model's file.</param>
/// <param name="Threads">How many threads work; the result does not depend on it.</param>
/// <param name="Without">Materials to leave out, for trials.</param>
/// <param name="Recipe">How the model is made; numbers of it can be set for trials, as <c>--steps 500</c>.</param>
internal sealed record Options(string Mode, string Skills, string Packages, string Model, int Threads, IReadOnlyList<string> Without, Recipe Recipe)
{
    /// <exception cref="ArgumentException">An option is unknown, or one is missing.</exception>
    public static Options Of(string[] args)
    {
        var options = new Options("", "", "", "", Environment.ProcessorCount, [], new Recipe());
        for (var i = 0; i < args.Length; i++)
        {
            string Value() => ++i < args.Length ? args[i] : throw new ArgumentException($"{args[i - 1]} needs a value.", nameof(args));
            options = args[i] switch
            {
                "--check" or "--evaluate" => options with { Mode = args[i] },
                "--skills" => options with { Skills = Value() },
                "--packages" => options with { Packages = Value() },
                "--model" => options with { Model = Value() },
                "--threads" => options with { Threads = int.Parse(Value()) },
                "--without" => options with { Without = Value().Split(',') },
                ['-', '-', .. var name] when Recipe.Names.Contains(name) => options with { Recipe = options.Recipe.With(name, Value()) },
                _ => throw new ArgumentException($"{args[i]} is unknown. There are --check, --evaluate, --threads, --packages, --skills, --model, and for trials --without, --{string.Join(", --", Recipe.Names)}.", nameof(args)),
            };
        }
        return options.Skills.Length > 0 && options.Packages.Length > 0 && (options.Model.Length > 0 || options.Mode == "--evaluate")
            ? options : throw new ArgumentException("--skills, --packages and --model must be given; eng/train-embeddings/run gives them.", nameof(args));
    }
}
