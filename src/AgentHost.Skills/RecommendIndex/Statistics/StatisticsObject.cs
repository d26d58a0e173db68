using System.Collections.Immutable;

namespace AgentHost.Skills.RecommendIndex.Statistics;

/// <summary>Statistics on several columns together that the planner lacks (manual, 14.2.2).</summary>
/// <param name="Sql">The statements to run: CREATE STATISTICS, and ANALYZE, before which it knows nothing.</param>
/// <param name="Table">The table, qualified with its schema.</param>
/// <param name="Columns">The columns.</param>
/// <param name="Query">The statement whose run proved it.</param>
/// <param name="ExpectedRows">Rows, or groups, that the planner expected there.</param>
/// <param name="ActualRows">Those that came.</param>
/// <param name="Why">The proof, in one line.</param>
public sealed record StatisticsObject(string Sql, string Table, ImmutableArray<string> Columns, string Query, double ExpectedRows, double ActualRows, string Why);
