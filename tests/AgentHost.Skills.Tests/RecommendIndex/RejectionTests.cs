using AgentHost.Knowledge.Memory;
using AgentHost.Skills.RecommendIndex;
using FsCheck;
using FsCheck.Fluent;

namespace AgentHost.Skills.Tests.RecommendIndex;

/// <summary>How a decision's <c>rejects</c> is read, and when its figures no longer hold.</summary>
public sealed class RejectionTests
{
    private static readonly MemoryEntry Decision = new("D-1", MemoryKind.Decision, "No", "No.", [], [], "accepted", DateTimeOffset.UnixEpoch, "Ada");

    [Theory]
    [InlineData("public.orders (customer_id); cost 812 -> 9.1; rows 1200000; bytes 22020096", "public.orders", "customer_id", 812.0, 9.1, 1200000.0, 22020096.0)]
    [InlineData("orders(customer_id, created_at DESC NULLS LAST)", "public.orders", "customer_id|created_at", null, null, null, null)]
    [InlineData("index on Billing.Invoices using btree (Due_On, lower(email) text_pattern_ops); rows 1,200,000", "billing.invoices", "due_on|lower(email)", null, null, 1200000.0, null)]
    [InlineData("\"Order\" (\"Customer\") WHERE state = 'open'; too many writes", "public.Order", "Customer", null, null, null, null)]
    [InlineData("public.t ((a + b), coalesce(x, y)); Cost 10 → 5; because of the writes", "public.t", "a + b|coalesce(x, y)", 10.0, 5.0, null, null)]
    public void A_line_names_table_keys_and_figures(string line, string table, string keys, double? before, double? after, double? rows, double? bytes)
    {
        var (rejection, problem) = Rejection.Read(Decision, line);
        Assert.Null(problem);
        Assert.Equal((table, keys, "btree"), (rejection!.Table, string.Join('|', rejection.Columns), rejection.Method));
        Assert.Equal(new RejectedFigures(before, after, rows, bytes), rejection.Figures);
    }

    [Theory]
    [InlineData("orders", "not a table with its columns")]
    [InlineData("orders (customer_id", "not a table with its columns")]
    [InlineData("orders (customer_id, )", "a column is missing")]
    [InlineData("orders (customer_id); cost high", "'cost high' is no figure")]
    [InlineData("orders (customer_id); rows many", "'rows many' is no figure")]
    public void A_line_that_cannot_be_read_says_why(string line, string why)
    {
        var (rejection, problem) = Rejection.Read(Decision, line);
        Assert.Null(rejection);
        Assert.Contains(why, problem, StringComparison.Ordinal);
    }

    [Fact]
    public void No_line_breaks_the_reader() =>
        Prop.ForAll(ArbMap.Default.ArbFor<NonNull<string>>(), line => Rejection.Read(Decision, "orders (" + line.Get) is var (read, problem) && (read is null) == (problem is not null)).QuickCheckThrowOnFailure();

    [Theory]
    [InlineData(812, 9, 1_200_000, 22_000_000, null)]
    [InlineData(1200, 9, 1_200_000, 22_000_000, null)]
    [InlineData(1220, 9, 1_200_000, 22_000_000, "a call gains 1.5× of then: cost 812 → 9 then, 1,220 → 9 now")]
    [InlineData(812, 9, 2_399_999, 22_000_000, null)]
    [InlineData(812, 9, 2_400_000, 22_000_000, "2.0× the rows: 1,200,000 then, 2,400,000 now")]
    [InlineData(812, 9, 1_200_000, 11_000_000, "it takes 10.5 MB instead of 21 MB, and gains no less")]
    [InlineData(700, 9, 1_200_000, 11_000_000, null)]
    public void Evidence_has_changed_where_the_gain_grew_by_half_the_rows_doubled_or_the_size_halved(double before, double after, double rows, double bytes, string? change) =>
        Assert.Equal(change, ChangedEvidence.Between(new RejectedFigures(812, 9, 1_200_000, 22_000_000), new IndexFigures(before, after, rows, bytes)));

    [Fact]
    public void Without_figures_nothing_ever_changes() =>
        Assert.Null(ChangedEvidence.Between(new RejectedFigures(null, null, null, null), new IndexFigures(1e9, 1, 1e12, 1)));
}
