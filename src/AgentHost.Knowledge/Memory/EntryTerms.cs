namespace AgentHost.Knowledge.Memory;

/// <summary>What an entry is about, found once.</summary>
/// <param name="Title">The matters of its title and tags, a bit each.</param>
/// <param name="Body">The matters of its text that the title does not tell.</param>
/// <param name="Names">Its words by their numbers in the <see cref="TermCounts"/>.</param>
internal sealed record EntryTerms(ulong Title, ulong Body, int[] Names);

/// <summary>The terms of all entries, and how many entries hold each: what many hold tells little.</summary>
internal sealed class TermCounts
{
    private readonly Dictionary<string, int> numbers = new(StringComparer.Ordinal);
    private readonly List<int> names = [];
    private readonly int[] titles = new int[64], bodies = new int[64];
    private readonly List<EntryTerms> terms = [];

    /// <summary>The terms of an entry by its number.</summary>
    public EntryTerms this[int document] => terms[document];

    /// <summary>How many entries are counted.</summary>
    public int Count => terms.Count;

    /// <summary>Counts the next entry.</summary>
    public void Add(MemoryEntry entry)
    {
        var title = Concerns.OfEntry($"{entry.Title} ; {string.Join(" ; ", entry.Tags.Concat(entry.Waives).Concat(entry.Chooses).Concat(entry.Rejects)).Replace('-', ' ')}");
        var body = Concerns.OfEntry(entry.Text) & ~title;
        for (var matter = 0; matter < 64; matter++)
        {
            titles[matter] += (int)(title >> matter & 1);
            bodies[matter] += (int)(body >> matter & 1);
        }
        var own = CaseNames.Of($"{entry.Title} {string.Join(' ', entry.Tags)} {entry.Text} {string.Join(' ', entry.Rejects)}").Select(Number).ToArray();
        foreach (var number in own) names[number]++;
        terms.Add(new(title, body, own));
    }

    /// <summary>A name's number, or null where no entry holds it.</summary>
    public int? NumberOf(string name) => numbers.TryGetValue(name, out var number) ? number : null;

    /// <summary>How rare a name is, 0 (in every entry) to 1.</summary>
    public double RarityOfName(int number) => Rarity(names[number]);

    /// <summary>How rare a matter is in titles.</summary>
    public double RarityInTitles(int matter) => Rarity(titles[matter]);

    /// <summary>How rare a matter is in whole entries.</summary>
    public double RarityOfMatter(int matter) => Rarity(titles[matter] + bodies[matter]);

    // In a memory of few entries one that holds it says less.
    private double Rarity(int holding)
    {
        var all = Math.Log(Math.Max(terms.Count, 20) + 1);
        return Math.Max(0, (all - Math.Log(holding + 0.5)) / all);
    }

    private int Number(string name)
    {
        if (numbers.TryGetValue(name, out var known)) return known;
        names.Add(0);
        return numbers[name] = names.Count - 1;
    }
}
