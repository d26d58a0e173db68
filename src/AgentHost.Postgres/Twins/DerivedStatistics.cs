using System.Collections.Immutable;
using System.Globalization;
using System.Text.RegularExpressions;
using AgentHost.Postgres.Catalog;

namespace AgentHost.Postgres.Twins;

/// <summary>A column of a schema whose rows nobody has seen.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Type">Its base type's name in <c>pg_type</c>.</param>
/// <param name="Length">The type's length in bytes; negative where values differ.</param>
/// <param name="Modifier">The type's modifier, -1 for none.</param>
internal sealed record SchemaColumn(string Name, string Type, short Length, int Modifier)
{
    public bool IsNotNull { get; init; }
    public bool IsUnique { get; init; }

    /// <summary>Whether new rows have greater values: identity columns, sequences' defaults.</summary>
    public bool IsAscending { get; init; }

    /// <summary>The table that it alone refers to.</summary>
    public string? Parent { get; init; }

    /// <summary>All values that it may have: of an enum, of a check.</summary>
    public ImmutableArray<string> Values { get; init; } = [];
}

/// <summary>
/// Statistics as ANALYZE might find them, from a column's type and constraints alone: keys are distinct, references spread evenly over their parents, listed values
/// are equally frequent, times of creation ascend over two years.
/// </summary>
internal static partial class DerivedStatistics
{
    private const int Bounds = 101;

    /// <summary>Shares of nulls: of an ordinary nullable column, and of the time of what seldom happens.</summary>
    private const float Nullable = 0.1f, Seldom = 0.95f;

    /// <summary>How many values a column has of which nothing is known: numbers and days repeat, texts half of the time.</summary>
    private const float Days = 730, Numbers = 1000, TextShare = -0.5f;

    /// <summary>The statistics.</summary>
    /// <param name="column">The column.</param>
    /// <param name="rows">The rows of its table.</param>
    /// <param name="parentRows">The rows of <see cref="SchemaColumn.Parent"/>.</param>
    public static ColumnStatistics Of(SchemaColumn column, double rows, double parentRows)
    {
        var empty = new ColumnStatistics(column.Name) { Type = column.Type, Width = Width(column), NullFraction = column.IsNotNull ? 0 : SeldomSet().IsMatch(column.Name) ? Seldom : Nullable };
        var filled = 1 - empty.NullFraction;
        if (!column.Values.IsEmpty)
        {
            var frequency = filled / column.Values.Length;
            return empty with { Distinct = column.Values.Length, CommonValues = column.Values, CommonFrequencies = [.. column.Values.Select(_ => frequency)], Correlation = 0 };
        }

        var time = column.Type is "timestamptz" or "timestamp" or "date";
        var distinct = column.IsUnique ? -filled
            : column.Parent is not null ? (float)Math.Max(1, Math.Min(parentRows, rows * filled))
            : column.Type switch { "date" => Days, "timestamptz" or "timestamp" or "uuid" => -filled, _ when column.Length > 0 || column.Type == "numeric" => Numbers, _ => TextShare * filled };
        if (distinct >= rows * filled)
            distinct = -filled;
        var ascending = column.IsAscending || (time && Creation().IsMatch(column.Name));
        return empty with
        {
            Distinct = distinct,
            Histogram = Histogram(column, column.Parent is null ? rows : parentRows),
            Correlation = column.Type is "json" or "jsonb" or "xml" or "point" ? null : ascending ? 0.99f : 0,
        };
    }

    private static ImmutableArray<string> Histogram(SchemaColumn column, double most)
    {
        static string Whole(double value) => Math.Floor(value).ToString("F0", CultureInfo.InvariantCulture);
        Func<double, string>? at = column.Type switch
        {
            "int2" => share => Whole(1 + share * Math.Min(most, short.MaxValue - 1)),
            "int4" => share => Whole(1 + share * Math.Min(column.IsUnique || column.Parent is not null ? most : Numbers, int.MaxValue - 1)),
            "int8" => share => Whole(1 + share * (column.IsUnique || column.Parent is not null ? most : Numbers)),
            "numeric" or "float4" or "float8" => share => Whole(share * Numbers),
            "timestamptz" => share => Moment(share).ToString("yyyy-MM-dd HH:mm:ss+00", CultureInfo.InvariantCulture),
            "timestamp" => share => Moment(share).ToString("yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture),
            "date" => share => Moment(share).ToString("yyyy-MM-dd", CultureInfo.InvariantCulture),
            "uuid" => share => new Guid((uint)Math.Min(uint.MaxValue, share * uint.MaxValue), 0, 0, 0, 0, 0, 0, 0, 0, 0, 0).ToString(),
            _ => null,
        };
        return at is null ? [] : [.. Enumerable.Range(0, Bounds).Select(i => at(i / (double)(Bounds - 1))).Distinct()];
    }

    private static DateTime Moment(double share) => new DateTime(2024, 1, 1, 0, 0, 0, DateTimeKind.Utc).AddDays(share * Days);

    /// <summary>Bytes of a value: of types of no fixed length what such columns mostly hold.</summary>
    internal static int Width(SchemaColumn column) => column switch
    {
        { Length: > 0 } => column.Length,
        { Type: "varchar" or "bpchar", Modifier: > 4 } => Math.Min(1 + (column.Modifier - 4 + 1) / 2, 24),
        { Type: "vector", Modifier: > 0 } => 8 + 4 * column.Modifier,
        { Type: "numeric" } => 7,
        { Type: "json" or "jsonb" or "tsvector" or "xml" } => 200,
        { Type: "bytea" } => 100,
        { Type: ['_', ..] } => 48,
        _ => 24,
    };

    [GeneratedRegex("^(deleted|archived|cancel|revoked|expired|removed|blocked|suspended|disabled|merged|failed)", RegexOptions.CultureInvariant | RegexOptions.IgnoreCase | RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex SeldomSet();

    [GeneratedRegex("^(created|inserted|recorded|placed|ordered|received|logged|occurred|happened|sent|posted|measured|at$|ts$|time$|timestamp$)", RegexOptions.CultureInvariant | RegexOptions.IgnoreCase | RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Creation();
}
