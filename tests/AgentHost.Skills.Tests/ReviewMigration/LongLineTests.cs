using AgentHost.Skills.ReviewMigration;

namespace AgentHost.Skills.Tests.ReviewMigration;

public sealed class LongLineTests
{
    [Fact]
    public void A_line_of_megabytes_is_read_without_memory_to_match()
    {
        const int Megabytes = 4 << 20;
        var text = "-- +goose Up\nINSERT INTO documents VALUES ('" + new string('x', Megabytes) + "');\n-- +goose Down\nDROP TABLE documents;";
        var before = GC.GetAllocatedBytesForCurrentThread();
        var file = MigrationFile.Read(new MigrationSource("seed.sql", text));
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 1, 10 * Megabytes);
        Assert.Equal("goose", file.Runner);
        Assert.DoesNotContain("DROP", file.UpText, StringComparison.Ordinal);
    }
}
