using System.Collections.Immutable;
using System.Text.RegularExpressions;

namespace AgentHost.Skills.ReviewMigration;

/// <summary>Which files of a folder are its migrations, and in which order runners take them.</summary>
public static partial class MigrationFolder
{
    private const int LongestNumber = 25;

    /// <summary>
    /// The paths in the order of their runner: numbers in names count as numbers; Flyway's <c>V…__</c> by version wherever they lie, then its
    /// <c>R__</c>, then what it only calls back. A folder's files stand at the folder's place, as in <c>0001_init/migration.sql</c>.
    /// </summary>
    public static ImmutableArray<string> Order(IEnumerable<string> paths)
    {
        var all = paths.ToList();
        bool isFlyway = all.Exists(path => Versioned().IsMatch(Path.GetFileName(path)));
        return [.. all.OrderBy(path => isFlyway ? Key(path) : "", StringComparer.Ordinal).ThenBy(path => path, Comparer<string>.Create(Compare))];
    }

    /// <summary>
    /// The paths that undo other migrations: <c>*.down.sql</c>, <c>*.undo.sql</c>, <c>*.rollback.sql</c>, <c>down.sql</c>, Flyway's <c>U…__</c>, and
    /// <c>*_down.sql</c> where there is an <c>*_up.sql</c>.
    /// </summary>
    public static ImmutableHashSet<string> Downs(IEnumerable<string> paths)
    {
        var all = paths.ToImmutableHashSet(StringComparer.Ordinal);
        return [.. all.Where(path => Down().IsMatch(Path.GetFileName(path)) || (PairedDown().Match(path) is { Success: true } pair
            && all.Contains($"{path[..pair.Index]}{pair.Groups["mark"].Value}up.sql")))];
    }

    /// <summary>
    /// The file among <paramref name="others"/> that undoes a migration, or null: <c>x.down.sql</c>, <c>x.undo.sql</c> or <c>x.rollback.sql</c> for
    /// <c>x.up.sql</c> or <c>x.sql</c>, <c>x_down.sql</c> for <c>x_up.sql</c>, <c>down.sql</c> in the folder of <c>up.sql</c> or <c>migration.sql</c>, and
    /// Flyway's <c>U2__…</c> for <c>V2__…</c>.
    /// </summary>
    public static string? DownOf(string path, IEnumerable<string> others)
    {
        string folder = path[..^Path.GetFileName(path).Length], name = Path.GetFileName(path);
        if (!name.EndsWith(".sql", StringComparison.Ordinal) || Down().IsMatch(name))
            return null;
        string stem = name[..^".sql".Length];
        var names = new List<string>();
        foreach (string bare in stem.EndsWith(".up", StringComparison.Ordinal) ? new[] { stem[..^".up".Length] } : [stem])
            names.AddRange([$"{bare}.down.sql", $"{bare}.undo.sql", $"{bare}.rollback.sql"]);
        if (stem.EndsWith("_up", StringComparison.Ordinal) || stem.EndsWith("-up", StringComparison.Ordinal))
            names.Add($"{stem[..^"up".Length]}down.sql");
        if (stem is "up" or "migration")
            names.Add("down.sql");
        var all = others as IReadOnlyCollection<string> ?? [.. others];
        return names.Select(candidate => folder + candidate).FirstOrDefault(all.Contains)
            ?? (Versioned().Match(name) is { Success: true } version && name[0] == 'V'
                ? all.FirstOrDefault(other => other.StartsWith(folder, StringComparison.Ordinal) && other[folder.Length..].StartsWith($"U{version.Groups["number"].Value}__", StringComparison.Ordinal))
                : null);
    }

    /// <summary>Whether Flyway runs a file again whenever it changes, so that nothing undoes it.</summary>
    public static bool IsRepeatable(string path) => Path.GetFileName(path).StartsWith("R__", StringComparison.Ordinal);

    /// <summary>Flyway's order as text: by kind, then by the version's numbers at equal width.</summary>
    private static string Key(string path)
    {
        string name = Path.GetFileName(path);
        if (Versioned().Match(name) is { Success: true } version)
            return "0" + string.Join('.', version.Groups["number"].Value.Split('.', '_').Select(part => part.TrimStart('0').PadLeft(LongestNumber, '0')));
        return name.StartsWith("R__", StringComparison.Ordinal) ? "1" : "2";
    }

    /// <summary>Compares folder by folder, runs of digits by their value, all else by its characters.</summary>
    private static int Compare(string left, string right)
    {
        string[] here = [.. Parts().Matches(left).Select(part => part.Value)], there = [.. Parts().Matches(right).Select(part => part.Value)];
        for (int i = 0; i < Math.Min(here.Length, there.Length); i++)
        {
            int order = char.IsAsciiDigit(here[i][0]) && char.IsAsciiDigit(there[i][0]) ? CompareNumbers(here[i], there[i]) : string.CompareOrdinal(here[i], there[i]);
            if (order != 0)
                return order;
        }

        return here.Length != there.Length ? here.Length.CompareTo(there.Length) : string.CompareOrdinal(left, right);
    }

    private static int CompareNumbers(string one, string other)
    {
        string a = one.TrimStart('0'), b = other.TrimStart('0');
        return a.Length != b.Length ? a.Length.CompareTo(b.Length) : string.CompareOrdinal(a, b);
    }

    [GeneratedRegex(@"[0-9]+|/|[^0-9/]+", RegexOptions.CultureInvariant, 1000)]
    private static partial Regex Parts();

    [GeneratedRegex(@"^[VB](?<number>[0-9]{1,25}(?:[._][0-9]{1,25})*)__", RegexOptions.ExplicitCapture | RegexOptions.CultureInvariant, 1000)]
    private static partial Regex Versioned();

    [GeneratedRegex(@"(?:^|\.)(?:down|undo|rollback)\.sql$|^U[0-9][0-9._]*__", RegexOptions.CultureInvariant, 1000)]
    private static partial Regex Down();

    [GeneratedRegex(@"(?<mark>[_-])down\.sql$", RegexOptions.ExplicitCapture | RegexOptions.CultureInvariant, 1000)]
    private static partial Regex PairedDown();
}
