namespace AgentHost.TrainEmbeddings.Training;

/// <summary>The leading left singular vectors of a sparse matrix, by random projection and power iteration (Halko, Martinsson and Tropp, 2011).</summary>
internal static class TruncatedSvd
{
    private const int Extra = 32;

    /// <summary>Rows of <paramref name="dimensions"/> numbers: U·√Σ.</summary>
    public static float[] Vectors(SparseMatrix matrix, int dimensions, int powerIterations, ParallelOptions threads)
    {
        var (n, k) = (matrix.Rows, dimensions + Extra);
        var random = new FixedRandom(1);
        var start = new float[n * k];
        for (var i = 0; i < start.Length; i++) start[i] = random.Centred();
        var basis = Orthonormal(matrix.Times(start, k, transposed: false, threads), n, k, threads);
        for (var i = 0; i < powerIterations; i++)
        {
            var across = Orthonormal(matrix.Times(basis, k, transposed: true, threads), n, k, threads);
            basis = Orthonormal(matrix.Times(across, k, transposed: false, threads), n, k, threads);
        }
        var image = Transposed(matrix.Times(basis, k, transposed: true, threads), n, k, out var padded);
        var gram = new double[k, k];
        Parallel.For(0, k, threads, i =>
        {
            for (var j = i; j < k; j++) gram[i, j] = gram[j, i] = DotInBlocks(image.AsSpan(i * padded, padded), image.AsSpan(j * padded, padded));
        });
        var (values, vectors) = Eigen(gram, k);
        var order = Enumerable.Range(0, k).OrderByDescending(i => values[i]).ThenBy(i => i).Take(dimensions).ToArray();
        var rotation = new float[k * dimensions];
        for (var j = 0; j < dimensions; j++)
        {
            var scale = Math.Sqrt(Math.Sqrt(Math.Max(0, values[order[j]])));
            for (var i = 0; i < k; i++) rotation[i * dimensions + j] = (float)(vectors[i, order[j]] * scale);
        }
        var result = new float[n * dimensions];
        Parallel.For(0, n, threads, row =>
        {
            for (var i = 0; i < k; i++) Exact.Add(result.AsSpan(row * dimensions, dimensions), rotation.AsSpan(i * dimensions, dimensions), basis[row * k + i]);
        });
        return result;
    }

    // Modified Gram-Schmidt, column after column; the columns to the right are independent of each other.
    private static float[] Orthonormal(float[] rows, int n, int k, ParallelOptions threads)
    {
        var columns = Transposed(rows, n, k, out var padded);
        for (var i = 0; i < k; i++)
        {
            var current = i;
            Exact.Scale(columns.AsSpan(i * padded, padded), (float)(1 / Math.Sqrt(Math.Max(1e-30, DotInBlocks(columns.AsSpan(i * padded, padded), columns.AsSpan(i * padded, padded))))));
            Parallel.For(i + 1, k, threads, j =>
            {
                var fixedColumn = columns.AsSpan(current * padded, padded);
                var column = columns.AsSpan(j * padded, padded);
                Exact.Add(column, fixedColumn, -(float)DotInBlocks(fixedColumn, column));
            });
        }
        for (var row = 0; row < n; row++)
            for (var i = 0; i < k; i++) rows[row * k + i] = columns[i * padded + row];
        return rows;
    }

    private static float[] Transposed(float[] rows, int n, int k, out int padded)
    {
        padded = (n + 15) / 16 * 16;
        var columns = new float[k * padded];
        for (var row = 0; row < n; row++)
            for (var i = 0; i < k; i++) columns[i * padded + row] = rows[row * k + i];
        return columns;
    }

    private static double DotInBlocks(ReadOnlySpan<float> a, ReadOnlySpan<float> b)
    {
        double sum = 0;
        for (var i = 0; i < a.Length; i += 1024)
        {
            var length = Math.Min(1024, a.Length - i);
            sum += Exact.Dot(a.Slice(i, length), b.Slice(i, length));
        }
        return sum;
    }

    // Cyclic Jacobi.
    private static (double[] Values, double[,] Vectors) Eigen(double[,] a, int n)
    {
        var vectors = new double[n, n];
        for (var i = 0; i < n; i++) vectors[i, i] = 1;
        for (var sweep = 0; sweep < 12; sweep++)
            for (var p = 0; p < n; p++)
                for (var q = p + 1; q < n; q++)
                {
                    if (Math.Abs(a[p, q]) <= 1e-14 * Math.Sqrt(Math.Abs(a[p, p] * a[q, q]))) continue;
                    var theta = (a[q, q] - a[p, p]) / (2 * a[p, q]);
                    var t = (theta < 0 ? -1 : 1) / (Math.Abs(theta) + Math.Sqrt(theta * theta + 1));
                    var c = 1 / Math.Sqrt(t * t + 1);
                    var s = t * c;
                    for (var i = 0; i < n; i++) (a[i, p], a[i, q]) = (c * a[i, p] - s * a[i, q], s * a[i, p] + c * a[i, q]);
                    for (var i = 0; i < n; i++) (a[p, i], a[q, i]) = (c * a[p, i] - s * a[q, i], s * a[p, i] + c * a[q, i]);
                    for (var i = 0; i < n; i++) (vectors[i, p], vectors[i, q]) = (c * vectors[i, p] - s * vectors[i, q], s * vectors[i, p] + c * vectors[i, q]);
                }
        return (Enumerable.Range(0, n).Select(i => a[i, i]).ToArray(), vectors);
    }
}
