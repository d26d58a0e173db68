using AgentHost.Sql.Parsing;

namespace AgentHost.Sql.Tests;

/// <summary>Runs alone, since it watches the memory of the whole process.</summary>
[CollectionDefinition("alone", DisableParallelization = true)]
public sealed class Alone;

[Collection("alone")]
public sealed class ParserLibraryTests
{
    private const long MiB = 1024 * 1024;

    [Fact]
    public void A_missing_library_is_named_with_the_command_that_installs_it()
    {
        var error = Assert.Throws<ParserUnavailableException>(() => ParserLibrary.LoadFrom("/nowhere/libpg_query.so"));
        Assert.Contains("/nowhere/libpg_query.so", error.Message, StringComparison.Ordinal);
        Assert.Contains("eng/install-postgres", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_file_that_is_no_library_is_refused()
    {
        var file = Path.GetTempFileName();
        try
        {
            Assert.Contains(file, Assert.Throws<ParserUnavailableException>(() => ParserLibrary.LoadFrom(file)).Message, StringComparison.Ordinal);
        }
        finally
        {
            File.Delete(file);
        }
    }

    [Theory]
    [InlineData(1, 20_000)] // on the calling thread
    [InlineData(30, 2_000)] // each on a thread of its own, whose memory contexts must go with it
    public void Parsing_over_and_over_keeps_no_memory(int statements, int times)
    {
        var sql = string.Concat(Enumerable.Repeat("ALTER TABLE customers ADD COLUMN is_vip boolean NOT NULL DEFAULT false, ADD CHECK (a > 0);\n", statements));
        for (var i = 0; i < times / 10; i++) SqlParser.Parse(sql);
        var before = ResidentBytes();
        for (var i = 0; i < times; i++) SqlParser.Parse(sql);
        // Kept trees would be 100 MiB and more.
        Assert.InRange(ResidentBytes() - before, long.MinValue, 48 * MiB);
    }

    private static long ResidentBytes()
    {
        GC.Collect();
        return long.Parse(File.ReadAllText("/proc/self/statm").Split(' ')[1]) * Environment.SystemPageSize;
    }
}
