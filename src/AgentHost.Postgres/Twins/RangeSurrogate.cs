using System.Text.RegularExpressions;

namespace AgentHost.Postgres.Twins;

/// <summary>Another range in the place of one: each bound is replaced as a value of its kind.</summary>
internal static partial class RangeSurrogate
{
    /// <summary>The bounds of a range that are numbers or times.</summary>
    public static IEnumerable<(SurrogateKind Kind, string Value)> Bounds(string range) =>
        Range().Match(range) is { Success: true } match ? ((string[])["lower", "upper"]).Select(name => Plain(match.Groups[name].Value)).Where(IsFinite).Select(bound => (Kind(bound), bound)) : [];

    /// <summary>The surrogate; null where the bounds are neither numbers nor times.</summary>
    /// <param name="range">The range.</param>
    /// <param name="other">The surrogate of a bound.</param>
    public static string? Of(string range, Func<SurrogateKind, string, string?> other)
    {
        if (range == "empty")
            return range;
        if (Range().Match(range) is not { Success: true } match)
            return null;
        string? Bound(string name) => Plain(match.Groups[name].Value) is var plain && !IsFinite(plain) ? plain : other(Kind(plain), plain) is { } surrogate ? $"\"{surrogate}\"" : null;
        var (lower, upper) = (Bound("lower"), Bound("upper"));
        return lower is null || upper is null ? null : $"{match.Groups["open"].Value}{lower},{upper}{match.Groups["close"].Value}";
    }

    private static string Plain(string bound) => bound.Trim('"');

    private static bool IsFinite(string bound) => bound.Length > 0 && bound is not ("infinity" or "-infinity");

    private static SurrogateKind Kind(string bound) => SurrogateKinds.Number(bound) is null
        ? bound.Length == 10 ? SurrogateKind.Day : SurrogateKind.Moment
        : bound.Contains('.', StringComparison.Ordinal) ? SurrogateKind.Decimal : SurrogateKind.Whole;

    [GeneratedRegex("^(?<open>[\\[(])(?<lower>\"[^\"]*\"|[^\",]*),(?<upper>\"[^\"]*\"|[^\",]*)(?<close>[\\])])$", RegexOptions.CultureInvariant, 1000)]
    private static partial Regex Range();
}
