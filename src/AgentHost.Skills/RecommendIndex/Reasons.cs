using System.Globalization;

namespace AgentHost.Skills.RecommendIndex;

/// <summary>Says why an index is recommended.</summary>
internal static class Reasons
{
    /// <summary>One or two sentences with figures.</summary>
    public static string Of(IndexCandidate index, IReadOnlyList<(string Name, double Before, double After)> queries, double charge)
    {
        var text = $"{Capital(Roles(index))}{Predicate(index)}. ";
        var best = queries.MaxBy(q => q.Before - q.After);
        text += $"Planner cost of '{best.Name}' falls from {Figure(best.Before)} to {Figure(best.After)} ({Percent(best.Before, best.After)})";
        if (queries.Count > 1)
            text += $"; {queries.Count} queries use it";
        if (charge > 0)
            text += $"; keeping it costs the workload's writes about {Figure(charge)}";
        if (!index.Include.IsEmpty)
            text += $"; with {string.Join(", ", index.Include.Select(c => c.Name))} in it the table is not visited";
        text += ".";
        return index.Keys.Any(k => k.Facts is { IsExpression: true, HasStatistics: false } && k.Role is not (KeyRole.Contains or KeyRole.Nearest))
            ? text + " Until it is built and the table analyzed the planner knows nothing of the expression's values, so that the price is a guess, mostly too high."
            : text;
    }

    /// <summary>A planner cost for reading: whole from 100 on, one decimal below.</summary>
    public static string Figure(double cost) => cost.ToString(cost >= 100 ? "N0" : "0.#", CultureInfo.InvariantCulture);

    /// <summary>The saving in percent.</summary>
    public static string Percent(double before, double after)
    {
        var change = before > 0 ? (after - before) / before * 100 : 0;
        return (Math.Abs(change) >= 99 ? change.ToString("0.0", CultureInfo.InvariantCulture) : change.ToString("0", CultureInfo.InvariantCulture)).Replace('-', '−') + " %";
    }

    private static string Roles(IndexCandidate index)
    {
        var parts = index.Keys.GroupBy(k => k.Role).Select(g => (Role: g.Key, Columns: string.Join(", ", g.Select(k => k.Column)))).ToList();
        return string.Join(", then ", parts.Select(p => p.Role switch
        {
            KeyRole.Equality => $"seeks by {p.Columns}",
            KeyRole.Join => $"joins on {p.Columns}",
            KeyRole.Sort => $"reads in the order of {p.Columns} without a sort",
            KeyRole.Contains => $"finds what {p.Columns} holds",
            KeyRole.Pattern => $"finds patterns in {p.Columns} by their trigrams",
            KeyRole.Nearest => $"reads in the order of distance of {p.Columns}",
            KeyRole.Prefix => $"seeks by the beginning of {p.Columns}",
            KeyRole.Group => $"reads grouped by {p.Columns}",
            _ => $"reads the range of {p.Columns}",
        }));
    }

    private static string Predicate(IndexCandidate index) => index.Predicate is { } predicate
        ? $", over the {Share(predicate.Fraction)} of rows where {predicate.Sql}"
        : "";

    private static string Share(double fraction) => fraction < 0.001 ? "less than 0.1 %" : (fraction * 100).ToString("0.#", CultureInfo.InvariantCulture) + " %";

    private static string Capital(string text) => char.ToUpperInvariant(text[0]) + text[1..];
}
