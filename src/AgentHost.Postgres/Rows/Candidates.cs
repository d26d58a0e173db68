using System.Globalization;

namespace AgentHost.Postgres.Rows;

/// <summary>Values that a condition may like: read off its literals, or of the shapes that conditions on columns usually ask for.</summary>
internal static class Candidates
{
    private const string Row = TypeValues.Row;

    private static readonly string[] Numbers = ["int2", "int4", "int8", "numeric", "float4", "float8", "money"];
    private static readonly string[] Strings = ["text", "varchar", "bpchar", "citext", "name"];
    private static readonly string[] Moments = ["date", "timestamp", "timestamptz"];

    /// <summary>Whether a type holds text.</summary>
    public static bool IsText(RowType type) => Strings.Contains(type.Name);

    /// <summary>Templates and constants, the most telling first; without casts.</summary>
    /// <param name="type">The type behind any domains.</param>
    /// <param name="literals">The literals of the conditions.</param>
    /// <param name="isFarAway">Whether values far from all others are wanted first: a default partition takes what no other does.</param>
    public static IEnumerable<string> Of(RowType type, IReadOnlyList<string> literals, bool isFarAway)
    {
        if (type.Kind == 'e')
            return type.Labels.Select(TypeValues.Text);
        if (type.IsArray)
            return [$"array[{string.Join(", ", literals.Take(1).Select(TypeValues.Text))}]", "'{}'"];
        if (Numbers.Contains(type.Name))
            return OfNumbers(literals, isFarAway);
        if (Strings.Contains(type.Name))
            return OfText(literals, isFarAway);
        if (Moments.Contains(type.Name))
            return OfMoments(type, literals, isFarAway);
        return type.Name switch
        {
            "bool" => ["true", "false"],
            "json" or "jsonb" => OfJson(type.Name, literals),
            "tstzrange" or "tsrange" => [Period(type, "now() + "), Period(type, "now() - ")],
            "daterange" => [$"daterange(current_date + 2 * {Row}, current_date + 2 * {Row} + 1)", $"daterange(current_date - 2 * {Row}, current_date - 2 * {Row} + 1)"],
            "interval" => literals.Select(literal => $"{TypeValues.Text(literal)}::interval + {Row} * interval '1 second'"),
            "time" or "timetz" => literals.Select(TypeValues.Text),
            _ => literals.Take(10).Select(TypeValues.Text),
        };
    }

    private static IEnumerable<string> OfNumbers(IReadOnlyList<string> literals, bool isFarAway)
    {
        var given = literals.Select(literal => decimal.TryParse(literal, NumberStyles.Number, CultureInfo.InvariantCulture, out var number) ? (decimal?)number : null)
            .OfType<decimal>().Distinct().Order().ToList();
        if (isFarAway)
        {
            yield return $"-({Row} + 1000000)";
            yield return $"({Row} + 1900000000)";
        }

        foreach (var low in given)
        {
            foreach (var high in given.Where(high => high > low && decimal.Truncate(low) == low && decimal.Truncate(high) == high && high - low < 1_000_000_000))
                yield return $"({Plain(low)} + {Row} % {Plain(high - low + 1)})";
        }

        foreach (var number in given.Where(number => Math.Abs(number) < 1_000_000_000_000))
        {
            yield return $"({Plain(number)} + {Row})";
            yield return $"({Plain(number)} - {Row})";
        }

        yield return Row;
        yield return $"({Row} % 100)";
        yield return $"({Row} % 1000 / 1000.0)";
        yield return $"-{Row}";
        foreach (var number in given)
        {
            yield return Plain(number);
            yield return $"({Plain(number)} + 1)";
            yield return $"({Plain(number)} - 1)";
        }

        foreach (var (low, high) in given.Zip(given.Skip(1)))
            yield return Plain((low + high) / 2);
        yield return "0";
        yield return "1";
    }

