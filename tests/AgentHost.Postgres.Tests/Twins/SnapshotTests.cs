using System.Text;
using AgentHost.Postgres.Catalog;
using AgentHost.Postgres.Twins;

namespace AgentHost.Postgres.Tests.Twins;

public sealed class SnapshotTests(TwinDatabases databases) : IClassFixture<TwinDatabases>
{
    [Fact]
    public async Task A_file_holds_the_whole_snapshot()
    {
        using var file = new MemoryStream();
        await CatalogSnapshotFile.WriteAsync(file, databases.Snapshot);
        file.Position = 0;
        var read = await CatalogSnapshotFile.ReadAsync(file);
        using var again = new MemoryStream();
        await CatalogSnapshotFile.WriteAsync(again, read);
        Assert.Equal(file.ToArray(), again.ToArray());
        Assert.Equal(databases.Snapshot.Relations.SelectMany(r => r.Statistics).Sum(s => s.CommonValues.Length), read.Relations.SelectMany(r => r.Statistics).Sum(s => s.CommonValues.Length));
        Assert.True(SnapshotDifference.Between(databases.Snapshot, read).IsEmpty);
    }

    [Fact]
    public async Task A_redacted_snapshot_holds_no_value_of_a_row_and_loads()
    {
        var redacted = Redaction.Of(databases.Snapshot);
        var text = Values(redacted).ToHashSet(StringComparer.Ordinal);
        var data = databases.Snapshot.Relations.SelectMany(r => r.Statistics).Where(s => s.Column is "email" or "city" or "country" or "tags" or "attrs" or "body" or "seen")
            .SelectMany(s => s.CommonValues.Concat(s.Histogram).Concat(s.CommonElements).Concat(s.RangeBounds)).ToList();
        Assert.True(data.Count > 200);
        Assert.DoesNotContain(data, text.Contains);
        Assert.Contains("shipped", text); // a label of the schema's own
        var orders = redacted.Relations.Single(r => r.Name == "orders").Statistics.Single(s => s.Column == "placed_at").Histogram;
        Assert.Equal(orders.Order(StringComparer.Ordinal), orders);
        Assert.Empty(orders.Intersect(databases.Snapshot.Relations.Single(r => r.Name == "orders").Statistics.Single(s => s.Column == "placed_at").Histogram));
        await using var twin = await Twin.LoadAsync(await PrivateServer.ConnectAsync(), redacted);
        Assert.Equal(redacted.Notes, twin.Notes);
        await using var original = await databases.Original.OpenAsync();
        await using var open = await twin.OpenAsync();
        foreach (var sql in (string[])
                 [
                     "select * from shop.orders where city = 'city3'", "select * from shop.orders o where o.country in ('country0', 'country3') limit 7", "select * from shop.orders where status = 'lost'",
                     "select * from shop.orders where placed_at between '2024-03-01' and '2024-03-08'", "select * from shop.events where kind = 5", "select * from shop.orders where id between 100 and 5000",
                     "select c.email, o.total from shop.customers c join shop.orders o on o.customer_id = c.id where o.city = 'city3' and c.email = 'User77@example.org'",
                     "select count(*) from shop.orders where city = 'city3' and country = 'country0'", "select * from shop.orders where city <> 'city3' and country not in ('country0', 'country3')",
                     "select * from shop.customers where email like 'User77%'", "select * from shop.customers where email like '%example%'", "select * from shop.customers where email not like '%org'",
                     "select * from shop.customers where body @@ to_tsquery('english', 'words5 | terms3')", "select * from shop.customers where body @@ plainto_tsquery('english', 'the words7 of term3')", "select * from shop.customers where body @@ to_tsquery('word5')",
                     "select * from shop.customers where attrs @> '{\"k\": 7}'", "select * from shop.customers where tags @> '{rare5,t3}'", "select * from shop.customers where tags && array['t3', 't30']",
                     "select * from shop.customers where lower(email) = 'user77@example.org'", "select * from shop.customers where seen && tstzrange('2024-01-05', '2024-01-06')",
                     "select city, country, count(*) from shop.orders group by 1, 2",
                 ])
        {
            var (expected, shape) = await PlanComparison.ExplainAsync(original, sql);
            var (cost, twinShape) = await PlanComparison.ExplainAsync(open, await twin.TranslateAsync(sql));
            Assert.True(shape == twinShape, $"{shape}\non the redacted twin\n{twinShape}\n{await twin.TranslateAsync(sql)}");
            Assert.True(PlanComparison.Difference(expected, cost) <= 0.02, $"{expected} on the original, {cost} on the redacted twin: {sql}");
        }
    }

