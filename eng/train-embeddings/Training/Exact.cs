using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace AgentHost.TrainEmbeddings.Training;

/// <summary>Arithmetic that gives the same bits on every machine: registers of a fixed width, a multiplication and an addition each rounded, no function of the C library.</summary>
internal static class Exact
{
    /// <summary>Σ aᵢ·bᵢ; lengths are equal and divisible by 16.</summary>
    public static float Dot(ReadOnlySpan<float> a, ReadOnlySpan<float> b)
    {
        ref var pa = ref MemoryMarshal.GetReference(a);
        ref var pb = ref MemoryMarshal.GetReference(b);
        var (s, t) = (Vector256<float>.Zero, Vector256<float>.Zero);
        for (nuint i = 0; i < (nuint)a.Length; i += 16)
        {
            s += Vector256.LoadUnsafe(ref pa, i) * Vector256.LoadUnsafe(ref pb, i);
            t += Vector256.LoadUnsafe(ref pa, i + 8) * Vector256.LoadUnsafe(ref pb, i + 8);
        }
        return Sum(s + t);
    }

    /// <summary>The dot products of one vector with four.</summary>
    public static (float, float, float, float) Dot4(ReadOnlySpan<float> a, ReadOnlySpan<float> b, ReadOnlySpan<float> c, ReadOnlySpan<float> d, ReadOnlySpan<float> e)
    {
        ref var pa = ref MemoryMarshal.GetReference(a);
        ref var pb = ref MemoryMarshal.GetReference(b);
        ref var pc = ref MemoryMarshal.GetReference(c);
        ref var pd = ref MemoryMarshal.GetReference(d);
        ref var pe = ref MemoryMarshal.GetReference(e);
        var (s, t, u, v) = (Vector256<float>.Zero, Vector256<float>.Zero, Vector256<float>.Zero, Vector256<float>.Zero);
        for (nuint i = 0; i < (nuint)a.Length; i += 8)
        {
            var x = Vector256.LoadUnsafe(ref pa, i);
            s += x * Vector256.LoadUnsafe(ref pb, i);
            t += x * Vector256.LoadUnsafe(ref pc, i);
            u += x * Vector256.LoadUnsafe(ref pd, i);
            v += x * Vector256.LoadUnsafe(ref pe, i);
        }
        return (Sum(s), Sum(t), Sum(u), Sum(v));
    }

    /// <summary>y += f·x; lengths are equal and divisible by 8.</summary>
    public static void Add(Span<float> y, ReadOnlySpan<float> x, float f)
    {
        ref var py = ref MemoryMarshal.GetReference(y);
        ref var px = ref MemoryMarshal.GetReference(x);
        var factor = Vector256.Create(f);
        for (nuint i = 0; i < (nuint)y.Length; i += 8)
            (Vector256.LoadUnsafe(ref py, i) + Vector256.LoadUnsafe(ref px, i) * factor).StoreUnsafe(ref py, i);
    }

    /// <summary>y += f·a + g·b + h·c + k·d, added in this order.</summary>
    public static void Add4(Span<float> y, ReadOnlySpan<float> a, float f, ReadOnlySpan<float> b, float g, ReadOnlySpan<float> c, float h, ReadOnlySpan<float> d, float k)
    {
        ref var py = ref MemoryMarshal.GetReference(y);
        ref var pa = ref MemoryMarshal.GetReference(a);
        ref var pb = ref MemoryMarshal.GetReference(b);
        ref var pc = ref MemoryMarshal.GetReference(c);
        ref var pd = ref MemoryMarshal.GetReference(d);
        var (vf, vg, vh, vk) = (Vector256.Create(f), Vector256.Create(g), Vector256.Create(h), Vector256.Create(k));
        for (nuint i = 0; i < (nuint)y.Length; i += 8)
        {
            var sum = Vector256.LoadUnsafe(ref py, i) + Vector256.LoadUnsafe(ref pa, i) * vf;
            sum += Vector256.LoadUnsafe(ref pb, i) * vg;
            sum += Vector256.LoadUnsafe(ref pc, i) * vh;
            sum += Vector256.LoadUnsafe(ref pd, i) * vk;
            sum.StoreUnsafe(ref py, i);
        }
    }

    /// <summary>Scales a vector to length 1 (zero stays zero); its length before.</summary>
    public static float Normalize(Span<float> x)
    {
        var norm = MathF.Sqrt(Dot(x, x));
        if (norm > 0) Scale(x, 1 / norm);
        return norm;
    }

    /// <summary>x *= f.</summary>
    public static void Scale(Span<float> x, float f)
    {
        for (var i = 0; i < x.Length; i++) x[i] *= f;
    }

    /// <summary>eˣ, to about 1e-12, for |x| &lt; 700.</summary>
    public static double Exp(double x)
    {
        var n = Math.Floor(x * 1.4426950408889634 + 0.5);
        var r = x - n * 0.6931471805599453;
        var (sum, term) = (1.0, 1.0);
        for (var i = 1; i < 14; i++)
        {
            term = term * r / i;
            sum += term;
        }
        return sum * BitConverter.Int64BitsToDouble(((long)n + 1023) << 52);
    }

    /// <summary>The natural logarithm of a positive normal number, to about 1e-12.</summary>
    public static double Log(double x)
    {
        var bits = BitConverter.DoubleToInt64Bits(x);
        var exponent = (int)((bits >> 52) & 0x7FF) - 1023;
        var m = BitConverter.Int64BitsToDouble((bits & 0xFFFFFFFFFFFFF) | (1023L << 52));
        if (m > 1.4142135623730951) (m, exponent) = (m / 2, exponent + 1);
        var z = (m - 1) / (m + 1);
        var (square, power, sum) = (z * z, z, 0.0);
        for (var i = 1; i < 20; i += 2)
        {
            sum += power / i;
            power *= square;
        }
        return 2 * sum + exponent * 0.6931471805599453;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static float Sum(Vector256<float> v)
    {
        var q = v.GetLower() + v.GetUpper();
        return (q[0] + q[2]) + (q[1] + q[3]);
    }
}

/// <summary>SplitMix64: the same numbers from the same seed for ever.</summary>
internal sealed class FixedRandom(ulong seed)
{
    private ulong state = seed;

    public ulong Next()
    {
        var z = state += 0x9E3779B97F4A7C15UL;
        z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9UL;
        z = (z ^ (z >> 27)) * 0x94D049BB133111EBUL;
        return z ^ (z >> 31);
    }

    /// <summary>0 ≤ number &lt; end.</summary>
    public int Below(int end) => (int)((Next() >> 32) * (ulong)end >> 32);

    /// <summary>-1 ≤ number &lt; 1.</summary>
    public float Centred() => (int)(Next() >> 40) * (1f / (1 << 23)) - 1;

    public void Shuffle<T>(Span<T> items)
    {
        for (var i = items.Length - 1; i > 0; i--)
        {
            var j = Below(i + 1);
            (items[i], items[j]) = (items[j], items[i]);
        }
    }
}
