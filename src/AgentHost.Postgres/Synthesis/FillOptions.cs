using System.Collections.Immutable;
using AgentHost.Sql;

namespace AgentHost.Postgres.Synthesis;

/// <summary>How much of a database is made up.</summary>
public sealed record FillOptions
{
    /// <summary>The most rows of a table. Where one has more, it and all that references lead to or from are made smaller by the same factor.</summary>
    public long MaxRows { get; init; } = 1_000_000;

    /// <summary>The most bytes of all heaps together.</summary>
    public long MaxBytes { get; init; } = 1L << 30;

    /// <summary>The time for everything, indexes included: what does not fit is scaled down beforehand, and what takes longer than expected is left out and said.</summary>
    public TimeSpan Budget { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>As in <see cref="Rows.RowOptions.Mentioned"/>: words of what is about to run, which name the tables that get rows; null for all.</summary>
    public IReadOnlyCollection<string>? Mentioned { get; init; }
}

/// <summary>What a fill made.</summary>
/// <param name="Relations">The tables that were to get rows; partitions by themselves.</param>
/// <param name="Notes">What is not as in the original, for people.</param>
public sealed record FillResult(ImmutableArray<FilledRelation> Relations, ImmutableArray<string> Notes)
{
    /// <summary>Whether statistics of the rows were gathered; without them plans are no better than guesses.</summary>
    public bool IsAnalyzed { get; init; } = true;

    /// <summary>The least scale of all tables; 1 where everything has its original size.</summary>
    public double Scale => Relations.Select(relation => relation.Scale).DefaultIfEmpty(1).Min();
}

/// <summary>What a table got.</summary>
/// <param name="Table">Its name.</param>
/// <param name="Rows">The rows that were made.</param>
/// <param name="OriginalRows">The rows of the original, as its catalog has them.</param>
/// <param name="Bytes">The heap's size as made.</param>
/// <param name="Refusal">Why it got none or fewer than intended, in PostgreSQL's words where it refused; null where it got all.</param>
public sealed record FilledRelation(QualifiedName Table, long Rows, double OriginalRows, long Bytes, string? Refusal)
{
    /// <summary>The share of the original's rows that it has.</summary>
    public double Scale => OriginalRows > 0 && Rows < OriginalRows ? Rows / OriginalRows : 1;
}
