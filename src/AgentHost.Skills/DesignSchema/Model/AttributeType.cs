using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace AgentHost.Skills.DesignSchema.Model;

/// <summary>How a domain type behaves in comparisons and literals.</summary>
internal enum ValueFamily { Text, Whole, Number, Boolean, Instant, Date, Time, Duration, Json, Uuid, Bytes, Ip, Enum }

/// <summary>A type in the words of the domain, with its limits.</summary>
/// <param name="Word">The word the model used (canonical).</param>
/// <param name="Family">How its values behave.</param>
/// <param name="SqlType">The PostgreSQL type.</param>
internal sealed partial record AttributeType(string Word, ValueFamily Family, string SqlType)
{
    /// <summary>Longest text in characters, or null.</summary>
    public int? MaxLength { get; init; }

    /// <summary>A POSIX regular expression that each value matches, or null.</summary>
    public string? Pattern { get; init; }

    /// <summary>Whether values are kept in lower case.</summary>
    public bool IsLowerCase { get; init; }

    /// <summary>Smallest and largest number, as SQL literals, or null.</summary>
    public string? Minimum { get; init; }

    public string? Maximum { get; init; }

    /// <summary>The values of an enum; empty for others.</summary>
    public ImmutableArray<string> Values { get; init; } = [];

    /// <summary>Whether an enum's values go to a table of their own, whatever their number.</summary>
    public bool? Lookup { get; init; }

    /// <summary>Whether an enum becomes a type of its own (CREATE TYPE).</summary>
    public bool IsNativeEnum { get; init; }

    /// <summary>Every type by its word.</summary>
    public static ImmutableArray<AttributeType> Known { get; } =
    [
        new("text", ValueFamily.Text, "text") { MaxLength = 2000 },
        new("long text", ValueFamily.Text, "text") { MaxLength = 100_000 },
        new("slug", ValueFamily.Text, "text") { MaxLength = 100, Pattern = "^[a-z0-9]+(-[a-z0-9]+)*$" },
        new("email", ValueFamily.Text, "text") { MaxLength = 320, Pattern = "^[^@[:space:]]+@[^@[:space:]]+$", IsLowerCase = true },
        new("url", ValueFamily.Text, "text") { MaxLength = 2000, Pattern = "^https?://" },
        new("phone", ValueFamily.Text, "text") { MaxLength = 16, Pattern = "^[+][1-9][0-9]{1,14}$" },
        new("currency", ValueFamily.Text, "text") { Pattern = "^[A-Z]{3}$" },
        new("country", ValueFamily.Text, "text") { Pattern = "^[A-Z]{2}$" },
        new("money", ValueFamily.Number, "numeric(19,4)"),
        new("decimal", ValueFamily.Number, "numeric"),
        new("percent", ValueFamily.Number, "numeric(7,4)"),
        new("float", ValueFamily.Number, "double precision"),
        new("integer", ValueFamily.Whole, "integer"),
        new("bigint", ValueFamily.Whole, "bigint"),
        new("boolean", ValueFamily.Boolean, "boolean"),
        new("instant", ValueFamily.Instant, "timestamptz"),
        new("date", ValueFamily.Date, "date"),
        new("time", ValueFamily.Time, "time"),
        new("duration", ValueFamily.Duration, "interval"),
        new("json", ValueFamily.Json, "jsonb"),
        new("uuid", ValueFamily.Uuid, "uuid"),
        new("bytes", ValueFamily.Bytes, "bytea"),
        new("ip", ValueFamily.Ip, "inet"),
        new("enum", ValueFamily.Enum, "text"),
    ];

    private static readonly Dictionary<string, string> Aliases = new(StringComparer.Ordinal)
    {
        ["string"] = "text", ["varchar"] = "text", ["longtext"] = "long text", ["markdown"] = "long text", ["int"] = "integer",
        ["long"] = "bigint", ["bool"] = "boolean", ["timestamp"] = "instant", ["timestamptz"] = "instant", ["datetime"] = "instant",
        ["jsonb"] = "json", ["document"] = "json", ["double"] = "float", ["numeric"] = "decimal", ["binary"] = "bytes",
        ["bytea"] = "bytes", ["inet"] = "ip", ["interval"] = "duration", ["percentage"] = "percent",
    };

    /// <summary>Reads <c>text(200)</c>, <c>decimal(12,3)</c>, <c>enum of [a, b]</c> or a bare word; adds a problem and returns null where it cannot.</summary>
    public static AttributeType? Read(YamlScalar node, ProblemList problems)
    {
        var match = Shape().Match(node.Value.Trim());
        var word = match.Success ? match.Groups["word"].Value.Trim().ToLowerInvariant().Replace('_', ' ').Replace('-', ' ') : "";
        word = Aliases.GetValueOrDefault(word, word);
        var type = Known.FirstOrDefault(k => k.Word == word);
        if (type is null)
        {
            problems.Add(node, $"unknown type '{Names.Shorten(node.Value)}'{NearestNames.Suggest(word.Length == 0 ? node.Value : word, Known.Select(k => k.Word).Concat(Aliases.Keys))}");
            return null;
        }
        if (match.Groups["values"].Success)
        {
            if (type.Family == ValueFamily.Enum)
                return type with { Values = [.. match.Groups["values"].Value.Split(',').Select(v => v.Trim().Trim('\'', '"')).Where(v => v.Length > 0)] };
            problems.Add(node, $"only an enum lists values; '{word}' does not");
            return null;
        }
        return match.Groups["args"].Success ? WithArguments(type, match.Groups["args"].Value, node, problems) : type;
    }

