using System.Collections.Immutable;
using AgentHost.Postgres.Rows;

namespace AgentHost.Postgres.Synthesis;

/// <summary>A column for which values are drawn.</summary>
/// <param name="Query">The query that makes the table's rows.</param>
/// <param name="Name">Names the column among all of the database, and the attempt: what is drawn for it follows from it.</param>
/// <param name="Figures">What is known of its values.</param>
/// <param name="Type">The type behind any domains.</param>
/// <param name="Modifier">Its modifier.</param>
/// <param name="Storage">The type as a cast writes it.</param>
internal sealed record ColumnToDraw(RowQuery Query, string Name, Figures Figures, RowType Type, int Modifier, string Storage)
{
    /// <summary>Whether each value comes once.</summary>
    public bool IsUnique { get; init; }

    /// <summary>Whether values are dealt out exactly however many rows there are: one too many of a value is one that a key refuses.</summary>
    public bool IsDealt { get; init; }

    /// <summary>Values that must come: other tables' rows point at them.</summary>
    public ImmutableArray<string> Wanted { get; init; } = [];

    /// <summary>Places that it shares with a column that decides it; null where it has its own.</summary>
    public string? SharedPlace { get; init; }

    /// <summary>A template that gives another value for each number; null where none is known.</summary>
    public string? Template { get; init; }

    /// <summary>The rows' places, and whether each place comes about as often as any other without chance.</summary>
    public (string Sql, bool IsExact) Place(IReadOnlyList<Share> shares)
    {
        if (SharedPlace is not null)
            return (SharedPlace, true);
        var exactRows = IsDealt ? long.MaxValue : Synthesis.Place.ExactRows;
        var correlation = Synthesis.Place.Untied(Figures.Statistics.Correlation, shares);
        return IsUnique
            ? (Synthesis.Place.Unique(Query, Name, Figures.Rows, correlation), true)
            : (Synthesis.Place.Of(Query, Name, Figures.Rows, correlation, exactRows), Figures.Rows <= exactRows || Math.Abs(correlation) > 0.996);
    }
}

/// <summary>A value and the place that it has among its column's.</summary>
/// <param name="Sql">The value.</param>
/// <param name="Place">The same for all rows with that value; null where it is not known.</param>
internal sealed record Drawn(string Sql, string? Place)
{
    /// <summary>Whether it is null where the column is.</summary>
    public bool HasNulls { get; init; }
}
