namespace AgentHost.TrainEmbeddings.Training;

/// <summary>How often two tokens stand near each other, as a sparse symmetric matrix of positive pointwise mutual information (Levy and Goldberg, 2014).</summary>
internal sealed class Cooccurrence
{
    private readonly int tokens;
    private ulong[] keys = new ulong[1 << 22];
    private int[] counts = new int[1 << 22];
    private int used;

    public Cooccurrence(int tokens) => this.tokens = tokens;

    /// <summary>Counts a pair; order does not matter.</summary>
    public void Add(int a, int b, int count)
    {
        if (a == b) return;
        if (used > keys.Length / 10 * 7) Grow();
        var key = ((ulong)(uint)Math.Min(a, b) << 32 | (uint)Math.Max(a, b)) + 1;
        ref var slot = ref counts[Slot(keys, key)];
        if (slot == 0)
        {
            keys[Slot(keys, key)] = key;
            used++;
        }
        slot += count;
    }

    /// <summary>The matrix's rows: for each entry of at least <paramref name="least"/> the neighbour, the weight and the weight with the roles swapped.</summary>
    public SparseMatrix Ppmi(int least, double shift)
    {
        var entries = new List<(int A, int B, int Count)>();
        for (var i = 0; i < keys.Length; i++)
            if (counts[i] >= least) entries.Add(((int)((keys[i] - 1) >> 32), (int)(uint)(keys[i] - 1), counts[i]));
        entries.Sort();
        var sums = new double[tokens];
        foreach (var (a, b, count) in entries) (sums[a], sums[b]) = (sums[a] + count, sums[b] + count);
        // Contexts are smoothed by the power of 3/4, so that rare ones do not get all the weight.
        var smooth = sums.Select(s => Math.Sqrt(s) * Math.Sqrt(Math.Sqrt(s))).ToArray();
        double total = 0;
        foreach (var s in smooth) total += s;
        double Weight(int a, int b, int count) => Math.Max(0, Exact.Log(count * total / (sums[a] * smooth[b])) - shift);

        var kept = entries.Select(e => (e.A, e.B, Ab: (float)Weight(e.A, e.B, e.Count), Ba: (float)Weight(e.B, e.A, e.Count))).Where(e => e.Ab > 0 || e.Ba > 0).ToList();
        var starts = new int[tokens + 1];
        foreach (var e in kept) (starts[e.A + 1], starts[e.B + 1]) = (starts[e.A + 1] + 1, starts[e.B + 1] + 1);
        for (var i = 0; i < tokens; i++) starts[i + 1] += starts[i];
        var (next, columns, values, swapped) = (starts.ToArray(), new int[kept.Count * 2], new float[kept.Count * 2], new float[kept.Count * 2]);
        foreach (var e in kept)
        {
            (columns[next[e.A]], values[next[e.A]], swapped[next[e.A]]) = (e.B, e.Ab, e.Ba);
            next[e.A]++;
            (columns[next[e.B]], values[next[e.B]], swapped[next[e.B]]) = (e.A, e.Ba, e.Ab);
            next[e.B]++;
        }
        return new SparseMatrix(starts, columns, values, swapped);
    }

    private static int Slot(ulong[] keys, ulong key)
    {
        var mask = keys.Length - 1;
        var slot = (int)(key * 0x9E3779B97F4A7C15UL >> 32) & mask;
        while (keys[slot] != 0 && keys[slot] != key) slot = (slot + 1) & mask;
        return slot;
    }

    private void Grow()
    {
        var (oldKeys, oldCounts) = (keys, counts);
        (keys, counts) = (new ulong[oldKeys.Length * 2], new int[oldKeys.Length * 2]);
        for (var i = 0; i < oldKeys.Length; i++)
        {
            if (oldKeys[i] == 0) continue;
            var slot = Slot(keys, oldKeys[i]);
            (keys[slot], counts[slot]) = (oldKeys[i], oldCounts[i]);
        }
    }
}

/// <summary>A sparse square matrix whose pattern is symmetric, with its transpose's values.</summary>
internal sealed record SparseMatrix(int[] Starts, int[] Columns, float[] Values, float[] Transposed)
{
    public int Rows => Starts.Length - 1;

    /// <summary>The product with a dense matrix of rows of <paramref name="width"/>; rows are independent, so threads change nothing.</summary>
    public float[] Times(float[] dense, int width, bool transposed, ParallelOptions threads)
    {
        var product = new float[Rows * width];
        var values = transposed ? Transposed : Values;
        Parallel.For(0, (Rows + 63) / 64, threads, block =>
        {
            for (var row = block * 64; row < Math.Min(Rows, block * 64 + 64); row++)
            {
                var to = product.AsSpan(row * width, width);
                for (var i = Starts[row]; i < Starts[row + 1]; i++) Exact.Add(to, dense.AsSpan(Columns[i] * width, width), values[i]);
            }
        });
        return product;
    }
}
