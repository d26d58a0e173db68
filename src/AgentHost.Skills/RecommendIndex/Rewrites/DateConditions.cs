using System.Globalization;
using AgentHost.Skills.RecommendIndex.Workloads;
using AgentHost.Sql.Syntax;

namespace AgentHost.Skills.RecommendIndex.Rewrites;

/// <summary>Days, months and years of a point in time: a range of the point itself.</summary>
internal static class DateConditions
{
    public static BareCondition? Bare(Comparison comparison, RewriteCase query, LevelScope scope) => comparison.Side switch
    {
        { Kind: NodeKind.Cast, Name: "date", Parts: [var inner] } => Day(comparison, inner, query, scope),
        { Kind: NodeKind.Call, Name: "date", Parts: [var inner], IsModified: false } => Day(comparison, inner, query, scope),
        { Kind: NodeKind.Call, Name: "extract" or "date_part", Parts: [{ Kind: NodeKind.Constant, Value: var field }, var inner] } when field.Equals("year", StringComparison.OrdinalIgnoreCase) => Year(comparison, inner, query, scope),
        { Kind: NodeKind.Call, Name: "date_trunc", Parts: [{ Kind: NodeKind.Constant, Value: var unit }, var inner] } => Truncated(comparison, unit.ToLowerInvariant(), inner, query, scope),
        { Kind: NodeKind.Call, Name: "to_char", Parts: [var inner, { Kind: NodeKind.Constant, Value: var format }] } => Formatted(comparison, format, inner, query, scope),
        _ => null,
    };

    private static BareCondition? Day(Comparison comparison, SyntaxNode inner, RewriteCase query, LevelScope scope)
    {
        var zone = inner is { Kind: NodeKind.Call, Name: "timezone", Parts: [{ Kind: NodeKind.Constant, Value: var name }, _] } ? name : null;
        if (scope.Column(zone is null ? inner : inner.Parts[1]) is not { Type: { } type } column || !IsPoint(type) || (zone is not null && type != "timestamp with time zone"))
            return null;
        var days = comparison.Others.Select(o => Date(o, query)).ToList();
        if (days.Contains(null))
            return null;
        string Begin(string day) => zone is null ? day : $"({day})::timestamp AT TIME ZONE '{zone.Replace("'", "''", StringComparison.Ordinal)}'";
        var sql = Range(query.TextOf(zone is null ? inner : inner.Parts[1]), comparison, i => Begin(days[i]!), i => Begin(days[i] + " + 1"));
        var isExact = zone is null || zone.ToUpperInvariant() is "UTC" or "GMT";
        return new BareCondition(column, sql) { IsExact = isExact, Note = isExact ? "" : "The two differ in the hour that is repeated when clocks change." };
    }

    private static BareCondition? Year(Comparison comparison, SyntaxNode inner, RewriteCase query, LevelScope scope)
    {
        if (scope.Column(inner) is not { Type: { } type } column || !(IsPoint(type) || type == "date"))
            return null;
        var years = comparison.Others.Select(o => (Number: o.Constant == ConstantKind.Whole && int.TryParse(o.Value, CultureInfo.InvariantCulture, out var y) && y is > 0 and < 9998 ? y : 0, Node: o)).ToList();
        if (years.Exists(y => y.Number == 0 && y.Node.Bare().Kind != NodeKind.Parameter))
            return null;
        string Begin(int i, int later) => years[i].Number > 0
            ? string.Create(CultureInfo.InvariantCulture, $"date '{years[i].Number + later:0000}-01-01'")
            : $"make_date({query.TextOf(years[i].Node.Bare())}::int{(later > 0 ? " + 1" : "")}, 1, 1)";
        return new BareCondition(column, Range(query.TextOf(inner), comparison, i => Begin(i, 0), i => Begin(i, 1)));
    }

    private static BareCondition? Truncated(Comparison comparison, string unit, SyntaxNode inner, RewriteCase query, LevelScope scope)
    {
        if (unit is not ("hour" or "day" or "week" or "month" or "quarter" or "year") || scope.Column(inner) is not { Type: { } type } column || !IsPoint(type))
            return null;
        var isExact = comparison.Others.All(o => IsAligned(o, unit));
        var step = unit == "quarter" ? "3 months" : $"1 {unit}";
        string Begin(int i) => Typed(comparison.Others[i], type, query);
        return new BareCondition(column, Range(query.TextOf(inner), comparison, Begin, i => $"{Begin(i)} + interval '{step}'"))
        {
            IsExact = isExact,
            Note = isExact ? "" : $"The value must be the first moment of its {unit}.",
        };
    }

