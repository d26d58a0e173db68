using System.Globalization;
using AgentHost.Sql;

namespace AgentHost.Postgres.Rows;

/// <summary>
/// Expressions that give a value of a type for each row number, another one for another number as far as the type allows. <see cref="Row"/>
/// stands for the number, an <c>integer</c> from 1 on.
/// </summary>
internal sealed class TypeValues(IReadOnlyDictionary<uint, RowType> types)
{
    /// <summary>The placeholder of the row number.</summary>
    public const string Row = "\ue000";

    /// <summary>Where keys begin, far from the numbers that people write into migrations.</summary>
    private const int FirstKey = 1_000_000, FirstSmallKey = 20_000;

    /// <summary>How deep a type may be nested.</summary>
    private const int MaxDepth = 6;

    /// <summary>An expression for the type behind any domains; null where none is known.</summary>
    /// <param name="type">The type's oid.</param>
    /// <param name="modifier">The type modifier, or -1.</param>
    /// <param name="isKey">Whether it stands in a key.</param>
    /// <param name="offset">Moves ordered values, so that one column's are behind another's.</param>
    public string? For(uint type, int modifier, bool isKey, int offset) => For(type, modifier, isKey, offset, 0);

    /// <summary>The type behind any domains, with its modifier.</summary>
    public (RowType? Type, int Modifier) Base(uint oid, int modifier)
    {
        var type = types.GetValueOrDefault(oid);
        for (var depth = 0; type is { Kind: 'd' } domain && depth < MaxDepth; depth++)
            (type, modifier) = (types.GetValueOrDefault(domain.Inner), domain.InnerModifier);
        return (type, modifier);
    }

    /// <summary>The type behind any domains as a cast writes it, with its modifier.</summary>
    public string StorageSql(uint oid, int modifier)
    {
        var (type, length) = Base(oid, modifier);
        return type switch
        {
            null => "text",
            { Name: "varchar" or "bpchar" } when length > 4 => $"{(type.Name == "varchar" ? "varchar" : "char")}({length - 4})",
            { Name: "bit" or "varbit" } when length > 0 => $"{type.Sql}({length})",
            { Name: "numeric" } when length > 0 => $"numeric({((length - 4) >> 16) & 0xffff}, {(((length - 4) & 0x7ff) ^ 1024) - 1024})",
            { Name: "bpchar" } => "bpchar",
            _ => type.Sql,
        };
    }

    /// <summary>How many different values it takes: few for small texts and numbers, so that the narrowest of columns that share values is known.</summary>
    public long Capacity(uint oid, int modifier)
    {
        var (type, length) = Base(oid, modifier);
        return type switch
        {
            null => 0,
            { Kind: 'e' } => type.Labels.Length,
            { Name: "bool" } => 2,
            { Name: "int2" } => 30_000,
            { Name: "numeric" } when length > 0 && (((length - 4) >> 16) & 0xffff) < 9 => 1000,
            { Name: "varchar" or "bpchar" } when length is > 4 and < 24 => 100L * (length - 4),
            { Name: "int4" } => int.MaxValue,
            _ => long.MaxValue,
        };
    }

    /// <summary>The conditions on VALUE of the domains around a type.</summary>
    public IEnumerable<string> DomainChecks(uint oid)
    {
        for (var (type, depth) = (types.GetValueOrDefault(oid), 0); type is { Kind: 'd' } && depth < MaxDepth; type = types.GetValueOrDefault(type.Inner), depth++)
        {
            foreach (var check in type.Checks)
                yield return check;
        }
    }

    private string? For(uint oid, int modifier, bool isKey, int offset, int depth)
    {
        var (type, length) = Base(oid, modifier);
        if (type is null || depth > MaxDepth)
            return null;
        return type.Kind switch
        {
            'e' => type.Labels.IsEmpty ? null : $"(array[{string.Join(", ", type.Labels.Select(Text))}])[1 + {Row} % {type.Labels.Length}]::{type.Sql}",
            'r' => Range(type, depth),
            'm' => For(type.Inner, -1, isKey, offset, depth + 1) is { } range ? $"{type.Sql}({range})" : null,
            'c' => Composite(type, isKey, offset, depth),
            _ when type.IsArray => For(type.Inner, length, isKey, offset, depth + 1) is { } element ? $"array[{element}]::{type.Sql}" : null,
            _ => Scalar(type, length, isKey, offset),
        };
    }

    private string? Range(RowType type, int depth) => For(type.Inner, -1, false, 0, depth + 1) is { } bound
        ? $"{type.Sql}({At(bound, $"(2 * {Row})")}, {At(bound, $"(2 * {Row} + 1)")})"
        : null;

    private string? Composite(RowType type, bool isKey, int offset, int depth)
    {
        var fields = type.Attributes.Select(attribute => For(attribute.Type, attribute.Modifier, isKey, offset, depth + 1)).ToList();
        return fields.Contains(null) ? null : $"row({string.Join(", ", fields)})::{type.Sql}";
    }

