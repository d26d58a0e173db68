namespace AgentHost.TrainEmbeddings.Training;

/// <summary>How a model is made; part of the digest of its inputs. <c>run --evaluate</c> says what a change is worth.</summary>
internal sealed record Recipe
{
    /// <summary>Changed with whatever changes the result otherwise.</summary>
    private const int Version = 1;

    /// <summary>The numbers that can be set on the command line.</summary>
    public static IReadOnlyList<string> Names { get; } = ["words", "phrases", "buckets", "steps", "rate", "sharpness", "dropped", "batch"];

    /// <summary>How many words have a row.</summary>
    public int Words { get; init; } = 17000;

    /// <summary>How many pairs of neighbouring words have a row.</summary>
    public int Phrases { get; init; } = 3000;

    /// <summary>How many rows the n-grams share.</summary>
    public int Buckets { get; init; } = 4000;

    /// <summary>Batches of contrastive training.</summary>
    public int Steps { get; init; } = 600;

    /// <summary>The largest step of a number in a row, by row-wise Adagrad.</summary>
    public float Rate { get; init; } = 0.01f;

    /// <summary>What cosines are multiplied by before the softmax: the temperature's reciprocal.</summary>
    public float Sharpness { get; init; } = 20;

    /// <summary>The share of a text's words that a batch leaves out, so that none of them is learnt by heart.</summary>
    public float Dropped { get; init; }

    /// <summary>How many pairs of each material a batch has.</summary>
    public IReadOnlyDictionary<string, int> Batch { get; init; } = Parse("asked=128,pages=64,postgresql=128,wordnet=96,django=24,sqlalchemy=24,sqlite=24,jargon=16,patroni=8");

    /// <summary>The recipe with one number changed.</summary>
    public Recipe With(string name, string value) => name switch
    {
        "words" => this with { Words = int.Parse(value) },
        "phrases" => this with { Phrases = int.Parse(value) },
        "buckets" => this with { Buckets = int.Parse(value) },
        "steps" => this with { Steps = int.Parse(value) },
        "rate" => this with { Rate = float.Parse(value) },
        "sharpness" => this with { Sharpness = float.Parse(value) },
        "dropped" => this with { Dropped = float.Parse(value) },
        _ => this with { Batch = Parse(value) },
    };

    /// <inheritdoc />
    public override string ToString() =>
        $"{Version} {Words} {Phrases} {Buckets} {Steps} {Rate} {Sharpness} {Dropped} {string.Join(' ', Batch.OrderBy(b => b.Key, StringComparer.Ordinal).Select(b => $"{b.Key}={b.Value}"))}";

    private static Dictionary<string, int> Parse(string batch) =>
        batch.Split(',').Select(b => b.Split('=')).ToDictionary(b => b[0], b => int.Parse(b[1]), StringComparer.Ordinal);
}
