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

    /// <summary>The planner's cost of a call of the query as it is, now; absent where the rewritten one is not proven cheaper.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public double? CostBefore { get; init; }

    /// <summary>That of the rewritten query, with <see cref="Index"/> and all recommendations but <see cref="InsteadOf"/>.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public double? CostAfter { get; init; }

    /// <summary>The statement that makes the index that the rewritten query wants; absent where it needs none.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Index { get; init; }

    /// <summary>Recommended indexes that only the query as it is needs: written so, leave them out.</summary>
    public System.Collections.Immutable.ImmutableArray<string> InsteadOf { get; init; } = [];
}

/// <summary>What keeps an index from saving a query.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<RewriteKind>))]
public enum RewriteKind
{
    /// <summary>Rows are read and thrown away before the page begins.</summary>
    [JsonStringEnumMemberName("largeOffset")] LargeOffset,

    /// <summary>NOT IN a subquery, which null makes empty and the planner cannot join.</summary>
    [JsonStringEnumMemberName("notInQuery")] NotInQuery,

    /// <summary>IN a subquery that depends on the row, which versions before 17 run for each row.</summary>
    [JsonStringEnumMemberName("correlatedIn")] CorrelatedIn,

    /// <summary>A column inside of a function, a cast or arithmetic.</summary>
    [JsonStringEnumMemberName("wrappedColumn")] WrappedColumn,

    /// <summary>A comparison that casts the column.</summary>
    [JsonStringEnumMemberName("castColumn")] CastColumn,

    /// <summary>OR between conditions on different tables.</summary>
    [JsonStringEnumMemberName("orAcrossTables")] OrAcrossTables,

    /// <summary>Tables in FROM that nothing joins.</summary>
    [JsonStringEnumMemberName("missingJoin")] MissingJoin,

    /// <summary>DISTINCT over a join that multiplies rows.</summary>
    [JsonStringEnumMemberName("distinctFanOut")] DistinctFanOut,

    /// <summary>ORDER BY random().</summary>
    [JsonStringEnumMemberName("randomOrder")] RandomOrder,

    /// <summary>A join of two functions' results.</summary>
    [JsonStringEnumMemberName("functionJoin")] FunctionJoin,

    /// <summary>Rows are counted to learn whether there are any.</summary>
    [JsonStringEnumMemberName("countForExistence")] CountForExistence,

    /// <summary>A look-up that runs once for each row of another statement (N+1).</summary>
    [JsonStringEnumMemberName("nPlusOne")] RepeatedLookUp,
}
