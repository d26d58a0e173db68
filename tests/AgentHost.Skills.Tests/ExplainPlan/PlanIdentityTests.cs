using AgentHost.Skills.ExplainPlan;
using FsCheck;
using FsCheck.Fluent;

namespace AgentHost.Skills.Tests.ExplainPlan;

/// <summary>A query and its plan are known again, whatever the constants.</summary>
public class PlanIdentityTests(PlanLaboratory laboratory) : IClassFixture<PlanLaboratory>
{
    [Theory]
    [InlineData("SELECT * FROM a WHERE x = 1 AND y = 'it''s'", "select *\n from a -- why\n where x = 77 and y = 'b';", true)]
    [InlineData("SELECT * FROM a WHERE x IN (1, 2, 3)", "SELECT * FROM a WHERE x IN (4)", true)]
    [InlineData("SELECT * FROM a WHERE x = $1", "SELECT * FROM a WHERE x = -4.5e3", true)]
    [InlineData("SELECT * FROM a1 WHERE x = 1", "SELECT * FROM a2 WHERE x = 1", false)]
    [InlineData("SELECT * FROM a WHERE x = 1", "SELECT * FROM a WHERE x > 1", false)]
    public void A_statement_is_the_same_whatever_its_constants_and_layout(string one, string other, bool same) =>
        Assert.Equal(same, PlanIdentity.Bare(one) == PlanIdentity.Bare(other));

    [Fact]
    public void Any_numbers_are_the_same_statement() => Prop.ForAll<int, int>((a, b) =>
        PlanIdentity.Bare($"SELECT id FROM t1 WHERE a = {a} AND b < {b}") == PlanIdentity.Bare("SELECT id FROM t1 WHERE a = 5 AND b < 6")).QuickCheckThrowOnFailure();

    [Fact]
    public async Task Without_its_text_a_query_is_known_by_its_tables_and_conditions_though_the_plan_is_another()
    {
        var (scan, index) = (await OfAsync("SELECT * FROM orders WHERE reference = 'R1'", ""), await OfAsync("SELECT * FROM orders WHERE reference = 'R22'", "CREATE INDEX ON orders (reference);"));
        Assert.Equal(scan.Query, index.Query);
        Assert.NotEqual(scan.Shape, index.Shape);
        Assert.Equal("Seq Scan on orders", scan.Outline);
        Assert.Contains("orders_reference_idx", index.Outline, StringComparison.Ordinal);
        Assert.NotEqual(scan.Query, (await OfAsync("SELECT * FROM orders WHERE city = 'R1'", "")).Query);
    }

    [Fact]
    public void A_known_query_that_got_slower_is_a_regression_and_says_what_changed()
    {
        var (then, now) = (Known("a", "Index Scan i on t", 12), Known("b", "Seq Scan on t", 480));
        var found = EarlierPlan.Between(then, now);
        Assert.True(found is { IsRegression: true, IsSamePlan: false });
        Assert.Contains("Index Scan i on t", found!.Message, StringComparison.Ordinal);
        Assert.Contains("Seq Scan on t", found.Message, StringComparison.Ordinal);
        Assert.True(EarlierPlan.Between(then, Known("a", "Index Scan i on t", 480)) is { IsRegression: true, IsSamePlan: true });
        Assert.Null(EarlierPlan.Between(then, Known("a", "Index Scan i on t", 14)));
        Assert.Null(EarlierPlan.Between(null, now));
        Assert.True(EarlierPlan.Between(now, then) is { IsRegression: false });
    }

    private static KnownPlan Known(string shape, string outline, double ms) => new(new PlanIdentity("q", shape, outline), new DateTimeOffset(2026, 1, 2, 0, 0, 0, TimeSpan.Zero), ms, 100);

    private async Task<PlanIdentity> OfAsync(string sql, string settings) => PlanIdentity.Of(PlanReader.Read(await laboratory.CaptureAsync(sql, settings)), null);
}
