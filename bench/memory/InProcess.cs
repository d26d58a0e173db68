using System.Diagnostics;
using AgentHost.Knowledge.Memory;

namespace AgentHost.Bench.Memory;

/// <summary>Times the journal itself, without a protocol around it, over many entries.</summary>
internal static class InProcess
{
    public static async Task PrintAsync(MemoryJournal labelled, string questions, int count)
    {
        var folder = Directory.CreateTempSubdirectory("agenthost-bench-").FullName;
        try
        {
            foreach (var kind in Enum.GetValues<MemoryKind>())
            {
                var entries = labelled.Entries.Where(entry => entry.Kind == kind).ToList();
                var text = string.Join('\n', Enumerable.Range(0, count).Where(i => i % 3 == (int)kind).Select(i => (I: i, Entry: entries[i % entries.Count]))
                    .Select(made => $"## {"LDI"[(int)kind]}-20260101-{made.I:000000}: {made.Entry.Title}, {made.I}\n- when: {made.Entry.When:yyyy-MM-ddTHH:mm:ssZ}\n- by: bench\n- tags: {string.Join(", ", made.Entry.Tags.DefaultIfEmpty("none"))}\n\n{made.Entry.Text}\n"));
                File.WriteAllText(Path.Combine(folder, labelled.Entries.First(entry => entry.Kind == kind).File), text);
            }
            var journal = new MemoryJournal(folder);
            Console.WriteLine($"{count} entries, in the process\n");
            Console.WriteLine($"  first read                 {Once(() => _ = journal.Entries):0.0} ms");
            Console.WriteLine($"  first search               {Once(() => _ = journal.Recall("checkout stood still", 10)):0.0} ms");
            var asked = File.ReadAllLines(questions).Select(line => line.Split('\t')[0]).ToList();
            Print("recall", [.. Enumerable.Range(0, 400).Select(i => Once(() => _ = journal.Recall(asked[i % asked.Count], 10)))]);
            Print("digest", [.. Enumerable.Range(0, 100).Select(_ => Once(() => journal.Recall(null, 20)))]);
            var subject = new MemoryCase(["public.orders"], ["missing-lock-timeout"], "ALTER TABLE public.orders ADD COLUMN note text;");
            _ = journal.Bearing(subject);
            Print("precedents", [.. Enumerable.Range(0, 200).Select(_ => Once(() => journal.Bearing(subject)))]);
            var appends = new List<double>();
            for (var i = 0; i < 300; i++)
            {
                var started = Stopwatch.GetTimestamp();
                await journal.AppendAsync(new NewEntry(MemoryKind.Learning, $"Note {i}", "The text of a learning, some words long, as people write them.") { Tags = ["bench"] });
                appends.Add(Stopwatch.GetElapsedTime(started).TotalMilliseconds);
            }
            Print("append", appends);
            Print("append, then recall", [.. Enumerable.Range(0, 50).Select(i => Once(() => { journal.AppendAsync(new NewEntry(MemoryKind.Issue, $"Issue {i}", "text")).GetAwaiter().GetResult(); _ = journal.Recall(asked[i % asked.Count], 10); }))]);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static double Once(Action action)
    {
        var started = Stopwatch.GetTimestamp();
        action();
        return Stopwatch.GetElapsedTime(started).TotalMilliseconds;
    }

    private static void Print(string name, List<double> times)
    {
        times.Sort();
        Console.WriteLine($"  {name,-26} p50 {times[times.Count / 2]:0.00} ms, p99 {times[times.Count * 99 / 100]:0.00} ms");
    }
}
