using AgentHost.Knowledge.Memory;

// remember FOLDER COUNT: appends COUNT entries and prints each id once it is acknowledged.
if (args is not ["remember", var folder, var count]) return 2;
var journal = new MemoryJournal(folder);
for (var i = 0; i < int.Parse(count); i++)
{
    var entry = await journal.AppendAsync(new NewEntry((MemoryKind)(i % 3), $"Entry {i} of {Environment.ProcessId}", new string('t', 200)));
    Console.WriteLine(entry.Id);
}
return 0;
