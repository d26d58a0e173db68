using System.Collections.Frozen;
using System.Globalization;

namespace AgentHost.Postgres.Twins;

/// <summary>Values that are ordered and replaced together, whatever column they are of, so that what was equal stays so.</summary>
internal enum SurrogateKind { None, Whole, Decimal, Day, Moment, Identifier, Word, Lexeme, Document }

/// <summary>What is done with the values of a type.</summary>
internal static class SurrogateKinds
{
    private static readonly FrozenDictionary<string, SurrogateKind> Kinds = new Dictionary<string, SurrogateKind>(StringComparer.Ordinal)
    {
        ["int2"] = SurrogateKind.Whole, ["int4"] = SurrogateKind.Whole, ["int8"] = SurrogateKind.Whole,
        ["numeric"] = SurrogateKind.Decimal, ["float4"] = SurrogateKind.Decimal, ["float8"] = SurrogateKind.Decimal,
        ["date"] = SurrogateKind.Day, ["timestamp"] = SurrogateKind.Moment, ["timestamptz"] = SurrogateKind.Moment, ["uuid"] = SurrogateKind.Identifier,
        ["text"] = SurrogateKind.Word, ["varchar"] = SurrogateKind.Word, ["bpchar"] = SurrogateKind.Word, ["name"] = SurrogateKind.Word, ["citext"] = SurrogateKind.Word,
        ["jsonb"] = SurrogateKind.Document,
    }.ToFrozenDictionary(StringComparer.Ordinal);

    /// <summary>The kind of a type's values, by its name in <c>pg_type</c>; none where they have no surrogates: addresses, bits, rows.</summary>
    public static SurrogateKind Of(string type) => Kinds.GetValueOrDefault(type);

    /// <summary>The kind of the elements of a type's values: of arrays, of texts to be searched.</summary>
    public static SurrogateKind OfElements(string type) => type == "tsvector" ? SurrogateKind.Lexeme : type.StartsWith('_') ? Of(type[1..]) : SurrogateKind.None;

    /// <summary>A value as it is written in one way only; null where it is none of the kind.</summary>
    public static string? Canonical(SurrogateKind kind, string value) => kind switch
    {
        SurrogateKind.Whole or SurrogateKind.Decimal => Number(value)?.ToString("G29", CultureInfo.InvariantCulture),
        SurrogateKind.Day => Ticks(value) is { } ticks && ticks % TimeSpan.TicksPerDay == 0 ? ticks.ToString(CultureInfo.InvariantCulture) : null,
        SurrogateKind.Moment => Ticks(value)?.ToString(CultureInfo.InvariantCulture),
        SurrogateKind.Identifier => Guid.TryParse(value, out var id) ? id.ToString() : null,
        SurrogateKind.Word => value.TrimEnd(' '), // char(n) is filled up
        SurrogateKind.Document => value,
        _ => null,
    };

    public static decimal? Number(string value) => decimal.TryParse(value, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) ? number : null;

    public static long? Ticks(string value) =>
        value.Contains('-', StringComparison.Ordinal) && DateTimeOffset.TryParse(value, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out var moment)
            ? moment.UtcTicks
            : null;
}
