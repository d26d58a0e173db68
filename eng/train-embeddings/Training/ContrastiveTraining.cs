using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using AgentHost.Knowledge.Embedding;

namespace AgentHost.TrainEmbeddings.Training;

/// <summary>A pair as rows of the table, with its group's number.</summary>
internal readonly record struct TokenPair(int Group, Token[] First, Token[] Second);

/// <summary>
/// Pulls the texts of a pair together and away from the other pairs of the batch (InfoNCE in both directions, van den Oord et al., 2018), by steps of row-wise Adagrad.
/// Threads share the work by rows or by dimensions, so that no sum depends on them.
/// </summary>
internal sealed class ContrastiveTraining(float[] rows, float sharpness, ParallelOptions threads)
{
    private const int D = StaticModel.Dimensions, Slices = 4, Slice = D / Slices;
    private const float Tiny = 1e-12f;

    private readonly float[] gradients = new float[rows.Length];
    private readonly float[] squares = new float[rows.Length / D];
    private readonly bool[] touched = new bool[rows.Length / D];

    /// <summary>One step on a batch; the mean loss in nats.</summary>
    public double Step(TokenPair[] batch, float rate)
    {
        var n = batch.Length;
        var texts = new Token[2 * n][];
        for (var i = 0; i < n; i++) (texts[i], texts[n + i]) = (batch[i].First, batch[i].Second);
        var (vectors, norms) = (new float[2 * n * D], new float[2 * n]);
        Parallel.For(0, 2 * n, threads, i =>
        {
            var vector = vectors.AsSpan(i * D, D);
            foreach (var token in texts[i]) Exact.Add(vector, rows.AsSpan(token.Row * D, D), token.Weight);
            norms[i] = Exact.Normalize(vector);
        });
        var similar = Similarities(batch, vectors);
        var loss = Softmax(similar, n);
        var errors = Errors(similar, vectors, norms, n);
        Apply(texts, errors, rate);
        return loss;
    }

    // exp(sharpness·(cos - 1)): cosines are at most 1, so no maximum need be taken out.
    private float[] Similarities(TokenPair[] batch, float[] vectors)
    {
        var n = batch.Length;
        var similar = new float[n * n];
        Parallel.For(0, n, threads, i =>
        {
            var a = vectors.AsSpan(i * D, D);
            var line = similar.AsSpan(i * n, n);
            ReadOnlySpan<float> B(int j) => vectors.AsSpan((n + j) * D, D);
            for (var j = 0; j < n; j += 4) (line[j], line[j + 1], line[j + 2], line[j + 3]) = Exact.Dot4(a, B(j), B(j + 1), B(j + 2), B(j + 3));
            ExpInPlace(line, sharpness);
            for (var j = 0; j < n; j++)
                if (j != i && batch[j].Group == batch[i].Group) line[j] = 0;
        });
        return similar;
    }

    // Turns the similarities into the loss's derivatives by the cosines.
    private double Softmax(float[] similar, int n)
    {
        var (across, down) = (new float[n], new float[n]);
        double loss = 0;
        for (var i = 0; i < n; i++)
            for (var j = 0; j < n; j++)
            {
                across[i] += similar[i * n + j];
                down[j] += similar[i * n + j];
            }
        for (var i = 0; i < n; i++)
        {
            loss -= Exact.Log((double)similar[i * n + i] * similar[i * n + i] / ((double)across[i] * down[i])) / 2;
            (across[i], down[i]) = (1 / across[i], 1 / down[i]);
        }
        var scale = sharpness / (2 * n);
        for (var i = 0; i < n; i++)
            for (var j = 0; j < n; j++)
            {
                var p = similar[i * n + j] * (across[i] + down[j]);
                similar[i * n + j] = (i == j ? p - 2 : p) * scale;
            }
        return loss / n;
    }

    // The loss's derivatives by the texts' sums.
    private float[] Errors(float[] similar, float[] vectors, float[] norms, int n)
    {
        var errors = new float[2 * n * D];
        Parallel.For(0, 2 * n, threads, i =>
        {
            var error = errors.AsSpan(i * D, D);
            var (self, other) = i < n ? (i, n) : (i - n, 0);
            float Factor(int j) => i < n ? similar[self * n + j] : similar[j * n + self];
            ReadOnlySpan<float> Other(int j) => vectors.AsSpan((other + j) * D, D);
            for (var j = 0; j < n; j += 4)
                Exact.Add4(error, Other(j), Factor(j), Other(j + 1), Factor(j + 1), Other(j + 2), Factor(j + 2), Other(j + 3), Factor(j + 3));
            var vector = vectors.AsSpan(i * D, D);
            Exact.Add(error, vector, -Exact.Dot(error, vector));
            Exact.Scale(error, norms[i] > 0 ? 1 / norms[i] : 0);
        });
        return errors;
    }

    private void Apply(Token[][] texts, float[] errors, float rate)
    {
        var changed = new List<int>();
        foreach (var text in texts)
            foreach (var token in text)
                if (!touched[token.Row])
                {
                    touched[token.Row] = true;
                    changed.Add(token.Row);
                }
        Parallel.For(0, Slices, threads, slice =>
        {
            for (var i = 0; i < texts.Length; i++)
                foreach (var token in texts[i])
                    Exact.Add(gradients.AsSpan(token.Row * D + slice * Slice, Slice), errors.AsSpan(i * D + slice * Slice, Slice), token.Weight);
        });
        Parallel.For(0, changed.Count, threads, i =>
        {
            var row = changed[i];
            var gradient = gradients.AsSpan(row * D, D);
            squares[row] += Exact.Dot(gradient, gradient) / D;
            Exact.Add(rows.AsSpan(row * D, D), gradient, -rate / MathF.Sqrt(squares[row] + Tiny));
            gradient.Clear();
            touched[row] = false;
        });
    }

    // exp(factor·(x - 1)) by 2ⁿ and a polynomial, good to about 1e-6.
    private static void ExpInPlace(Span<float> line, float factor)
    {
        ref var start = ref MemoryMarshal.GetReference(line);
        for (nuint i = 0; i < (nuint)line.Length; i += 8)
        {
            var x = (Vector256.LoadUnsafe(ref start, i) - Vector256<float>.One) * Vector256.Create(factor * 1.44269504f);
            x = Vector256.Max(x, Vector256.Create(-100f));
            var n = Vector256.Floor(x + Vector256.Create(0.5f));
            var f = (x - n) * Vector256.Create(0.693147181f);
            var p = Vector256.Create(1f / 720);
            foreach (var c in (ReadOnlySpan<float>)[1f / 120, 1f / 24, 1f / 6, 0.5f, 1, 1]) p = p * f + Vector256.Create(c);
            var power = Vector256.ShiftLeft(Vector256.ConvertToInt32(n) + Vector256.Create(127), 23).AsSingle();
            (p * power).StoreUnsafe(ref start, i);
        }
    }
}
