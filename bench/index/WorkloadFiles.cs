using System.Collections.Immutable;
using AgentHost.Sql.Queries;

namespace AgentHost.Bench.Index;

/// <summary>A workload as its folder has it.</summary>
/// <param name="Name">The folder's name.</param>
/// <param name="DatabaseScript">The path of the script that makes the database.</param>
/// <param name="QueriesText">What advisors are given.</param>
/// <param name="Given">The same, read.</param>
/// <param name="Aside">The same statements with other values.</param>
/// <param name="Writes">The writes, each for many rows.</param>
/// <param name="Expert">The expert's CREATE INDEX statements.</param>
/// <param name="Needless">Names of the indexes that should go.</param>
internal sealed record WorkloadFiles(
    string Name, string DatabaseScript, string QueriesText, ImmutableArray<WeightedQuery> Given, ImmutableArray<WeightedQuery> Aside, ImmutableArray<WeightedQuery> Writes,
    ImmutableArray<string> Expert, ImmutableArray<string> Needless)
{
    public static WorkloadFiles Load(string folder, string name)
    {
        string Text(string file) => File.ReadAllText(Path.Combine(folder, name, file));
        return new WorkloadFiles(
            name, Path.Combine(folder, name, "database.sql"), Text("queries.sql"), QueryScript.Parse(Text("queries.sql")), QueryScript.Parse(Text("queries-b.sql")), QueryScript.Parse(Text("writes.sql")),
            [.. QueryScript.Parse(Text("expert.sql")).Select(index => index.Sql)], [.. Text("needless.txt").Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)]);
    }

    public static bool IsRead(WeightedQuery query) =>
        query.Sql.StartsWith("SELECT", StringComparison.OrdinalIgnoreCase) || query.Sql.StartsWith("WITH", StringComparison.OrdinalIgnoreCase);

    public double Weight(string name) => Given.First(query => query.Name == name).Weight;
}
