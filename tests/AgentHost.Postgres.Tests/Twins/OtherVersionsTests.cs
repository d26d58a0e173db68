using AgentHost.Postgres.Catalog;
using AgentHost.Postgres.Tests.Catalog;
using AgentHost.Postgres.Twins;
using AgentHost.Sql;
using Npgsql;

namespace AgentHost.Postgres.Tests.Twins;

/// <summary>Twins of servers that AGENTHOST_TEST_SERVERS names; without any there is nothing to test.</summary>
public sealed class OtherVersionsTests
{
    private const int Planned = 17;

    [Fact]
    public async Task A_twin_of_another_version_loads_plans_every_query_and_says_what_it_lacks()
    {
        foreach (var address in ForeignDatabase.Servers)
        {
            await using var original = await ForeignDatabase.CreateAsync(address);
            await original.TryAsync(SqlParser.Parse(TwinDatabases.Schema));
            await original.TryAsync([.. CatalogFixtures.Newer, "ALTER TABLE temporal ADD known boolean", "CREATE TABLE temporal_child (id int4range, span daterange, FOREIGN KEY (id, PERIOD span) REFERENCES temporal (id, PERIOD span))", "VACUUM ANALYZE"]);
            await using var target = await ReadOnlyTarget.ConnectAsync("other", await original.AddressOfReaderAsync("shop", "public"));
            var snapshot = await CatalogReader.ReadAsync(target, statistics: true);
            await using var twin = await Twin.LoadAsync(await PrivateServer.ConnectAsync(), snapshot);
            Assert.Equal(Expected(snapshot.MajorVersion), twin.Notes);
            await using var asked = new NpgsqlConnection(original.Address);
            await asked.OpenAsync();
            await using var answering = await twin.OpenAsync();
            foreach (string sql in TwinTests.Queries)
            {
                var (expected, shape) = await PlanComparison.ExplainAsync(asked, sql);
                var (cost, twinShape) = await PlanComparison.ExplainAsync(answering, sql);
                if (Math.Abs(snapshot.MajorVersion - Planned) > 2 || snapshot.MajorVersion > Planned || sql.Contains("seen", StringComparison.Ordinal) || sql.Contains("city", StringComparison.Ordinal) || sql.Contains("lower", StringComparison.Ordinal) || sql.Contains("date_trunc", StringComparison.Ordinal))
                    continue; // planned by another planner, or by what an ordinary role is not shown
                Assert.Equal(shape, twinShape);
                Assert.True(PlanComparison.Difference(expected, cost) <= 0.01, $"{expected} on {snapshot.MajorVersion}, {cost} on its twin: {sql}\n{shape}");
            }
        }
    }

    private static IEnumerable<string> Expected(int version)
    {
        if (version >= 18)
        {
            yield return "2 temporal constraints are not part of the schema as it was read.";
            yield return "1 unenforced constraint is not part of the schema as it was read.";
            yield return "1 virtual generated column is read as STORED, which version 17 knows as well.";
        }

        yield return "PostgreSQL shows statistics of an index's expressions to its owner, and to pg_read_all_data, so those of shop.customers_lower are missing: the planner's defaults stand in.";
        if (version >= 14) // in their last minor versions
            yield return "PostgreSQL shows statistics of several columns (CREATE STATISTICS) to a table's owner alone, so those of shop.orders are missing: columns are taken to be independent.";
        if (version > Planned)
            yield return "Planned by version 17: what later planners came to do is not priced, skip scans above all, by which an index serves queries that do not name its first column.";
        if (version < 17)
            yield return $"Version {version} shows nobody but superusers the histograms of ranges: of 1 column the planner's defaults stand in.";
    }
}
