using System.Globalization;
using AgentHost.Postgres.Rows;
using Npgsql;
using NpgsqlTypes;

namespace AgentHost.Postgres.Synthesis;

/// <summary>A type whose values are numbers of a kind: how they become numbers and how numbers become them.</summary>
/// <param name="Read">SQL over <c>v</c>, a text, that gives the number; null for one that cannot be used, as infinity.</param>
/// <param name="Write">SQL that makes a value of a whole number of <see cref="Unit"/>s (<c>int8</c>), or of any number (<c>float8</c>).</param>
/// <param name="IsWhole">Whether values are whole numbers of units.</param>
internal sealed record NumberLine(string Read, Func<string, string> Write, bool IsWhole)
{
    /// <summary>Whether values may all be multiples of something.</summary>
    public bool HasUnit { get; init; } = true;

    private const string Epoch = "946684800000000"; // 2000-01-01 in microseconds since 1970

    /// <summary>The most decimals of a <c>numeric</c> without a scale.</summary>
    private const int MostDecimals = 6;

    /// <summary>The line of a type; null where it has none.</summary>
    /// <param name="type">The type behind any domains.</param>
    /// <param name="modifier">Its modifier.</param>
    /// <param name="samples">Values, to see how many decimals there are.</param>
    public static NumberLine? Of(RowType type, int modifier, IEnumerable<string> samples) => type.Name switch
    {
        "int2" or "int4" => new NumberLine("v::numeric", x => $"({x})::{type.Sql}", true),
        "int8" => new NumberLine("v::numeric", x => x, true),
        "oid" => new NumberLine("v::numeric", x => $"({x})::oid", true),
        "numeric" => Numeric(modifier, samples),
        "money" => new NumberLine("v::money::numeric * 100", x => $"(({x})::numeric * 0.01)::money", true),
        "float4" or "float8" => new NumberLine($"case when v::float8 between -1e25 and 1e25 then v::float8::numeric end", x => $"({x})::{type.Sql}", false),
        "date" => new NumberLine("case when isfinite(v::date) then (v::date - date '2000-01-01')::numeric end", x => $"(date '2000-01-01' + ({x})::int)", true),
        "timestamp" => Moment("timestamp", "timestamp '2000-01-01 00:00:00'"),
        "timestamptz" => Moment("timestamptz", "timestamptz '2000-01-01 00:00:00+00'"),
        "time" => new NumberLine("(extract(epoch from v::time) * 1000000)::numeric(30, 0)", x => $"(time '00:00' + ({x}) * interval '1 microsecond')", true),
        "interval" => new NumberLine("(extract(epoch from v::interval) * 1000000)::numeric(30, 0)", x => $"justify_hours(({x}) * interval '1 microsecond')", true),
        _ => null,
    };

    /// <summary>The numbers of texts; what cannot be read is null.</summary>
    public async Task<decimal?[]> ReadAsync(NpgsqlConnection connection, IReadOnlyCollection<string> values, CancellationToken ct)
    {
        if (values.Count == 0)
            return [];
        await using var command = new NpgsqlCommand($"select ({Read})::text from unnest($1::text[]) with ordinality as t(v, o) order by o", connection)
        {
            Parameters = { new NpgsqlParameter { Value = values.ToArray(), NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Text } },
        };
        var numbers = new List<decimal?>(values.Count);
        await using var reader = await command.ExecuteReaderAsync(ct);
        while (await reader.ReadAsync(ct))
        {
            var text = await reader.IsDBNullAsync(0, ct) ? null : reader.GetString(0);
            numbers.Add(decimal.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) && Math.Abs(number) < 9_000_000_000_000_000_000m ? number : null);
        }

        return [.. numbers];
    }

    private static NumberLine Moment(string type, string zero) => new(
        $"case when isfinite(v::{type}) then (extract(epoch from v::{type}) * 1000000)::numeric(30, 0) - {Epoch} end", x => $"({zero} + ({x}) * interval '1 microsecond')", true);

    private static NumberLine Numeric(int modifier, IEnumerable<string> samples)
    {
        var scale = modifier >= 0 ? (((modifier - 4) & 0x7ff) ^ 1024) - 1024 : samples.Select(Decimals).DefaultIfEmpty(0).Max();
        scale = Math.Clamp(scale, 0, MostDecimals);
        var unit = scale == 0 ? "1" : $"0.{new string('0', scale - 1)}1";
        return new NumberLine($"round(v::numeric * 1{new string('0', scale)})", x => scale == 0 ? $"({x})::numeric" : $"(({x})::numeric * {unit})", true);
    }

    private static int Decimals(string text) => text.IndexOf('.', StringComparison.Ordinal) is var point and >= 0 ? text.Length - point - 1 : 0;
}
