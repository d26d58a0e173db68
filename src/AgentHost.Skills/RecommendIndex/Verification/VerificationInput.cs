using System.Collections.Immutable;
using AgentHost.Sql;

namespace AgentHost.Skills.RecommendIndex.Verification;

/// <summary>A statement of the workload with literals in it, as it can be run.</summary>
/// <param name="Name">How answers call it; statements of one name are one statement with several literals.</param>
/// <param name="Weight">How often it runs, in the unit of all weights.</param>
/// <param name="Sql">Its text: one statement without parameters. Writes are run, too, and rolled back.</param>
public sealed record BoundQuery(string Name, double Weight, string Sql);

/// <summary>An index to judge.</summary>
/// <param name="Sql">Its CREATE INDEX statement, without CONCURRENTLY; it may lack a name.</param>
/// <param name="Table">Its table.</param>
public sealed record ProposedIndex(string Sql, QualifiedName Table);

/// <summary>Indexes of which at most one is kept: one, or several that would serve the same queries.</summary>
/// <param name="Alternatives">The likeliest first.</param>
public sealed record CandidateSet(ImmutableArray<ProposedIndex> Alternatives);

/// <summary>How often a table's rows are written, in the unit of the queries' weights.</summary>
/// <param name="Table">The table.</param>
/// <param name="Inserts">Rows inserted.</param>
/// <param name="Updates">Rows updated, by the columns that are set.</param>
/// <param name="Deletes">Rows deleted.</param>
public sealed record TableWrites(QualifiedName Table, double Inserts, ImmutableArray<ColumnUpdates> Updates, double Deletes);

/// <summary>Updates that set the same columns.</summary>
public sealed record ColumnUpdates(ImmutableArray<string> Columns, double Rows);

/// <summary>What a verification may cost.</summary>
public sealed record VerificationOptions
{
    /// <summary>The time for all: filling, building and measuring.</summary>
    public TimeSpan Budget { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>A run of a statement that takes longer is cut off, and counts as having taken so long.</summary>
    public TimeSpan Patience { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>The most rows of a table.</summary>
    public long MaxRows { get; init; } = 1_000_000;

    /// <summary>Extensions that the proposed indexes need and the database has not.</summary>
    public ImmutableArray<string> Extensions { get; init; } = [];

    /// <summary>Writes beside those among the queries.</summary>
    public ImmutableArray<TableWrites> Writes { get; init; } = [];
}