    private static AttributeType? WithArguments(AttributeType type, string text, YamlScalar node, ProblemList problems)
    {
        var numbers = text.Split(',').Select(a => int.TryParse(a.Trim(), NumberStyles.None, CultureInfo.InvariantCulture, out var n) ? n : -1).ToList();
        if (type.Family == ValueFamily.Text && numbers is [>= 1 and <= 10_000_000])
            return type with { MaxLength = numbers[0] };
        if (type.Word == "decimal" && numbers is [>= 1 and <= 1000, >= 0] && numbers[1] <= numbers[0])
            return type with { SqlType = $"numeric({numbers[0]},{numbers[1]})" };
        problems.Add(node, $"'{Names.Shorten(node.Value)}': only text types take a length, as text(200), and decimal a precision and scale, as decimal(12,3)");
        return null;
    }

    /// <summary>A default as SQL, or null with a problem where the value does not fit the type.</summary>
    public string? DefaultLiteral(YamlScalar node, ProblemList problems)
    {
        var v = node.Value;
        var word = node.IsQuoted ? "" : v.ToLowerInvariant();
        var sql = Family switch
        {
            ValueFamily.Text when v.EnumerateRunes().Count() <= (MaxLength ?? int.MaxValue) && !(IsLowerCase && v.Any(char.IsUpper)) => Quote(v),
            ValueFamily.Enum when Values.Contains(v, StringComparer.Ordinal) => Quote(v),
            ValueFamily.Whole when long.TryParse(v, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var n) && (SqlType == "bigint" || n == (int)n) => v,
            ValueFamily.Number when decimal.TryParse(v, NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out _) => v,
            ValueFamily.Boolean when word is "true" or "false" => word,
            ValueFamily.Boolean when word is "yes" or "on" => "true",
            ValueFamily.Boolean when word is "no" or "off" => "false",
            ValueFamily.Instant when word is "now" or "now()" => "now()",
            ValueFamily.Instant when DateTimeOffset.TryParse(v, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var at) => $"'{at.UtcDateTime:yyyy-MM-dd HH:mm:ss.ffffff}+00'",
            ValueFamily.Date when word is "today" or "current_date" => "CURRENT_DATE",
            ValueFamily.Date when DateOnly.TryParseExact(v, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out _) => Quote(v),
            ValueFamily.Time when TimeOnly.TryParse(v, CultureInfo.InvariantCulture, out var time) => $"'{time:HH:mm:ss}'",
            ValueFamily.Json when IsJson(v) => Quote(v),
            ValueFamily.Uuid when word == "random" => "gen_random_uuid()",
            ValueFamily.Uuid when Guid.TryParseExact(v, "D", out var id) => $"'{id:D}'",
            _ => null,
        };
        if (sql is null)
            problems.Add(node, $"'{Names.Shorten(v)}' is not a default for type '{Word}'" + Family switch
            {
                ValueFamily.Enum => NearestNames.Suggest(v, Values),
                ValueFamily.Instant => "; write now, or an ISO time as 2026-01-31T12:00:00Z",
                ValueFamily.Date => "; write today, or an ISO date as 2026-01-31",
                ValueFamily.Json => "; write JSON in quotes, as '{}'",
                ValueFamily.Uuid => "; write random, or a UUID",
                ValueFamily.Bytes or ValueFamily.Duration or ValueFamily.Ip => "; this type takes none",
                _ => "",
            });
        return sql;
    }

    /// <summary>A SQL string literal; standard_conforming_strings is assumed, as every supported server has it on.</summary>
    public static string Quote(string text) => $"'{text.Replace("'", "''")}'";

    /// <summary>Widest key entry in bytes for this type's btree index, or null where it is small.</summary>
    public int? WidestKeyBytes => Family switch
    {
        ValueFamily.Text when MaxLength is { } n => n * (IsLowerCase || Pattern is not null ? 1 : 4),
        ValueFamily.Json or ValueFamily.Bytes => int.MaxValue,
        _ => null,
    };

    private static bool IsJson(string text)
    {
        try
        {
            using var _ = JsonDocument.Parse(text);
            return true;
        }
        catch (JsonException)
        {
            return false;
        }
    }

    [GeneratedRegex(@"^(?<word>[A-Za-z][A-Za-z _-]*?)\s*(\((?<args>[0-9 ,]+)\)|(\s+of)?\s*\[(?<values>[^\]]*)\])?$", RegexOptions.ExplicitCapture | RegexOptions.NonBacktracking)]
    private static partial Regex Shape();

    /// <inheritdoc />
    public override string ToString() => Family == ValueFamily.Enum ? $"enum of [{string.Join(", ", Values)}]" : Word;
}
