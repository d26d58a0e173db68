using System.Globalization;
using System.Text.RegularExpressions;
using AgentHost.Postgres;
using AgentHost.Skills.RecommendIndex;
using Npgsql;

namespace AgentHost.Skills.Tests.RecommendIndex.Statistics;

/// <summary>Plans as auto_explain logs them, of a real database whose columns go together.</summary>
public sealed partial class StatisticsAdviceTests
{
    private const string Schema = """
        create table places (id int primary key, city text not null, country varchar(3) not null, kind text not null, is_capital boolean not null, code int) with (autovacuum_enabled = off);
        insert into places select i, 'city ' || i % 400, 'C' || (i % 400) / 20, 'kind ' || hashint4(i) % 40, i % 400 < 4, i % 400 from generate_series(1, 80000) i;
        vacuum analyze places;
        """;

    private static async Task<ScratchDatabase> CreateAsync(string more = "")
    {
        var database = await (await PrivateServer.ConnectAsync()).CreateScratchAsync();
        foreach (var statement in (Schema + more).Split(';', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
            await database.ExecuteAsync(statement);
        return database;
    }

    // As auto_explain would, with log_analyze.
    private static async Task<string> LogAsync(ScratchDatabase database, string query, bool json)
    {
        await using var connection = await database.OpenAsync();
        await using (var off = new NpgsqlCommand("set max_parallel_workers_per_gather = 0", connection))
            await off.ExecuteNonQueryAsync();
        await using var command = new NpgsqlCommand($"EXPLAIN (ANALYZE, FORMAT {(json ? "JSON" : "TEXT")}) {query}", connection);
        var lines = new List<string>();
        await using var reader = await command.ExecuteReaderAsync();
        while (await reader.ReadAsync())
            lines.Add(reader.GetString(0));
        var body = json ? "{\n  \"Query Text\": " + System.Text.Json.JsonSerializer.Serialize(query) + "," + string.Join('\n', lines).Trim()[1..^1].Trim()[1..] : $"Query Text: {query}\n" + string.Join('\n', lines);
        return "2026-11-22 05:34:20.503 UTC [16068] LOG:  duration: 5.0 ms  plan:\n\t" + body.Replace("\n", "\n\t", StringComparison.Ordinal) + "\n";
    }

    private static async Task<IndexResult> AdviseAsync(ScratchDatabase database, string log)
    {
        await using var target = await ReadOnlyTarget.ConnectAsync("app", database.ConnectionString);
        return await RecommendIndexEngine.RunAsync(new IndexRequest { Target = target, QueriesText = log });
    }

    private static async Task<double> EstimateAsync(ScratchDatabase database, string query)
    {
        await using var connection = await database.OpenAsync();
        await using var command = new NpgsqlCommand("EXPLAIN " + query, connection);
        return double.Parse(Rows().Match((string)(await command.ExecuteScalarAsync())!).Groups["n"].Value, CultureInfo.InvariantCulture);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_run_that_found_far_more_rows_than_two_independent_columns_would_have_proves_that_they_go_together(bool json)
    {
        const string query = "SELECT id FROM places AS p WHERE city = 'city 7' AND country = 'C0'";
        await using var database = await CreateAsync();
        var result = await AdviseAsync(database, await LogAsync(database, query, json));
        var statistics = Assert.Single(result.Statistics);
        Assert.Equal("CREATE STATISTICS public.places_city_country_stat (dependencies) ON city, country FROM public.places; ANALYZE public.places;", statistics.Sql);
        Assert.Equal(("public.places", 200.0), (statistics.Table, statistics.ActualRows));
        Assert.InRange(statistics.ExpectedRows, 5, 20);
        Assert.Contains(statistics.Sql, IndexText.Render(result), StringComparison.Ordinal);

        foreach (var statement in statistics.Sql.Split(';', StringSplitOptions.RemoveEmptyEntries))
            await database.ExecuteAsync(statement);
        Assert.InRange(await EstimateAsync(database, query), 100, 400);
        // Now that they are known nothing is said any more.
        Assert.Empty((await AdviseAsync(database, await LogAsync(database, query, json))).Statistics);
    }

    [Theory]
    [InlineData(50, "")]
    [InlineData(200, " ALTER STATISTICS public.pairs_a_b_stat SET STATISTICS 1000;")]
    public async Task Where_neither_column_decides_the_other_the_common_combinations_are_kept(int values, string target)
    {
        const string query = "SELECT id FROM pairs WHERE a = 7 AND b = 7";
        await using var database = await CreateAsync(FormattableString.Invariant($"""
            create table pairs (id int primary key, a int not null, b int not null) with (autovacuum_enabled = off);
            insert into pairs select i, hashint4(i) & 4095, 0 from generate_series(1, 100000) i;
            update pairs set a = a % {values};
            update pairs set b = case when id % 10 < 3 then a else (hashint4(id + 1) & 4095) % {values} end;
            vacuum full analyze pairs
            """));
        var statistics = Assert.Single((await AdviseAsync(database, await LogAsync(database, query, json: true))).Statistics);
        Assert.Equal($"CREATE STATISTICS public.pairs_a_b_stat (mcv) ON a, b FROM public.pairs;{target} ANALYZE public.pairs;", statistics.Sql);
        foreach (var statement in statistics.Sql.Split(';', StringSplitOptions.RemoveEmptyEntries))
            await database.ExecuteAsync(statement);
        Assert.InRange(await EstimateAsync(database, query) / statistics.ActualRows, 0.5, 2);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Groups_of_columns_that_go_together_are_fewer(bool json)
    {
        const string query = "SELECT city, country, count(*) FROM places GROUP BY city, country";
        await using var database = await CreateAsync();
        var statistics = Assert.Single((await AdviseAsync(database, await LogAsync(database, query, json))).Statistics);
        Assert.StartsWith("CREATE STATISTICS public.places_city_country_stat (ndistinct) ON city, country", statistics.Sql, StringComparison.Ordinal);
        Assert.Equal(400, statistics.ActualRows);
        foreach (var statement in statistics.Sql.Split(';', StringSplitOptions.RemoveEmptyEntries))
            await database.ExecuteAsync(statement);
        Assert.InRange(await EstimateAsync(database, query), 200, 800);
    }

    [Theory]
    [InlineData("SELECT id FROM places WHERE city = 'city 7' AND kind = 'kind 3'")] // independent
    [InlineData("SELECT id FROM places WHERE city = 'city 7' AND country = 'C0' AND id + 1 > 5")] // something else may be the cause
    [InlineData("SELECT id FROM places WHERE city = 'city 7'")]
    [InlineData("SELECT city, country FROM places GROUP BY city, country LIMIT 3")]
    public async Task What_does_not_prove_it_says_nothing(string query)
    {
        await using var database = await CreateAsync();
        Assert.Empty((await AdviseAsync(database, await LogAsync(database, query, json: false))).Statistics);
    }

    [Fact]
    public async Task Statistics_that_are_only_old_want_ANALYZE()
    {
        await using var database = await CreateAsync("insert into places select i, 'city 7', 'C0', 'kind', false, 7 from generate_series(100001, 120000) i;");
        Assert.Empty((await AdviseAsync(database, await LogAsync(database, "SELECT id FROM places WHERE city = 'city 7' AND country = 'C0'", json: true))).Statistics);
    }

    [GeneratedRegex(@"rows=(?<n>\d+)", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Rows();
}
