using AgentHost.Knowledge.Memory;

namespace AgentHost.Knowledge.Tests.Memory;

public sealed class OwnMemoryTests
{
    [Fact]
    public void This_repositorys_memory_reads_without_problems()
    {
        var root = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(root.FullName, "AgentHost.sln"))) root = root.Parent!;
        var journal = new MemoryJournal(Path.Combine(root.FullName, "memory"));
        Assert.Empty(journal.Problems);
        Assert.Equal(Enum.GetValues<MemoryKind>(), journal.Entries.Select(e => e.Kind).Distinct().Order());
        var ids = journal.Entries.Select(e => e.Id).ToHashSet();
        Assert.All(journal.Entries.SelectMany(e => e.Because.Concat(e.Supersedes).Concat(e.Resolves)), id => Assert.Contains(id, ids));
    }
}
