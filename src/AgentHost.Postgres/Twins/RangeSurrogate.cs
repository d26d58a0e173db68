using System.Text.RegularExpressions;

namespace AgentHost.Postgres.Twins;

/// <summary>Another range in the place of one: both bounds move by one step, so that lengths and order stay.</summary>
internal static partial class RangeSurrogate
{
    /// <summary>The surrogate; null where the bounds are neither numbers nor times.</summary>
    public static string? Of(string range)
    {
        if (range == "empty")
            return range;
        if (Range().Match(range) is not { Success: true } match)
            return null;
        var (lower, upper) = (Bound(match.Groups["lower"].Value), Bound(match.Groups["upper"].Value));
        return lower is null || upper is null ? null : $"{match.Groups["open"].Value}{lower},{upper}{match.Groups["close"].Value}";
    }

    private static string? Bound(string bound)
    {
        var plain = bound.Trim('"');
        if (plain.Length == 0 || plain is "infinity" or "-infinity")
            return bound;
        var kind = SurrogateKinds.Number(plain) is null ? plain.Length == 10 ? SurrogateKind.Day : SurrogateKind.Moment : plain.Contains('.', StringComparison.Ordinal) ? SurrogateKind.Decimal : SurrogateKind.Whole;
        return SurrogateValues.Of(kind, [plain], []).GetValueOrDefault(plain) is { } other ? $"\"{other}\"" : null;
    }

    [GeneratedRegex("^(?<open>[\\[(])(?<lower>\"[^\"]*\"|[^\",]*),(?<upper>\"[^\"]*\"|[^\",]*)(?<close>[\\])])$", RegexOptions.CultureInvariant, 1000)]
    private static partial Regex Range();
}