    [Fact]
    public async Task A_redacted_file_holds_neither_a_text_of_the_rows_nor_its_key_and_is_read_with_its_own_key_alone()
    {
        var redacted = Redaction.Of(databases.Snapshot);
        using var file = new MemoryStream();
        await CatalogSnapshotFile.WriteAsync(file, redacted);
        file.Position = 0;
        using var unpacked = new StreamReader(new System.IO.Compression.GZipStream(file, System.IO.Compression.CompressionMode.Decompress, leaveOpen: true));
        var text = await unpacked.ReadToEndAsync();
        foreach (var data in (string[])["example", "User", "city", "country", "rare", "word", "term", redacted.RedactionKey!])
            Assert.DoesNotContain(data + (data is "city" or "country" ? "1" : ""), text, StringComparison.Ordinal);
        Assert.DoesNotContain(redacted.RedactionKey!, text, StringComparison.Ordinal);

        file.Position = 0;
        var read = await CatalogSnapshotFile.ReadAsync(file);
        Assert.Null(read.RedactionKey);
        await using var locked = await Twin.LoadAsync(await PrivateServer.ConnectAsync(), read);
        Assert.Contains(locked.Notes, note => note.StartsWith("Redacted, and its key is not there", StringComparison.Ordinal));
        const string sql = "select * from shop.orders where city = 'city3'";
        Assert.Equal(sql, await locked.TranslateAsync(sql));
        Assert.Equal(redacted.RedactionKey, Redaction.Unlock(read, redacted.RedactionKey + "\n").RedactionKey);
        Assert.Contains("another snapshot's", Assert.Throws<SnapshotFileException>(() => Redaction.Unlock(read, Redaction.Of(databases.Snapshot).RedactionKey!)).Message, StringComparison.Ordinal);
        Assert.Contains("no key", Assert.Throws<SnapshotFileException>(() => Redaction.Unlock(read, redacted.RedactionKey![..9])).Message, StringComparison.Ordinal);
    }

    private static IEnumerable<string> Values(CatalogSnapshot snapshot) =>
        snapshot.Relations.SelectMany(r => r.Statistics.Concat(r.Indexes.SelectMany(i => i.Statistics))).SelectMany(s => s.CommonValues.Concat(s.Histogram).Concat(s.CommonElements).Concat(s.RangeBounds))
            .Concat(snapshot.ExtendedStatistics.SelectMany(e => e.Common.SelectMany(c => c.Values.OfType<string>())));

    [Fact]
    public void Two_redactions_of_a_snapshot_do_not_differ()
    {
        Assert.True(SnapshotDifference.Between(Redaction.Of(databases.Snapshot), Redaction.Of(databases.Snapshot)).IsEmpty);
        Assert.True(SnapshotDifference.Between(databases.Snapshot, Redaction.Of(databases.Snapshot)).IsEmpty);
    }

