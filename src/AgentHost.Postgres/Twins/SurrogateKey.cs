using System.Security.Cryptography;
using System.Text;

namespace AgentHost.Postgres.Twins;

/// <summary>The secret by which a snapshot was redacted: what is drawn with it looks random to whoever lacks it, and is the same for the same value.</summary>
internal sealed class SurrogateKey(byte[] secret)
{
    private const int Bytes = 16;

    /// <summary>A new one.</summary>
    public static SurrogateKey New() => new(RandomNumberGenerator.GetBytes(Bytes));

    /// <summary>One that was written down.</summary>
    /// <exception cref="FormatException">The text is none.</exception>
    public static SurrogateKey Parse(string text) => Convert.FromBase64String(text) is { Length: Bytes } secret ? new SurrogateKey(secret) : throw new FormatException("A key has 16 bytes.");

    /// <inheritdoc />
    public override string ToString() => Convert.ToBase64String(secret);

    /// <summary>32 bytes for a value in a role: what is drawn for one role tells nothing of another.</summary>
    public byte[] Draw(string role, string value) => HMACSHA256.HashData(secret, Encoding.UTF8.GetBytes($"{role}\0{value}"));

    /// <summary>A number from 0 to below 1.</summary>
    public double Share(string role, string value) => BitConverter.ToUInt32(Draw(role, value)) / (uint.MaxValue + 1.0);

    /// <summary>Small letters.</summary>
    /// <param name="role">What for.</param>
    /// <param name="value">In whose place.</param>
    /// <param name="count">How many, up to 32.</param>
    public string Letters(string role, string value, int count) => string.Create(count, Draw(role, value), static (letters, bytes) =>
    {
        for (var i = 0; i < letters.Length; i++)
            letters[i] = (char)('a' + bytes[i] % 26);
    });

    /// <summary>The numbers below <paramref name="count"/> in an order of its own for each value.</summary>
    public int[] Shuffled(string role, string value, int count)
    {
        var (numbers, bytes) = (Enumerable.Range(0, count).ToArray(), Draw(role, value));
        // 32 bytes draw 16 places; beyond these the next block goes on.
        for (int i = count - 1, used = 0; i > 0; i--, used += 2)
        {
            if (used > 0 && used % bytes.Length == 0)
                bytes = Draw(role, $"{value}\0{i}");
            var other = BitConverter.ToUInt16(bytes, used % bytes.Length) % (i + 1);
            (numbers[i], numbers[other]) = (numbers[other], numbers[i]);
        }

        return numbers;
    }
}
