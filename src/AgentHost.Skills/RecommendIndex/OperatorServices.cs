using System.Collections.Immutable;
using AgentHost.Sql.Queries;

namespace AgentHost.Skills.RecommendIndex;

/// <summary>A way to answer an operator by an index.</summary>
/// <param name="Method">The access method.</param>
/// <param name="OperatorClass">The operator class; null for the type's default.</param>
/// <param name="Extension">The extension that brings method or class; null for the core.</param>
/// <param name="Role">What the key does.</param>
internal sealed record OperatorService(string Method, string? OperatorClass, string? Extension, KeyRole Role);

/// <summary>Which index answers which operator on which type (manual, chapters 64 to 70 and F.35; pgvector's own page).</summary>
internal static class OperatorServices
{
    /// <summary>More dimensions than these an HNSW index does not take.</summary>
    private const int MaxVectorDimensions = 2_000, MaxHalfDimensions = 4_000;

    public static IEnumerable<OperatorService> Of(OperatorPredicate condition, TableFacts table)
    {
        var (type, op) = (TypeOf(condition, table), condition.Operator);
        // = ANY (column) is no operator of the column: no index answers it as it stands.
        if (condition.OfAnyElement || type is null)
            return [];
        return type switch
        {
            "jsonb" when op is "@>" or "@?" or "@@" => [Gin("jsonb_path_ops"), Gin()],
            "jsonb" when op is "?" or "?|" or "?&" => [Gin()],
            "tsvector" when op is "@@" => [Gin()],
            "hstore" when op is "@>" or "?" or "?|" or "?&" => [Gin()],
            "text" or "character varying" or "character" or "citext" when IsPattern(op) => HasTrigrams(condition) ? [new("gin", "gin_trgm_ops", "pg_trgm", KeyRole.Pattern)] : [],
            "text" or "character varying" or "citext" when op is "%" or "%>" or "%>>" => [new("gin", "gin_trgm_ops", "pg_trgm", KeyRole.Pattern), new("gist", "gist_trgm_ops", "pg_trgm", KeyRole.Pattern)],
            "inet" or "cidr" when op is "<<" or "<<=" or ">>" or ">>=" or "&&" => [new("spgist", null, null, KeyRole.Contains), new("gist", "inet_ops", null, KeyRole.Contains)],
            "ltree" when op is "@>" or "<@" or "~" or "?" or "@" => [Gist()],
            "cube" or "seg" when op is "@>" or "<@" or "&&" => [Gist()],
            "geometry" or "geography" when op is "&&" or "@" or "~" => [Gist()],
            "point" when op is "<@" or "<<" or ">>" or "<<|" or "|>>" or "~=" => [Gist()],
            "box" or "polygon" or "circle" when op is "@>" or "<@" or "&&" or "<<" or ">>" or "~=" => [Gist()],
            _ when type.EndsWith("range", StringComparison.Ordinal) && op is "@>" or "<@" or "&&" or "-|-" or "<<" or ">>" or "&<" or "&>" => [Gist()],
            _ when type.EndsWith("[]", StringComparison.Ordinal) && op is "@>" or "&&" or "=" => [Gin()],
            _ => [],
        };
    }

    /// <summary>Indexes that give rows in the order of their distance.</summary>
    public static IEnumerable<OperatorService> Nearest(OperatorPredicate order, TableFacts table)
    {
        var type = TypeOf(order, table);
        var dimensions = order.IsExpression ? 0 : table.Columns.GetValueOrDefault(order.Key)?.Dimensions ?? 0;
        return type switch
        {
            "vector" or "halfvec" or "sparsevec" when VectorClass(type, order.Operator) is { } classes && dimensions is > 0 && dimensions <= (type == "halfvec" ? MaxHalfDimensions : MaxVectorDimensions) =>
                [new("hnsw", classes, "vector", KeyRole.Nearest)],
            "bit" when order.Operator is "<~>" or "<%>" => [new("hnsw", order.Operator == "<~>" ? "bit_hamming_ops" : "bit_jaccard_ops", "vector", KeyRole.Nearest)],
            "point" or "box" or "circle" or "polygon" or "geometry" or "geography" or "cube" when order.Operator is "<->" or "<#>" or "<~>" or "<=>" => [new("gist", null, null, KeyRole.Nearest)],
            "text" or "character varying" when order.Operator is "<->" or "<->>" or "<->>>" => [new("gist", "gist_trgm_ops", "pg_trgm", KeyRole.Nearest)],
            "inet" or "cidr" when order.Operator is "<->" => [],
            _ => [],
        };
    }

    private static string? VectorClass(string type, string op) => op switch
    {
        "<->" => $"{type}_l2_ops",
        "<#>" => $"{type}_ip_ops",
        "<=>" => $"{type}_cosine_ops",
        "<+>" => $"{type}_l1_ops",
        _ => null,
    };

    // Of an expression the type is told by its function alone, where that is telling.
    private static string? TypeOf(OperatorPredicate condition, TableFacts table)
    {
        if (!condition.IsExpression)
            return table.Columns.GetValueOrDefault(condition.Key)?.BaseType;
        var text = condition.Key;
        if (text.StartsWith("to_tsvector(", StringComparison.Ordinal) || text.StartsWith("setweight(", StringComparison.Ordinal) || (condition.Operator == "@@" && text.Contains("to_tsvector(", StringComparison.Ordinal)))
            return "tsvector";
        if (IsPattern(condition.Operator) || (condition.Operator is "%" && text.Contains("lower(", StringComparison.Ordinal)))
            return "text";
        if (condition.Columns is [var only] && table.Columns.GetValueOrDefault(only)?.BaseType == "jsonb" && condition.Operator is "@>" or "?" or "?|" or "?&" or "@?")
            return "jsonb";
        return text.Split('(')[0] switch
        {
            "tstzrange" or "tsrange" or "daterange" or "int4range" or "int8range" or "numrange" => text.Split('(')[0],
            "point" or "box" or "circle" or "polygon" => text.Split('(')[0],
            _ => null,
        };
    }

    private static bool IsPattern(string op) => op is "~~" or "~~*" or "~" or "~*";

    // Three letters or digits in a row make a trigram to look for; fewer, and every entry is read.
    private static bool HasTrigrams(OperatorPredicate condition)
    {
        if (condition.Operand.Literals is not [var literal])
            return true;
        var run = 0;
        foreach (var c in literal.Value)
        {
            run = char.IsLetterOrDigit(c) ? run + 1 : 0;
            if (run == 3)
                return true;
        }
        return false;
    }

    private static OperatorService Gin(string? operatorClass = null) => new("gin", operatorClass, null, KeyRole.Contains);

    private static OperatorService Gist() => new("gist", null, null, KeyRole.Contains);
}
