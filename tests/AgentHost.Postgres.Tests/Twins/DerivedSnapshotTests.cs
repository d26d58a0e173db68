using AgentHost.Postgres.Catalog;
using AgentHost.Postgres.Twins;

namespace AgentHost.Postgres.Tests.Twins;

public sealed class DerivedSnapshotTests
{
    private const string Schema = """
        create type state as enum ('open', 'done');
        create table tenants (id bigint generated always as identity primary key, name text not null);
        create table orders (id bigint generated always as identity primary key, tenant_id bigint not null references tenants, state state not null, kind text not null check (kind in ('a', 'b', 'it''s')),
          placed_at timestamptz not null, deleted_at timestamptz, total numeric(10, 2) not null);
        create index on orders (tenant_id);
        create table lines (id bigint primary key, order_id bigint not null references orders, sku varchar(40) not null);
        create table parts (at date not null, n int) partition by range (at);
        create table parts_1 partition of parts for values from ('2024-01-01') to ('2025-01-01');
        create table parts_2 partition of parts for values from ('2025-01-01') to ('2026-01-01');
        """;

    private static async Task<CatalogSnapshot> MakeAsync(params (string Table, double Rows)[] rows) =>
        await DerivedSnapshot.MakeAsync(await PrivateServer.ConnectAsync(), Schema, rows.ToDictionary(r => r.Table, r => r.Rows));

    [Fact]
    public async Task A_schema_and_row_counts_make_a_twin_that_is_planned_as_one_would_expect()
    {
        var snapshot = await MakeAsync(("orders", 5e6), ("public.parts", 1e6));
        Assert.Equal([5e6, 5e5, 5e7], ((string[])["orders", "tenants", "lines"]).Select(name => snapshot.Relations.Single(r => r.Name == name).Rows!.Value));
        Assert.Equal(5e5, snapshot.Relations.Single(r => r.Name == "parts_2").Rows);
        Assert.Contains(snapshot.Notes, note => note.StartsWith("Derived, not measured", StringComparison.Ordinal));
        Assert.Contains(snapshot.Notes, note => note.Contains("public.lines 50,000,000", StringComparison.Ordinal));
        Assert.Equal<string>(["a", "b", "it's"], snapshot.Relations.Single(r => r.Name == "orders").Statistics.Single(s => s.Column == "kind").CommonValues);
        await using var twin = await Twin.LoadAsync(await PrivateServer.ConnectAsync(), snapshot);
        await using var open = await twin.OpenAsync();
        Assert.Contains("Index Scan", (await PlanComparison.ExplainAsync(open, "select * from orders where id = 7")).Shape, StringComparison.Ordinal);
        Assert.Contains("orders_tenant_id_idx", (await PlanComparison.ExplainAsync(open, "select * from orders where tenant_id = 7")).Shape, StringComparison.Ordinal);
        Assert.Contains("Seq Scan", (await PlanComparison.ExplainAsync(open, "select * from orders where state = 'open'")).Shape, StringComparison.Ordinal);
        Assert.DoesNotContain("parts_1", (await PlanComparison.ExplainAsync(open, "select * from parts where at = '2025-03-01'")).Shape, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("nothing", "no table 'nothing'")]
    public async Task A_count_for_a_table_that_is_not_there_is_refused(string table, string reason) =>
        Assert.Contains(reason, (await Assert.ThrowsAsync<KeyNotFoundException>(() => MakeAsync((table, 1)))).Message, StringComparison.Ordinal);

    [Theory]
    [InlineData("orders=5M", "orders", 5e6)]
    [InlineData("a.b = 1.5k", "a.b", 1500)]
    [InlineData("x=0", "x", 0)]
    public void Row_counts_are_read_with_their_unit(string text, string table, double rows) => Assert.Equal((table, rows), RowCounts.Parse(text));

    [Theory]
    [InlineData("orders")]
    [InlineData("orders=many")]
    [InlineData("=5")]
    [InlineData("a=-1")]
    [InlineData("a=1e300")]
    public void What_is_no_row_count_is_refused(string text) => Assert.Contains(text, Assert.Throws<FormatException>(() => RowCounts.Parse(text)).Message, StringComparison.Ordinal);
}
