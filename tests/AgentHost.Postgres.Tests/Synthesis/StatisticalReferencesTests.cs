using System.Globalization;
using AgentHost.Postgres.Synthesis;

namespace AgentHost.Postgres.Tests.Synthesis;

/// <summary>Rows that lead to parents over several columns, and that have each combination once: they are made so, not refused until they are.</summary>
public class StatisticalReferencesTests
{
    private const string Projects = """
        select setseed(0.2);
        create table organizations (id bigint generated always as identity primary key, name text not null);
        create table members (id bigint generated always as identity primary key, organization_id bigint not null references organizations, unique (organization_id, id));
        create table projects (id bigint generated always as identity primary key, organization_id bigint not null references organizations, lead_id bigint, unique (organization_id, id), foreign key (organization_id, lead_id) references members (organization_id, id));
        create table tasks (id bigint generated always as identity primary key, organization_id bigint not null references organizations, project_id bigint not null, parent_id bigint, assignee_id bigint, number int not null, deleted_at timestamptz, unique (organization_id, id),
            foreign key (organization_id, project_id) references projects (organization_id, id), foreign key (organization_id, parent_id) references tasks (organization_id, id), foreign key (organization_id, assignee_id) references members (organization_id, id));
        create unique index on tasks (organization_id, project_id, number) where deleted_at is null;
        create table watchers (organization_id bigint not null, task_id bigint not null, member_id bigint not null, primary key (organization_id, task_id, member_id),
            foreign key (organization_id, task_id) references tasks (organization_id, id), foreign key (organization_id, member_id) references members (organization_id, id));
        insert into organizations (name) select 'o' || i from generate_series(1, 20) i;
        insert into members (organization_id) select 1 + i / 20 from generate_series(0, 399) i;
        insert into projects (organization_id, lead_id) select o, (o - 1) * 20 + 1 + i % 20 from (select i, case when i % 3 = 0 then 1 else 1 + i % 20 end o from generate_series(1, 600) i) s;
        insert into tasks (organization_id, project_id, assignee_id, number, deleted_at) select p.organization_id, p.id, case when n % 5 > 0 then (organization_id - 1) * 20 + 1 + floor(random() * 20) end, n, case when n = 50 then now() end from projects p, generate_series(1, 50) n order by p.id, n;
        update tasks t set parent_id = id - 1 where number % 7 = 0;
        insert into watchers select t.organization_id, t.id, (t.organization_id - 1) * 20 + k from tasks t, generate_series(1, 20) k where (t.id + k) % 9 = 0;
        """;

    private const string Natural = """
        create table countries (code char(2) primary key);
        create table regions (country char(2) not null references countries, region text not null, primary key (country, region));
        create table cities (country char(2) not null, region text not null, city text not null, size int not null, primary key (country, region, city), foreign key (country, region) references regions);
        create table shops (id int primary key, country char(2) not null, region text, city text, foreign key (country, region, city) references cities);
        create table opening (shop_id int not null references shops, day smallint not null check (day between 1 and 7), opens time not null, primary key (shop_id, day));
        insert into countries select chr(65 + i / 5) || chr(65 + i) from generate_series(0, 19) i;
        insert into regions select code, 'r' || i from countries, generate_series(1, 12) i;
        insert into cities select country, region, 'city ' || i, i * 100 from regions, generate_series(1, 20) i;
        insert into shops select row_number() over (), country, region, city from cities, generate_series(1, 3);
        insert into opening select id, d, time '08:00' + d * interval '5 minutes' from shops, generate_series(1, 7) d where d < 7 or id % 3 = 0;
        """;

    private const string Circles = """
        create table teams (id int primary key, tenant int not null, lead int, unique (tenant, id));
        create table people (id int primary key, tenant int not null, team int not null, boss int, unique (tenant, id), foreign key (tenant, team) references teams (tenant, id), foreign key (tenant, boss) references people (tenant, id));
        insert into teams select i, i % 10, i from generate_series(1, 500) i;
        insert into people select i, i % 10, case when i % 500 = 0 then 500 else i % 500 end, case when i > 10 then i - 10 end from generate_series(1, 10000) i;
        update teams set lead = id where lead is not null;
        alter table teams add foreign key (tenant, lead) references people (tenant, id);
        """;

    private const string Partitions = """
        create table accounts (id int not null, region int not null, primary key (region, id)) partition by list (region);
        create table accounts_1 partition of accounts for values in (1); create table accounts_2 partition of accounts for values in (2, 3);
        create table a_orders (id bigint primary key, region int not null, account int not null, foreign key (region, account) references accounts (region, id));
        insert into accounts select i, 1 + i % 3 from generate_series(1, 3000) i;
        insert into a_orders select i, 1 + (1 + i % 3000) % 3, 1 + i % 3000 from generate_series(1, 20000) i;
        """;

    [Theory]
    [InlineData("projects", Projects)]
    [InlineData("natural keys", Natural)]
    [InlineData("circles", Circles)]
    [InlineData("partitions", Partitions)]
    public async Task Tables_get_all_their_rows_and_every_reference_leads_somewhere(string name, string schema)
    {
        await using var original = await Originals.MakeAsync(schema);
        await using var copy = await (await PrivateServer.ConnectAsync()).CreateScratchAsync();
        var filled = await StatisticalRows.FillAsync(copy, await Originals.SnapshotAsync(original), new FillOptions());
        var told = $"{name}: {string.Join('\n', filled.Relations)}\n{string.Join('\n', filled.Notes)}";
        Assert.All(filled.Relations, relation => Assert.True(relation.Rows >= 0.99 * relation.OriginalRows && relation.Rows <= relation.OriginalRows, told));
        await copy.ExecuteAsync(Originals.CheckReferences);
    }

    [Fact]
    public async Task Children_are_spread_over_parents_as_their_own_statistics_say()
    {
        await using var original = await Originals.MakeAsync(Projects);
        await using var copy = await (await PrivateServer.ConnectAsync()).CreateScratchAsync();
        await StatisticalRows.FillAsync(copy, await Originals.SnapshotAsync(original), new FillOptions());
        string[] queries =
        [
            "select count(*) from tasks where organization_id = 1", "select count(*) from tasks where project_id = 40", "select count(distinct assignee_id) from tasks", "select count(*) from tasks where assignee_id is null",
            "select count(distinct organization_id) from projects", "select count(*) from watchers where organization_id = 1", "select count(distinct task_id) from watchers", "select count(*) from tasks where parent_id is not null",
            "select round(avg(m)) from (select count(*) m from tasks group by project_id) s", "select max(m) from (select count(*) m from tasks group by project_id) s", "select max(number) from tasks",
        ];
        var wrong = new List<string>();
        foreach (var query in queries)
        {
            var (before, after) = (Convert.ToDouble(await Originals.ScalarAsync(original, query), CultureInfo.InvariantCulture), Convert.ToDouble(await Originals.ScalarAsync(copy, query), CultureInfo.InvariantCulture));
            if (after > 1.5 * before + 1 || before > 1.5 * after + 1)
                wrong.Add($"{query}: {before} {after}");
        }

        Assert.True(wrong.Count == 0, string.Join('\n', wrong));
    }
}
