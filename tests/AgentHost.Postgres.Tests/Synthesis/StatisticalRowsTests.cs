using System.Globalization;
using AgentHost.Postgres.Catalog;
using AgentHost.Postgres.Synthesis;
using AgentHost.Sql;

namespace AgentHost.Postgres.Tests.Synthesis;

public class StatisticalRowsTests
{
    /// <summary>Tenants of very different size, projects and tasks of theirs, with what real columns have: skew, order on disk, nulls, arrays, documents, words, periods.</summary>
    private const string Shop = """
        select setseed(0.3);
        create type stage as enum ('draft', 'open', 'closed');
        create domain cents as numeric(12,2) check (value >= 0);
        create table tenants (id int primary key, name text not null unique, plan text not null);
        insert into tenants select i, 'tenant ' || i, (array['free', 'free', 'free', 'pro', 'team'])[1 + i % 5] from generate_series(1, 200) i;
        create table projects (id bigint generated always as identity primary key, tenant_id int not null references tenants, slug text not null, stage stage not null, created_at timestamptz not null, unique (tenant_id, slug));
        insert into projects (tenant_id, slug, stage, created_at) select 1 + floor(200 * power(random(), 3))::int, 'project-' || i, (array['draft', 'open', 'open', 'open', 'closed'])[1 + i % 5]::stage, timestamptz '2023-01-01' + i * interval '2 hours' from generate_series(1, 5000) i;
        create table tasks (
            id bigint generated always as identity primary key, project_id bigint not null references projects, parent_id bigint references tasks, title text not null, status text not null,
            priority smallint not null, amount cents, tags text[] not null, attrs jsonb not null, created_at timestamptz not null, updated_at timestamptz not null, due date, token uuid not null unique,
            period tstzrange, words tsvector, is_done boolean not null, city text not null, country text not null, upper_title text generated always as (upper(title)) stored);
        insert into tasks (project_id, parent_id, title, status, priority, amount, tags, attrs, created_at, updated_at, due, token, period, words, is_done, city, country)
        select 1 + floor(5000 * power(random(), 2))::int, case when random() < 0.2 then 1 + floor(random() * 60000)::int end, 'Task ' || md5(i::text), status, 1 + floor(5 * random() * random())::int,
            case when random() < 0.9 then round((random() * random() * 1000)::numeric, 2) end,
            array(select 't' || floor(300 * power(random(), 3)) from generate_series(1, 1 + (i % 4))),
            jsonb_build_object('source', (array['web', 'web', 'app', 'api'])[1 + i % 4], 'user', floor(random() * 1000), 'nested', jsonb_build_object('score', round(random()::numeric, 3))),
            at, at + random() * interval '20 days', (at + random() * interval '90 days')::date, gen_random_uuid(), tstzrange(at, at + random() * interval '3 days'),
            to_tsvector('simple', 'common ' || 'word' || floor(200 * power(random(), 2)) || ' word' || floor(200 * random())), status = 'done', 'city' || c, 'country' || c % 10
        from (select i, timestamptz '2024-01-01' + i * interval '9 minutes' as at, case when random() < 0.8 then 'done' when random() < 0.7 then 'open' else 'blocked' end as status, floor(random() * 300)::int as c from generate_series(1, 60000) i) s;
        create statistics places (dependencies) on city, country from tasks;
        create statistics states (mcv) on status, is_done from tasks;
        create index tasks_project on tasks (project_id, created_at desc);
        create index tasks_due on tasks (due);
        """;

    [Fact]
    public async Task Columns_have_the_distribution_of_the_original()
    {
        await using var original = await Originals.MakeAsync(Shop);
        await using var copy = await (await PrivateServer.ConnectAsync()).CreateScratchAsync();
        var filled = await StatisticalRows.FillAsync(copy, await Originals.SnapshotAsync(original), new FillOptions());

        Assert.Empty(filled.Notes);
        Assert.All(filled.Relations, relation => Assert.InRange(relation.Rows, 0.995 * relation.OriginalRows, relation.OriginalRows));
        var (before, after) = (await Originals.ColumnsAsync(original), await Originals.ColumnsAsync(copy));
        var wrong = new List<string>();
        foreach (var column in before.SelectMany(table => table.Select(column => (table.Key, Before: column))))
        {
            var own = after[column.Key].Single(candidate => candidate.Column == column.Before.Column);
            wrong.AddRange(Differences($"{column.Key.Table}.{own.Column}", column.Before, own));
        }

        Assert.True(wrong.Count == 0, string.Join('\n', wrong));
    }

    private static IEnumerable<string> Differences(string name, ColumnStatistics before, ColumnStatistics after)
    {
        if (Math.Abs(before.NullFraction - after.NullFraction) > 0.01)
            yield return $"{name}: nulls {before.NullFraction} {after.NullFraction}";
        if (before.Distinct != 0 && before.RangeBounds.IsEmpty && name is not ("tasks.attrs" or "tasks.words" or "tasks.tags") && !Near(before.Distinct, after.Distinct, 0.2))
            yield return $"{name}: distinct {before.Distinct} {after.Distinct}";
        if (before.Correlation is { } correlation && Math.Abs(correlation - (after.Correlation ?? 9)) > 0.15 && name is not ("tasks.attrs" or "tasks.words" or "tasks.tags"))
            yield return $"{name}: correlation {correlation} {after.Correlation}";
        if (!Near(before.Width, after.Width, 0.25))
            yield return $"{name}: width {before.Width} {after.Width}";
        foreach (var (value, frequency) in before.CommonValues.Zip(before.CommonFrequencies).Take(5).Where(common => common.Second > 0.005 && name != "tasks.tags"))
        {
            var place = after.CommonValues.IndexOf(value);
            if (place < 0 || !Near(frequency, after.CommonFrequencies[place], 0.2))
                yield return $"{name}: {value} {frequency} {(place < 0 ? 0 : after.CommonFrequencies[place])}";
        }

        foreach (var (element, frequency) in before.CommonElements.Zip(before.CommonElementFrequencies).Where(common => common.Second > 0.02))
        {
            var place = after.CommonElements.IndexOf(element);
            if (place < 0 || !Near(frequency, after.CommonElementFrequencies[place], 0.25))
                yield return $"{name}: element {element} {frequency} {(place < 0 ? 0 : after.CommonElementFrequencies[place])}";
        }
    }