    private static string? Scalar(RowType type, int modifier, bool isKey, int offset)
    {
        var number = isKey ? $"({FirstKey} + {Row})" : $"({Row} + {offset})";
        return type.Name switch
        {
            "int2" => isKey ? $"({FirstSmallKey} + {Row} % 12000)::smallint" : $"(({Row} + {offset}) % 30000)::smallint",
            "int4" => number,
            "int8" or "oid" or "float4" or "float8" => $"{number}::{type.Sql}",
            "numeric" => Numeric(number, modifier),
            "money" => $"{number}::numeric::money",
            "text" or "varchar" or "bpchar" or "citext" or "name" => CharactersOf(type, modifier),
            "char" => $"chr(97 + {Row} % 26)::\"char\"",
            "bool" => $"({Row} % 2 = 0)",
            "date" => $"(date '2018-01-01' + ({Row} + {offset}))",
            "timestamp" or "timestamptz" => $"({type.Name} '2024-01-01 00:00:00' + {Row} * interval '1 minute' + {offset} * interval '1 hour')",
            "time" or "timetz" => $"(time '00:00' + (({Row} + {offset}) % 86400) * interval '1 second')::{type.Sql}",
            "interval" => $"(({Row} + {offset}) * interval '1 minute')",
            "uuid" => $"md5({Row}::text)::uuid",
            "bytea" => $"decode(md5({Row}::text), 'hex')",
            "json" or "jsonb" => $"{type.Name}_build_object('n', {Row})",
            "inet" => $"(inet '10.0.0.0' + {Row})",
            "cidr" => $"host(inet '10.0.0.0' + {Row})::cidr",
            "macaddr" or "macaddr8" => $"('08002b' || lpad(to_hex({Row}), 6, '0'))::macaddr::{type.Sql}",
            "bit" => $"{Row}::bit({Math.Max(1, modifier)})",
            "varbit" => $"{Row}::bit({(modifier > 0 ? modifier : 16)})::bit varying",
            "point" => $"point({Row}, {Row})",
            "box" => $"box(point({Row}, {Row}), point({Row} + 0.5, {Row} + 0.5))",
            "circle" => $"circle(point(3 * {Row}, 0), 1)",
            "lseg" => $"lseg(point({Row}, 0), point({Row}, 1))",
            "line" => $"line(point({Row}, 0), point({Row}, 1))",
            "path" => $"path(polygon(box(point({Row}, 0), point({Row} + 1, 1))))",
            "polygon" => $"polygon(box(point({Row}, 0), point({Row} + 1, 1)))",
            "tsvector" => $"to_tsvector('simple', 'word' || {Row})",
            "tsquery" => $"plainto_tsquery('simple', 'word' || {Row})",
            "xml" => $"('<n>' || {Row} || '</n>')::xml",
            "pg_lsn" => $"('0/' || to_hex({Row}))::pg_lsn",
            "jsonpath" => $"('$.n' || {Row})::jsonpath",
            "hstore" => $"('n=>' || {Row})::{type.Sql}",
            "ltree" => $"('n.n' || {Row})::{type.Sql}",
            "vector" or "halfvec" => $"array_fill({Row}::real, array[{(modifier > 0 ? modifier : 3)}])::{type.Sql}",
            _ => null,
        };
    }

    /// <summary>Digits as a <c>numeric(p, s)</c> has them: whole numbers where they fit, else all digits counted from the last.</summary>
    private static string Numeric(string number, int modifier)
    {
        if (modifier < 0)
            return $"{number}::numeric";
        var precision = ((modifier - 4) >> 16) & 0xffff;
        var scale = (((modifier - 4) & 0x7ff) ^ 1024) - 1024;
        var whole = precision - scale;
        if (whole >= 7)
            return $"{number}::numeric";
        return scale <= 0 || whole >= 4
            ? $"({number} % {PowerOfTen(whole)})::numeric"
            : $"(({number} % {PowerOfTen(Math.Min(precision, 9))})::numeric / {PowerOfTen(scale)})";
    }

    private static string PowerOfTen(int digits) => "1" + new string('0', Math.Clamp(digits, 0, 100));

    private static string CharactersOf(RowType type, int modifier)
    {
        var length = type.Name == "name" ? 63 : modifier < 0 ? int.MaxValue : modifier - 4;
        return $"{Characters(length)}::{(type.Name == "bpchar" && modifier > 0 ? $"char({length})" : type.Sql)}";
    }

    /// <summary>A word of at most so many characters.</summary>
    public static string Characters(int length) => length >= 6 ? $"('v' || {Row})" : $"right(lpad(to_hex({Row}), 8, '0'), {length.ToString(CultureInfo.InvariantCulture)})";

    /// <summary>A template for another row's number.</summary>
    public static string At(string template, string row) => template.Replace(Row, row, StringComparison.Ordinal);

    /// <summary>A string literal.</summary>
    public static string Text(string value) => value.Contains('\\', StringComparison.Ordinal)
        ? "E'" + value.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("'", "''", StringComparison.Ordinal) + "'"
        : "'" + value.Replace("'", "''", StringComparison.Ordinal) + "'";
}
