using System.Globalization;
using System.Text;
using AgentHost.Postgres;
using AgentHost.Postgres.Catalog;
using AgentHost.Skills.RecommendIndex;
using AgentHost.Skills.RecommendIndex.Rewrites;

namespace AgentHost.Skills.Tests.RecommendIndex.Rewrites;

public sealed class RepeatedLookUpsTests
{
    private const string Schema = """
        create table authors (id int primary key, name text not null);
        create table books (id int primary key, author_id int not null references authors, title text not null);
        create table chapters (id int primary key, book_id int not null references books (id), title text not null);
        """;

    private const string List = "SELECT id, title, author_id FROM books WHERE title LIKE $1", Child = "SELECT title FROM chapters WHERE book_id = $1 ORDER BY id", Parent = "SELECT * FROM authors WHERE id = $1";

    private static async Task<QueryRewrite[]> FindAsync(string? log, params StatementFigures[] statements)
    {
        await using var database = await (await PrivateServer.ConnectAsync()).CreateScratchAsync();
        await database.ExecuteAsync(Schema);
        await using var target = await ReadOnlyTarget.ConnectAsync("app", database.ConnectionString);
        var snapshot = await AgentHost.Postgres.Catalog.CatalogReader.ReadAsync(target, statistics: true) with { Statements = [.. statements] };
        var result = await RecommendIndexEngine.RunAsync(new IndexRequest { Snapshot = snapshot, QueriesText = log, Workload = log is null });
        return [.. result.Rewrites.Where(r => r.Kind == RewriteKind.RepeatedLookUp)];
    }

    private static string Log(int lists, int session, params string[] lookUps)
    {
        var log = new StringBuilder();
        void Line(string sql) => log.Append(CultureInfo.InvariantCulture, $"2026-11-22 05:34:20.503 UTC [{session}] LOG:  duration: 0.5 ms  statement: {sql}\n");
        for (var list = 0; list < lists; list++)
        {
            Line($"SELECT id, title, author_id FROM books WHERE title LIKE 'a{list}%'");
            for (var row = 0; row < 8; row++)
            {
                foreach (var lookUp in lookUps)
                    Line(string.Format(CultureInfo.InvariantCulture, lookUp, (list * 100) + row));
            }
            Line("SELECT 1");
        }
        return log.ToString();
    }

    [Fact]
    public async Task Calls_as_many_as_the_rows_of_a_list_of_the_other_table_are_one_statement_too_many_for_each()
    {
        var found = await FindAsync(null, new StatementFigures(List, 1_000, 900, 30_000), new StatementFigures(Child, 30_000, 5_000, 90_000), new StatementFigures(Parent, 29_500, 4_000, 29_500));
        Assert.Equal(["statement 2", "statement 3"], found.Select(f => f.Query));
        Assert.Equal("SELECT book_id, title FROM chapters WHERE book_id = ANY ($1::integer[]) ORDER BY id", found[0].Sql);
        Assert.Equal("SELECT * FROM authors WHERE id = ANY ($1::integer[])", found[1].Sql);
        Assert.Contains("called 30,000 times, once for each of the 30,000 rows of 'statement 1' (1,000 calls, 30 rows each)", found[0].Why, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("SELECT id, title FROM books WHERE title LIKE $1", 30_000, "SELECT * FROM authors WHERE id = $1", 30_000)] // the list gives no key
    [InlineData(List, 30_000, Child, 50_000)] // other code calls it, too
    [InlineData(List, 3_000, Child, 3_000)] // three rows each
    [InlineData("SELECT count(*), author_id AS id FROM books GROUP BY author_id", 30_000, Parent, 30_000)]
    [InlineData(List, 30_000, "SELECT title FROM chapters WHERE title = $1", 30_000)] // no foreign key
    [InlineData(List, 30_000, "UPDATE chapters SET title = $2 WHERE book_id = $1", 30_000)]
    [InlineData("SELECT b.id, c.title FROM books AS b JOIN chapters AS c ON c.book_id = b.id WHERE b.title LIKE $1", 30_000, Child, 30_000)]
    public async Task Anything_else_may_be_chance(string list, double rows, string lookUp, double calls) =>
        Assert.Empty(await FindAsync(null, new StatementFigures(list, 1_000, 900, rows), new StatementFigures(lookUp, calls, 5_000, calls)));

    [Fact]
    public async Task A_log_shows_look_ups_behind_a_list_in_its_session_though_two_alternate()
    {
        var found = await FindAsync(Log(3, 7, "SELECT count(*) FROM chapters WHERE book_id = {0}", "SELECT name FROM authors AS a WHERE a.id = {0} LIMIT 1"));
        Assert.Equal(2, found.Length);
        var counted = found.Single(f => f.Why.Contains("book_id", StringComparison.Ordinal));
        Assert.Equal("SELECT book_id, count(*) FROM chapters WHERE book_id = ANY ($1::integer[]) GROUP BY book_id", counted.Sql);
        Assert.Contains("24 runs of it right behind 3 of 'logged", counted.Why, StringComparison.Ordinal);
        Assert.Contains("8 each time", counted.Why, StringComparison.Ordinal);
        Assert.Null(found.Single(f => f != counted).Sql); // LIMIT counts the rows of one key
    }

    [Fact]
    public async Task Look_ups_of_different_sessions_or_for_the_same_value_are_no_loop()
    {
        var apart = string.Concat(Enumerable.Range(0, 30).Select(i => $"2026-11-22 05:34:20.503 UTC [{i}] LOG:  duration: 0.5 ms  statement: {(i % 10 == 0 ? "SELECT id, title, author_id FROM books WHERE title LIKE 'a%'" : $"SELECT name FROM authors WHERE id = {i}")}\n"));
        Assert.Empty(await FindAsync(apart));
        Assert.Empty(await FindAsync(Log(3, 7, "SELECT name FROM authors WHERE id = 5")));
    }
}
