using AgentHost.Knowledge.Memory;

// remember FOLDER COUNT [LENGTH]: appends COUNT entries and prints each id once it is acknowledged; a refusal goes to stderr, with exit code 3.
if (args is not ["remember", var folder, var count, .. var more]) return 2;
var journal = new MemoryJournal(folder);
var length = more is [var told] ? int.Parse(told) : 200;
try
{
    for (var i = 0; i < int.Parse(count); i++)
    {
        var entry = await journal.AppendAsync(new NewEntry((MemoryKind)(i % 3), $"Entry {i} of {Environment.ProcessId}", new string('t', length)));
        Console.WriteLine(entry.Id);
    }
    return 0;
}
catch (MemoryException refused)
{
    Console.Error.WriteLine(refused.Message);
    return 3;
}