    private static bool Near(double one, double other, double part) => Math.Abs(one - other) <= part * Math.Max(Math.Abs(one), Math.Abs(other)) + 1e-9;

    [Fact]
    public async Task Predicates_and_joins_keep_as_many_rows_as_in_the_original()
    {
        await using var original = await Originals.MakeAsync(Shop);
        await using var copy = await (await PrivateServer.ConnectAsync()).CreateScratchAsync();
        await StatisticalRows.FillAsync(copy, await Originals.SnapshotAsync(original), new FillOptions());
        string[] queries =
        [
            "tasks where status = 'open'", "tasks where status = 'blocked' and priority = 1", "tasks where created_at >= '2024-03-01' and created_at < '2024-03-08'", "tasks where due between '2024-05-01' and '2024-05-10'",
            "tasks where tags @> '{t0}'", "tasks where tags && '{t5,t9}'", "tasks where attrs @> '{\"source\": \"api\"}'", "tasks where attrs ->> 'source' = 'app'", "tasks where (attrs -> 'nested' ->> 'score')::numeric < 0.1",
            "tasks where amount is null", "tasks where amount < 20", "tasks where words @@ 'word3'", "tasks where period @> timestamptz '2024-06-01'", "(select distinct city, country from tasks) places", "tasks where status = 'done' and is_done", "tasks where status = 'open' and not is_done", "tasks where parent_id is not null",
            "tasks t join projects p on p.id = t.project_id where p.stage = 'draft'", "tasks t join projects p on p.id = t.project_id where p.tenant_id = 1", "projects where tenant_id = 2", "tasks where project_id between 100 and 200",
        ];
        var wrong = new List<string>();
        foreach (var query in queries)
        {
            var before = (long)(await Originals.ScalarAsync(original, $"select count(*) from {query}"))!;
            var after = (long)(await Originals.ScalarAsync(copy, $"select count(*) from {query}"))!;
            if (after > 2 * before || before > 2 * after)
                wrong.Add($"{query}: {before.ToString(CultureInfo.InvariantCulture)} {after.ToString(CultureInfo.InvariantCulture)}");
        }

        Assert.True(wrong.Count == 0, string.Join('\n', wrong));
        Assert.Equal(0L, await Originals.ScalarAsync(copy, "select count(*) from tasks where is_done and status <> 'done'"));
    }

    [Fact]
    public async Task Queries_are_planned_as_on_the_original()
    {
        await using var original = await Originals.MakeAsync(Shop);
        await using var copy = await (await PrivateServer.ConnectAsync()).CreateScratchAsync();
        await StatisticalRows.FillAsync(copy, await Originals.SnapshotAsync(original), new FillOptions());
        string[] queries =
        [
            "select * from tasks where id = 4711", "select * from tasks where project_id = 17 order by created_at desc limit 20", "select count(*) from tasks where due between '2024-05-01' and '2024-06-15'",
            "select * from tasks where status = 'blocked'", "select * from tasks t join projects p on p.id = t.project_id where p.tenant_id = 3", "select stage, count(*) from projects group by stage",
            "select p.slug, count(*) from projects p join tasks t on t.project_id = p.id group by p.slug", "select * from tasks where created_at > '2024-12-01' order by created_at limit 10", "select * from projects where slug = 'project-77'",
            "select * from tasks where tags @> '{t1}'", "select * from tenants n join projects p on p.tenant_id = n.id where n.plan = 'team'", "select * from tasks where project_id in (5, 6, 7) and status = 'open'",
        ];
        var wrong = new List<string>();
        foreach (var query in queries)
        {
            var ((shape, cost), (otherShape, otherCost)) = (await PlanAsync(original, query), await PlanAsync(copy, query));
            if (shape != otherShape || !Near(cost, otherCost, 0.25))
                wrong.Add($"{query}: {cost.ToString("0", CultureInfo.InvariantCulture)} {shape} / {otherCost.ToString("0", CultureInfo.InvariantCulture)} {otherShape}");
        }

        Assert.True(wrong.Count == 0, string.Join('\n', wrong));
    }

    private static async Task<(string Shape, double Cost)> PlanAsync(ScratchDatabase db, string query)
    {
        using var json = System.Text.Json.JsonDocument.Parse((string)(await Originals.ScalarAsync(db, $"explain (format json) {query}"))!);
        var plan = json.RootElement[0].GetProperty("Plan");
        return (Shape(plan), plan.GetProperty("Total Cost").GetDouble());

        static string Shape(System.Text.Json.JsonElement node) =>
            node.GetProperty("Node Type").GetString() + (node.TryGetProperty("Plans", out var children) ? $"({string.Join(", ", children.EnumerateArray().Select(Shape))})" : "");
    }
}
