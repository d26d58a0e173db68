using AgentHost.Sql.Statements;

namespace AgentHost.Skills.ReviewMigration;

/// <summary>Which values of one type another type does not hold (manual, chapter 8).</summary>
internal static class TypeNarrowing
{
    private static readonly string[] Integers = ["smallint", "integer", "bigint"];

    private static readonly string[] Numbers = ["smallint", "integer", "bigint", "numeric", "double precision", "real"];

    private static readonly string[] Texts = ["text", "character varying", "character", "citext"];

    /// <summary>What goes wrong with values that do not fit, or null where all fit, or where it cannot be told from the types.</summary>
    public static string? Loss(TypeName from, TypeName to)
    {
        var (old, now) = (from.Name.Name, to.Name.Name);
        if (from.ArrayDimensions > 0 || to.ArrayDimensions > 0)
            return null;
        if (Array.IndexOf(Integers, old) is >= 0 and var had && Array.IndexOf(Integers, now) is >= 0 and var has)
            return has < had ? $"values beyond {now}'s range make it fail" : null;
        if (old is "numeric" or "double precision" or "real" && Integers.Contains(now))
            return "fractions are rounded away, and values beyond the range make it fail";
        if (old == "double precision" && now == "real")
            return "digits are lost";
        if (old == "numeric" && now == "numeric" && to.Modifiers is [var precision, ..])
            return from.Modifiers.IsEmpty || Whole(to) < Whole(from) ? $"values of more than {Whole(to)} digits before the point make it fail"
                : Scale(to) < Scale(from) ? $"digits behind the {Scale(to)}th are rounded away" : null;
        if (Numbers.Contains(old) && now == "numeric" && Integers.Contains(old) && to.Modifiers is [_, ..])
            return Whole(to) < (old == "smallint" ? 5 : old == "integer" ? 10 : 19) ? $"values of more than {Whole(to)} digits make it fail" : null;
        if (Texts.Contains(old) && now is "character varying" or "character" && Texts.Contains(old))
            return Length(to) < Length(from) ? $"values longer than {Length(to)} characters make it fail" : null;
        if (Texts.Contains(old) && (Numbers.Contains(now) || now is "date" or "uuid" or "boolean" or "json" or "jsonb" or "inet" || now.StartsWith("timestamp", StringComparison.Ordinal)))
            return $"values that do not read as {now} make it fail";
        if (old.StartsWith("timestamp", StringComparison.Ordinal) && now is "date" or "time without time zone" && old.StartsWith("timestamp", StringComparison.Ordinal))
            return now == "date" ? "the time of day is lost" : "the day is lost";
        return null;
    }

    private static int Scale(TypeName type) => type.Modifiers is [_, var scale] ? scale : 0;

    private static int Whole(TypeName type) => type.Modifiers is [var precision, ..] ? precision - Scale(type) : int.MaxValue;

    /// <summary>Characters that fit; <c>char</c> without a length holds one.</summary>
    private static int Length(TypeName type) => type.Modifiers is [var length] ? length : type.Name.Name == "character" ? 1 : int.MaxValue;
}
