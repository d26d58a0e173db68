namespace AgentHost.TrainEmbeddings.Training;

/// <summary>How a model is made; part of the digest of its inputs. <c>run --evaluate</c> says what a change is worth.</summary>
internal sealed record Recipe
{
    /// <summary>Changed with whatever changes the result otherwise.</summary>
    private const int Version = 1;

    /// <summary>The numbers that can be set on the command line.</summary>
    public static IReadOnlyList<string> Names { get; } = ["words", "phrases", "buckets", "spelt", "steps", "rate", "sharpness", "window", "rarity", "everyday", "batch"];

    /// <summary>How many words have a row.</summary>
    public int Words { get; init; } = 17000;

    /// <summary>How many pairs of neighbouring words have a row.</summary>
    public int Phrases { get; init; } = 3000;

    /// <summary>How many rows the n-grams share.</summary>
    public int Buckets { get; init; } = 4000;

    /// <summary>For how many words slips of the pen are known.</summary>
    public int Spelt { get; init; } = 5000;

    /// <summary>Batches of contrastive training.</summary>
    public int Steps { get; init; } = 400;

    /// <summary>The largest step of a number in a row, by row-wise Adagrad.</summary>
    public float Rate { get; init; } = 0.01f;

    /// <summary>What cosines are multiplied by before the softmax: the temperature's reciprocal.</summary>
    public float Sharpness { get; init; } = 14;

    /// <summary>How far a word's company reaches, everyday words left out.</summary>
    public int Window { get; init; } = 12;

    /// <summary>The share of all words that half silences a word at the start (SIF's a).</summary>
    public float Rarity { get; init; } = 3e-3f;

    /// <summary>Words of a larger share are no company.</summary>
    public float Everyday { get; init; } = 0.003f;

    /// <summary>How many pairs of each material a batch has.</summary>
    public IReadOnlyDictionary<string, int> Batch { get; init; } = Parse("asked=112,pages=48,pages-cloze=48,postgresql=80,postgresql-cloze=80,wordnet=64,django=16,sqlalchemy=16,sqlite=16,sqlite-cloze=16");

    /// <summary>The recipe with one number changed.</summary>
    public Recipe With(string name, string value) => name switch
    {
        "words" => this with { Words = int.Parse(value) },
        "phrases" => this with { Phrases = int.Parse(value) },
        "buckets" => this with { Buckets = int.Parse(value) },
        "spelt" => this with { Spelt = int.Parse(value) },
        "steps" => this with { Steps = int.Parse(value) },
        "rate" => this with { Rate = float.Parse(value) },
        "sharpness" => this with { Sharpness = float.Parse(value) },
        "window" => this with { Window = int.Parse(value) },
        "rarity" => this with { Rarity = float.Parse(value) },
        "everyday" => this with { Everyday = float.Parse(value) },
        _ => this with { Batch = Parse(value) },
    };

    /// <inheritdoc />
    public override string ToString() =>
        $"{Version} {Words} {Phrases} {Buckets} {Spelt} {Steps} {Rate} {Sharpness} {Window} {Rarity} {Everyday} {string.Join(' ', Batch.OrderBy(b => b.Key, StringComparer.Ordinal).Select(b => $"{b.Key}={b.Value}"))}";

    private static Dictionary<string, int> Parse(string batch) =>
        batch.Split(',').Select(b => b.Split('=')).ToDictionary(b => b[0], b => int.Parse(b[1]), StringComparer.Ordinal);
}
