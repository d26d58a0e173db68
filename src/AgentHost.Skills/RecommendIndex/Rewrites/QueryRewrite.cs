using System.Text.Json.Serialization;

namespace AgentHost.Skills.RecommendIndex.Rewrites;

/// <summary>A query that no index can save as it is written, and how to write it.</summary>
/// <param name="Query">The query's name.</param>
/// <param name="Kind">What is wrong with it.</param>
/// <param name="What">What to do, in a few words.</param>
/// <param name="Why">The reason, in one line.</param>
public sealed record QueryRewrite(string Query, RewriteKind Kind, string What, string Why)
{
    /// <summary>The rewritten query; absent where only its author can write it.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Sql { get; init; }

    /// <summary>Whether <see cref="Sql"/> gives the same rows as the query; else <see cref="Why"/> says what to look at.</summary>
    public bool IsExact { get; init; }
}

/// <summary>What keeps an index from saving a query.</summary>
public enum RewriteKind
{
    /// <summary>Rows are read and thrown away before the page begins.</summary>
    LargeOffset,

    /// <summary>NOT IN a subquery, which null makes empty and the planner cannot join.</summary>
    NotInQuery,

    /// <summary>IN a subquery that depends on the row, which versions before 17 run for each row.</summary>
    CorrelatedIn,

    /// <summary>A column inside of a function, a cast or arithmetic.</summary>
    WrappedColumn,

    /// <summary>A comparison that casts the column.</summary>
    CastColumn,

    /// <summary>OR between conditions on different tables.</summary>
    OrAcrossTables,

    /// <summary>Tables in FROM that nothing joins.</summary>
    MissingJoin,

    /// <summary>DISTINCT over a join that multiplies rows.</summary>
    DistinctFanOut,

    /// <summary>ORDER BY random().</summary>
    RandomOrder,

    /// <summary>A join of two functions' results.</summary>
    FunctionJoin,

    /// <summary>Rows are counted to learn whether there are any.</summary>
    CountForExistence,

    /// <summary>One query for each row of another.</summary>
    RepeatedLookup,
}
