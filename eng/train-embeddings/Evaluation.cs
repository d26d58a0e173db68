using System.Globalization;
using System.Numerics.Tensors;
using AgentHost.Knowledge.Embedding;
using AgentHost.TrainEmbeddings.Reading;
using AgentHost.TrainEmbeddings.Training;

namespace AgentHost.TrainEmbeddings;

/// <summary>How well an embedder finds pages for lines that it has not learnt from.</summary>
internal static class Evaluation
{
    private static readonly string[] OffTopic =
    [
        "how to bake bread", "best hiking trails near lake tahoe", "who won the world cup in 1998", "symptoms of flu in children", "guitar chords for beginners", "how tall is mount everest",
        "recipe for chicken soup", "cheap flights to lisbon in june", "what is the capital of mongolia", "how do i train my dog to sit", "painting a bedroom wall", "best exercises for back pain",
        "when do tulips bloom", "how to tie a necktie", "poems about autumn", "how does photosynthesis work", "learn spanish verbs", "fix a leaking kitchen tap", "history of the roman empire",
        "how to knit a scarf", "movie with the shark and the boat", "is coffee good for the heart", "football results from sunday", "how to grow tomatoes on a balcony", "meaning of my dream about teeth",
        "write a birthday card for my grandmother", "what to wear to a wedding", "how long to boil an egg", "train times from paris to lyon", "center a div with css", "react hooks tutorial",
        "kubernetes ingress certificate", "git rebase undo last commit", "python list comprehension", "docker image too large", "buy a used bicycle",
    ];

    /// <summary>Whether a line is kept out of what is learnt while measuring: a third, by its letters.</summary>
    public static bool HeldOut(string line) => TokenTable.HashOf(line) % 3 == 0;

    /// <summary>Whether a manual's pair is kept out.</summary>
    public static bool HeldOut(Pair pair) => TokenTable.HashOf(pair.Group) % 20 == 0;

    public static void Print(string name, Func<string, float[]> embed, OwnPage[] all, List<Pair> manual)
    {
        if (manual.Count > 0)
        {
            var sections = manual.Select(p => embed(p.Second)).ToArray();
            Row(name, "manual: heading → section", [.. manual.Select((p, i) => RankOf(embed(p.First), sections, i))], $"{manual.Count} sections");
        }
        var pages = all.Where(p => p.Kind == "reference").ToArray();
        var pieces = pages.Select(p => p.Pieces.Select(embed).ToArray()).ToArray();
        var known = pages.Select(p => p.Asked.Where(l => !HeldOut(l)).Select(embed).ToArray()).ToArray();
        var questions = pages.SelectMany((p, i) => p.Asked.Where(HeldOut).Select(l => (Page: i, Vector: embed(l)))).ToArray();
        if (questions.Length > 0)
        {
            Row(name, "asked → page by sections", [.. questions.Select(q => Rank(q.Page, pages.Length, i => Best(q.Vector, pieces[i])))], $"{questions.Length} lines, {pages.Length} pages");
            Row(name, "asked → page by asked lines", [.. questions.Select(q => Rank(q.Page, pages.Length, i => Best(q.Vector, known[i])))], "");
            Row(name, "asked → page by both", [.. questions.Select(q => Rank(q.Page, pages.Length, i => Math.Max(Best(q.Vector, pieces[i]), Best(q.Vector, known[i]))))], "");
            Row(name, "asked → page by their sum", [.. questions.Select(q => Rank(q.Page, pages.Length, i => Best(q.Vector, pieces[i]) + Best(q.Vector, known[i])))], "");
            var whole = pages.Select((_, i) => Mean(pieces[i].Concat(known[i]))).ToArray();
            Row(name, "asked → page by sum and mean", [.. questions.Select(q => Rank(q.Page, pages.Length, i => Best(q.Vector, pieces[i]) + 0.5f * Best(q.Vector, known[i]) + TensorPrimitives.Dot<float>(q.Vector, whole[i])))], "");
            Spread(name, "best cosine, on topic", [.. questions.Select(q => pieces.Max(p => Best(q.Vector, p)))], [.. questions.Select(q => known.Max(p => Best(q.Vector, p)))]);
        }
        var words = pages.SelectMany(p => p.Pieces).SelectMany(p => p.Split((char[]?)null)).Where(w => w.Length >= 6 && w.All(char.IsAsciiLetterLower)).GroupBy(w => w).Where(g => g.Count() > 2).Select(g => g.Key).Order(StringComparer.Ordinal).ToArray();
        if (words.Length > 0)
        {
            var (random, meant) = (new FixedRandom(9), words.Select(embed).ToArray());
            Row(name, "misspelt → word", [.. words.Select((w, i) => RankOf(embed(Subwords.Misspelt(w, random)), meant, i))], $"{words.Length} words");
        }
        var strange = OffTopic.Select(embed).ToArray();
        Spread(name, "best cosine, off topic", [.. strange.Select(q => pieces.Max(p => Best(q, p)))], [.. strange.Select(q => known.Max(p => Best(q, p)))]);
    }

    private static float[] Mean(IEnumerable<float[]> vectors)
    {
        var mean = new float[StaticModel.Dimensions];
        foreach (var vector in vectors) TensorPrimitives.Add<float>(mean, vector, mean);
        TensorPrimitives.Divide(mean, Math.Max(1e-9f, TensorPrimitives.Norm<float>(mean)), mean);
        return mean;
    }

    private static float Best(float[] vector, float[][] among)
    {
        var best = 0f;
        foreach (var other in among) best = Math.Max(best, TensorPrimitives.Dot<float>(vector, other));
        return best;
    }

    private static int RankOf(float[] vector, float[][] among, int right) => Rank(right, among.Length, i => TensorPrimitives.Dot<float>(vector, among[i]));

    // Ties count against it.
    private static int Rank(int right, int count, Func<int, float> score)
    {
        var own = score(right);
        return 1 + Enumerable.Range(0, count).Count(i => i != right && score(i) >= own);
    }

    private static void Row(string name, string what, int[] ranks, string note) => Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
        $"{name,-10} {what,-28} recall@1 {ranks.Average(r => r <= 1 ? 1.0 : 0):F3}  recall@5 {ranks.Average(r => r <= 5 ? 1.0 : 0):F3}  nDCG@10 {ranks.Average(r => r <= 10 ? 1 / Math.Log2(1 + r) : 0):F3}  {note}"));

    private static void Spread(string name, string what, float[] sections, float[] asked) => Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
        $"{name,-10} {what,-28} sections 5 % {At(sections, 0.05):F2} half {At(sections, 0.5):F2} 95 % {At(sections, 0.95):F2}; asked lines 5 % {At(asked, 0.05):F2} half {At(asked, 0.5):F2} 95 % {At(asked, 0.95):F2}"));

    private static float At(float[] values, double share) => values.Order().ElementAt((int)(share * (values.Length - 1)));
}