    private static IEnumerable<string> OfText(IReadOnlyList<string> literals, bool isFarAway)
    {
        if (isFarAway)
            yield return $"('zz' || {Row})";
        foreach (var literal in literals.Where(literal => literal.Contains('%', StringComparison.Ordinal) || literal.Contains('_', StringComparison.Ordinal)))
            yield return $"replace(replace({TypeValues.Text(literal)}, '_', '1'), '%', 'v' || {Row})";
        yield return $"('v' || {Row})";
        yield return $"('user' || {Row} || '@example.com')";
        yield return $"('https://example.com/' || {Row})";
        yield return $"lower(chr(65 + {Row} / 676 % 26) || chr(65 + {Row} / 26 % 26) || chr(65 + {Row} % 26))";
        yield return $"chr(65 + {Row} / 676 % 26) || chr(65 + {Row} / 26 % 26) || chr(65 + {Row} % 26)";
        yield return $"chr(65 + {Row} / 26 % 26) || chr(65 + {Row} % 26)";
        yield return $"lower(chr(65 + {Row} / 26 % 26) || chr(65 + {Row} % 26))";
        yield return $"{Row}::text";
        yield return $"('+1555' || lpad({Row}::text, 7, '0'))";
        yield return $"('#' || lpad(to_hex({Row}), 6, '0'))";
        yield return $"md5({Row}::text)";
        yield return $"(md5({Row}::text) || md5({Row}::text))";
        yield return $"md5({Row}::text)::uuid::text";
        yield return $"('1.0.' || {Row})";
        yield return $"('name-' || {Row})";
        yield return $"('name_' || {Row})";
        yield return $"('Name ' || {Row})";
        yield return $"('/path/' || {Row})";
        foreach (var length in literals.Select(literal => int.TryParse(literal, CultureInfo.InvariantCulture, out var number) ? number : 0).Where(number => number is > 0 and < 300).Distinct())
        {
            yield return $"lpad({Row}::text, {length}, '0')";
            yield return $"lpad({Row}::text, {length + 1}, '0')";
            yield return $"lpad(to_hex({Row}), {length}, 'a')";
            yield return $"rpad(chr(65 + {Row} % 26), {length}, chr(65 + {Row} / 26 % 26))";
        }

        foreach (var pattern in literals.Where(RegexSample.IsPattern))
        {
            foreach (var sample in RegexSample.Of(pattern))
                yield return TypeValues.Text(sample);
        }

        foreach (var literal in literals)
            yield return TypeValues.Text(literal);
    }

    private static IEnumerable<string> OfMoments(RowType type, IReadOnlyList<string> literals, bool isFarAway)
    {
        var step = type.Name == "date" ? "" : " * interval '1 second'";
        if (isFarAway)
            yield return $"({type.Name} '1900-01-01' + {Row}{step})";
        foreach (var literal in literals.Where(literal => DateTimeOffset.TryParse(literal, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out _)))
        {
            var moment = $"{type.Name} {TypeValues.Text(literal)}";
            yield return $"({moment} + {Row}{step})";
            yield return $"({moment} + ({Row} % 27){step})";
            yield return $"({moment} - {Row}{step})";
            yield return moment;
        }

        yield return type.Name == "date" ? $"(current_date - {Row})" : $"(now() - {Row} * interval '1 minute')::{type.Sql}";
        yield return type.Name == "date" ? $"(current_date + {Row})" : $"(now() + {Row} * interval '1 hour')::{type.Sql}";
        yield return type.Name == "date" ? "date '2024-01-01'" : $"date_trunc('day', now() - {Row} * interval '1 day')::{type.Sql}";
        yield return type.Name == "date" ? $"date_trunc('month', date '2000-01-01' + {Row} * 31)::date" : $"date_trunc('month', now() - {Row} * interval '1 month')::{type.Sql}";
    }

    private static string Period(RowType type, string from)
    {
        var moment = type.Name == "tsrange" ? "timestamp" : "timestamptz";
        return $"{type.Sql}(({from}{Row} * interval '1 hour')::{moment}, ({from}{Row} * interval '1 hour')::{moment} + interval '30 minutes')";
    }

    private static IEnumerable<string> OfJson(string name, IReadOnlyList<string> literals)
    {
        yield return $"{name}_build_array({Row})";
        var keys = literals.Where(literal => literal.Length is > 0 and < 64 && !literal.Contains('{', StringComparison.Ordinal)).Take(10).Select(TypeValues.Text).ToList();
        if (keys.Count > 0)
        {
            yield return $"{name}_build_object({string.Join(", ", keys.Select(key => $"{key}, {Row}"))})";
            yield return $"{name}_build_object({string.Join(", ", keys.Select(key => $"{key}, 'v' || {Row}"))})";
            yield return $"{name}_build_object({string.Join(", ", keys.SelectMany(key => keys, (key, value) => $"{key}, {value}").Take(20))})";
        }

        yield return "'{}'";
        yield return "'[]'";
        yield return $"to_json('v' || {Row})::{name}";
        yield return $"to_json({Row})::{name}";
    }

    private static string Plain(decimal number) => number < 0 ? $"({number.ToString(CultureInfo.InvariantCulture)})" : number.ToString(CultureInfo.InvariantCulture);
}
