using AgentHost.Sql.Routines;

namespace AgentHost.Sql.Tests.Routines;

/// <summary>Runs alone, since it watches the memory of the whole process.</summary>
[Collection("alone")]
public sealed class RoutineMemoryTests
{
    [Fact]
    public void Reading_over_and_over_keeps_no_memory()
    {
        var script = SqlParser.Parse(string.Concat(Enumerable.Range(0, 20).Select(i => $"DO $$ BEGIN UPDATE t SET a = {i}; EXECUTE 'DROP TABLE x'; END $$;\n")));
        long Read(int times)
        {
            for (var i = 0; i < times; i++) EmbeddedCode.Read(script);
            GC.Collect();
            using var process = System.Diagnostics.Process.GetCurrentProcess();
            return process.WorkingSet64;
        }
        var before = Read(20);
        Assert.InRange(Read(100) - before, long.MinValue, 64 << 20);
    }
}
