using AgentHost.Knowledge.Memory;

namespace AgentHost.Bench.Memory;

/// <summary>How well <c>recall</c> finds an entry again by words that people would type.</summary>
internal static class RecallQuality
{
    public static void Print(MemoryJournal memory, string file, bool misses)
    {
        var lines = File.ReadAllLines(file).Where(line => line.Length > 0).Select((line, index) => (Question: line.Split('\t')[0], Ids: line.Split('\t')[1].Split(','), Held: index % 2 == 1)).ToList();
        Console.WriteLine("| recall | questions | first | among five | unknown answered |\n|---|--:|--:|--:|--:|");
        foreach (var (name, part) in new[] { ("all", lines), ("kept aside", lines.Where(line => line.Held).ToList()) })
        {
            var known = part.Where(line => line.Ids[0] != "-").Select(line => memory.Recall(line.Question, 5).IndexOf(found => line.Ids.Contains(found.Id))).ToList();
            var unknown = part.Where(line => line.Ids[0] == "-").ToList();
            Console.WriteLine($"| {name} | {known.Count} | {(double)known.Count(rank => rank == 0) / known.Count:0.000} | {(double)known.Count(rank => rank >= 0) / known.Count:0.000} | {unknown.Count(line => memory.Recall(line.Question, 1).Length > 0)} of {unknown.Count} |");
        }
        if (!misses) return;
        foreach (var line in lines.Where(line => !line.Held && line.Ids[0] != "-" && !memory.Recall(line.Question, 5).Any(found => line.Ids.Contains(found.Id))))
            Console.WriteLine($"  not among five: {line.Question} -> {string.Join(", ", line.Ids)}; found {string.Join(" | ", memory.Recall(line.Question, 3).Select(found => found.Title))}");
    }

    /// <summary>Prints how well other weights would do on the questions that are not kept aside.</summary>
    public static void Fit(MemoryJournal memory, string file)
    {
        var lines = File.ReadAllLines(file).Where((line, index) => line.Length > 0 && index % 2 == 0)
            .Select(line => (Ids: line.Split('\t')[1].Split(','), Hits: memory.Weigh(line.Split('\t')[0]))).ToList();
        foreach (var weight in new[] { 0.25, 0.5, 0.75, 1, 1.5, 2, 3 })
        {
            var ranked = lines.Select(line => (line.Ids, Hits: line.Hits.OrderByDescending(hit => hit.Words + (weight * hit.Meaning)).ToList())).ToList();
            var known = ranked.Where(line => line.Ids[0] != "-").ToList();
            double Best((string[] Ids, List<EntrySearch.Hit> Hits) line) => line.Hits[0].Words + (weight * line.Hits[0].Meaning);
            var least = known.Select(Best).Order().ElementAt(1);
            Console.WriteLine($"meaning {weight}: first {known.Count(line => line.Ids.Contains(line.Hits[0].Entry.Id))}, among five {known.Count(line => line.Hits.Take(5).Any(hit => line.Ids.Contains(hit.Entry.Id)))} of {known.Count}; "
                + $"least {least:0.00} answers {ranked.Count(line => line.Ids[0] == "-" && Best(line) >= least)} of {ranked.Count - known.Count} unknown");
        }
    }

    private static int IndexOf(this IEnumerable<MemoryEntry> entries, Func<MemoryEntry, bool> wanted)
    {
        var index = 0;
        foreach (var entry in entries)
        {
            if (wanted(entry)) return index;
            index++;
        }
        return -1;
    }
}