    private static BareCondition? Formatted(Comparison comparison, string format, SyntaxNode inner, RewriteCase query, LevelScope scope)
    {
        if (comparison.Operator != "=" || comparison.Other is not { Kind: NodeKind.Constant, Constant: ConstantKind.Text, Value: var text } || scope.Column(inner) is not { Type: { } type } column
            || !(IsPoint(type) || type == "date"))
        {
            return null;
        }
        var written = format switch { "YYYY" => "yyyy", "YYYY-MM" => "yyyy-MM", "YYYY-MM-DD" => "yyyy-MM-dd", _ => null };
        if (written is null || !DateOnly.TryParseExact(text, written, CultureInfo.InvariantCulture, DateTimeStyles.None, out var first))
            return null;
        var end = written switch { "yyyy" => first.AddYears(1), "yyyy-MM" => first.AddMonths(1), _ => first.AddDays(1) };
        return new BareCondition(column, string.Create(CultureInfo.InvariantCulture, $"{query.TextOf(inner)} >= date '{first:yyyy-MM-dd}' AND {query.TextOf(inner)} < date '{end:yyyy-MM-dd}'"));
    }

    /// <summary>The condition on the column, from where a value's unit begins and where the next one does.</summary>
    private static string Range(string column, Comparison comparison, Func<int, string> begin, Func<int, string> next) => comparison.Operator switch
    {
        "=" => $"{column} >= {begin(0)} AND {column} < {next(0)}",
        "<" => $"{column} < {begin(0)}",
        "<=" => $"{column} < {next(0)}",
        ">" => $"{column} >= {next(0)}",
        ">=" => $"{column} >= {begin(0)}",
        _ => $"{column} >= {begin(0)} AND {column} < {next(1)}",
    };

    public static bool IsPoint(string type) => type is "timestamp with time zone" or "timestamp without time zone" or "timestamp";

    /// <summary>A value as SQL of type date where it is one, or is taken for one; null for points in time, which mean something else.</summary>
    private static string? Date(SyntaxNode node, RewriteCase query) => node switch
    {
        { Kind: NodeKind.Constant, Constant: ConstantKind.Text } => $"date {query.TextOf(node)}",
        { Kind: NodeKind.Parameter } => $"{query.TextOf(node)}::date",
        { Kind: NodeKind.Cast, Name: "date" } => query.TextOf(node),
        { Kind: NodeKind.Call, Name: "date" or "make_date" or "to_date" } => query.TextOf(node),
        { Kind: NodeKind.Operator, Name: "+" or "-", Parts: [var date, { Kind: NodeKind.Constant, Constant: ConstantKind.Whole }] } when Date(date, query) is { } d && date.Kind != NodeKind.Constant => $"{d} {node.Name} {query.TextOf(node.Parts[1])}",
        { Kind: NodeKind.Other } when query.TextOf(node).Equals("current_date", StringComparison.OrdinalIgnoreCase) => query.TextOf(node),
        _ => null,
    };

    /// <summary>A value with its type said, so that what is added to it means what it should.</summary>
    public static string Typed(SyntaxNode node, string type, RewriteCase query)
    {
        var name = type switch { "timestamp with time zone" => "timestamptz", "timestamp without time zone" => "timestamp", _ => type };
        return node switch
        {
            { Kind: NodeKind.Constant, Constant: ConstantKind.Text } => $"{name} {query.TextOf(node)}",
            { Kind: NodeKind.Parameter } => $"{query.TextOf(node)}::{name}",
            _ => query.Operand(node),
        };
    }

    private static bool IsAligned(SyntaxNode node, string unit)
    {
        if (node is { Kind: NodeKind.Call, Name: "date_trunc", Parts: [{ Value: var own }, _] })
            return own.Equals(unit, StringComparison.OrdinalIgnoreCase);
        if (node.Bare() is not { Kind: NodeKind.Constant, Constant: ConstantKind.Text, Value: var text }
            || !DateTime.TryParseExact(text, ["yyyy-MM-dd", "yyyy-MM-dd HH:mm:ss", "yyyy-MM-dd HH:mm"], CultureInfo.InvariantCulture, DateTimeStyles.None, out var at))
        {
            return false;
        }
        return unit switch
        {
            "hour" => at is { Minute: 0, Second: 0 },
            "day" => at.TimeOfDay == TimeSpan.Zero,
            "week" => at.TimeOfDay == TimeSpan.Zero && at.DayOfWeek == DayOfWeek.Monday,
            "month" => at.TimeOfDay == TimeSpan.Zero && at.Day == 1,
            "quarter" => at.TimeOfDay == TimeSpan.Zero && at.Day == 1 && at.Month % 3 == 1,
            _ => at.TimeOfDay == TimeSpan.Zero && at.DayOfYear == 1,
        };
    }
}