    [Fact]
    public void What_changed_is_told_and_what_did_not_is_not()
    {
        var orders = databases.Snapshot.Relations.Single(r => r.Name == "orders");
        var status = orders.Statistics.Single(s => s.Column == "status");
        var later = databases.Snapshot with
        {
            Ddl = databases.Snapshot.Ddl.Replace("CREATE INDEX orders_customer ", "CREATE INDEX orders_other ", StringComparison.Ordinal),
            Settings = databases.Snapshot.Settings.SetItem("random_page_cost", "1.1"),
            Relations = databases.Snapshot.Relations.Replace(orders, orders with { Rows = orders.Rows * 2, Statistics = orders.Statistics.Replace(status, status with { Distinct = 9, NullFraction = 0.5f }) }),
        };
        var difference = SnapshotDifference.Between(databases.Snapshot, later);
        Assert.Equal<string>(["random_page_cost: 4 -> 1.1"], difference.Settings);
        Assert.StartsWith("shop.orders: 120,000 rows -> 240,000", Assert.Single(difference.Tables), StringComparison.Ordinal);
        Assert.Equal("shop.orders.status: 4 values -> 9 values; 0% null -> 50%", Assert.Single(difference.Columns));
        Assert.Contains("orders_customer", Assert.Single(difference.Removed), StringComparison.Ordinal);
        Assert.Contains("orders_other", Assert.Single(difference.Added), StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_ordinary_role_gets_what_it_may_see_and_is_told_what_is_missing()
    {
        var role = databases.Original.Name + "_reader";
        await databases.Original.ExecuteAsync($"create role {role} login; grant usage on schema shop to {role}; grant select (id, status) on shop.orders to {role}; grant select on shop.customers to {role}");
        await using var target = await ReadOnlyTarget.ConnectAsync("shop", new Npgsql.NpgsqlConnectionStringBuilder(databases.Original.ConnectionString) { Username = role }.ConnectionString);
        var snapshot = await CatalogReader.ReadAsync(target, statistics: true);
        Assert.Equal<string>(["id", "status"], snapshot.Relations.Single(r => r.Name == "orders").Statistics.Select(s => s.Column));
        Assert.Equal(databases.Snapshot.Relations.Single(r => r.Name == "customers").Statistics.Length, snapshot.Relations.Single(r => r.Name == "customers").Statistics.Length);
        Assert.Equal(3, snapshot.Notes.Length);
        Assert.StartsWith("The role may not SELECT", snapshot.Notes[0], StringComparison.Ordinal);
        Assert.Contains("shop.orders", snapshot.Notes[0], StringComparison.Ordinal);
        Assert.Contains("so those of shop.customers_lower are missing", snapshot.Notes[1], StringComparison.Ordinal);
        Assert.Contains("to a table's owner alone, so those of shop.orders are missing", snapshot.Notes[2], StringComparison.Ordinal);
        Assert.Empty(snapshot.ExtendedStatistics);
    }

    [Fact]
    public async Task Roles_that_watch_do_not_help_and_one_that_reads_all_past_row_security_sees_the_columns_but_not_the_owners_objects()
    {
        var name = databases.Original.Name;
        await databases.Original.ExecuteAsync("create table shop.secured (id int primary key, who text); insert into shop.secured select i, 'w' || i % 3 from generate_series(1, 100) i; alter table shop.secured enable row level security; analyze shop.secured");
        await using (var superuser = await databases.Original.OpenSuperuserAsync(default))
            await PlanComparison.ScalarAsync<int>(superuser, $"create role {name}_watcher login; grant pg_monitor to {name}_watcher; create role {name}_all login bypassrls; grant pg_read_all_data to {name}_all; create role {name}_half login; grant pg_read_all_data to {name}_half; select 1");
        try
        {
            var (watcher, half, all) = (await ReadAsync("_watcher"), await ReadAsync("_half"), await ReadAsync("_all"));
            Assert.Empty(watcher.Relations.SelectMany(r => r.Statistics));
            Assert.Contains(watcher.Notes, note => note.StartsWith("The role may not SELECT", StringComparison.Ordinal));
            Assert.Empty(half.Relations.Single(r => r.Name == "secured").Statistics);
            Assert.Contains(half.Notes, note => note.StartsWith("Row-level security hides the statistics of shop.secured", StringComparison.Ordinal));
            Assert.Equal(2, all.Relations.Single(r => r.Name == "secured").Statistics.Length);
            Assert.Equal(databases.Snapshot.Relations.Sum(r => r.Statistics.Length) + 2, all.Relations.Sum(r => r.Statistics.Length));
            Assert.NotEmpty(all.Relations.SelectMany(r => r.Indexes).Single(i => i.Name == "customers_lower").Statistics);
            Assert.Contains("to a table's owner alone, so those of shop.orders are missing", Assert.Single(all.Notes), StringComparison.Ordinal);
        }
        finally
        {
            await databases.Original.ExecuteAsync("drop table shop.secured");
            await using var superuser = await databases.Original.OpenSuperuserAsync(default);
            await PlanComparison.ScalarAsync<int>(superuser, $"drop role {name}_watcher, {name}_all, {name}_half; select 1");
        }

        async Task<CatalogSnapshot> ReadAsync(string role)
        {
            await using var target = await ReadOnlyTarget.ConnectAsync("shop", new Npgsql.NpgsqlConnectionStringBuilder(databases.Original.ConnectionString) { Username = name + role }.ConnectionString);
            return await CatalogReader.ReadAsync(target, statistics: true);
        }
    }

    [Fact]
    public async Task A_relation_that_somebody_has_locked_away_is_left_out_where_its_size_is_asked_and_not_waited_for()
    {
        await databases.Original.ExecuteAsync("create table shop.locked (id int primary key); insert into shop.locked select generate_series(1, 1000); analyze shop.locked");
        await using (var holder = await databases.Original.OpenAsync())
        {
            await using var transaction = await holder.BeginTransactionAsync();
            await using (var locking = new Npgsql.NpgsqlCommand("lock table shop.locked in access exclusive mode", holder))
                await locking.ExecuteNonQueryAsync();
            await using var target = await ReadOnlyTarget.ConnectAsync("shop", databases.Original.ConnectionString);
            var snapshot = await CatalogReader.ReadAsync(target, statistics: true);
            var locked = snapshot.Relations.Single(r => r.Name == "locked");
            Assert.Null(locked.CurrentPages);
            Assert.Equal((1000.0, 5), (locked.Rows, locked.Pages));
            Assert.Equal(1000.0, locked.Indexes.Single().Rows);
            Assert.NotNull(snapshot.Relations.Single(r => r.Name == "orders").CurrentPages);
        }

        await databases.Original.ExecuteAsync("drop table shop.locked");
    }

    [Fact]
    public async Task Types_of_an_extension_that_is_not_there_are_stood_in_for()
    {
        var snapshot = databases.Snapshot with
        {
            Ddl = "CREATE EXTENSION postgis;\nCREATE SCHEMA gis;\nCREATE TABLE public.places (id int PRIMARY KEY, at gis.geometry(Point,4326), name text);\nCREATE INDEX places_at ON public.places USING gist (at);\nCREATE INDEX places_name ON public.places (name);\n",
            Relations = [], ExtendedStatistics = [],
        };
        await using var twin = await Twin.LoadAsync(await PrivateServer.ConnectAsync(), snapshot);
        Assert.Contains(twin.Notes, note => note.Contains("gis.geometry", StringComparison.Ordinal) && note.Contains("Stood in for", StringComparison.Ordinal));
        Assert.Contains(twin.Notes, note => note.Contains("postgis", StringComparison.Ordinal));
        await using var open = await twin.OpenAsync();
        await PlanComparison.ExplainAsync(open, "select * from public.places where name = 'x' and at is null");
    }

    [Fact]
    public async Task What_a_domain_checks_never_runs_with_a_superusers_rights()
    {
        var server = await PrivateServer.ConnectAsync();
        await using var source = await server.CreateScratchAsync();
        await source.ExecuteAsync("""
            create table seen (role text, super text);
            create function spy(v text) returns boolean language plpgsql immutable as $$ begin raise notice 'seen'; if current_setting('is_superuser') = 'on' then raise exception 'a superuser runs me'; end if; return true; end $$;
            create domain watched as text check (spy(value));
            create table t (id int primary key, w watched);
            insert into t select i, 'w' || i % 5 from generate_series(1, 2000) i;
            analyze t;
            """);
        await using var target = await ReadOnlyTarget.ConnectAsync("source", source.ConnectionString);
        var snapshot = await CatalogReader.ReadAsync(target, statistics: true);
        await using var twin = await Twin.LoadAsync(server, snapshot);
        Assert.Empty(twin.Notes);
        await using var open = await twin.OpenAsync();
        Assert.Equal("spy(VALUE)", await PlanComparison.ScalarAsync<string>(open, "select pg_get_expr(conbin, 0) from pg_constraint where contypid = 'watched'::regtype and contype = 'c'"));
        Assert.Equal(5f, await PlanComparison.ScalarAsync<float>(open, "select n_distinct from pg_stats where tablename = 't' and attname = 'w'"));
    }
}
