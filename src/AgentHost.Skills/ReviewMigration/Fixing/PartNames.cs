using System.Collections.Immutable;
using System.Globalization;
using System.Numerics;
using System.Text.RegularExpressions;

namespace AgentHost.Skills.ReviewMigration.Fixing;

/// <summary>Names for the parts of a migration that sort behind the original's and before the next file's, in the way of its runner.</summary>
internal static partial class PartNames
{
    /// <summary>The fewest digits that are a time and not a count.</summary>
    private const int TimeDigits = 10;

    /// <summary>The names, the original's first; null where there is no room before the next file.</summary>
    /// <param name="name">The original's path.</param>
    /// <param name="count">How many parts there are.</param>
    /// <param name="runner">The runner that the file's directives name, or null.</param>
    /// <param name="others">The paths of the folder's other migrations.</param>
    public static ImmutableArray<string>? Of(string name, int count, string? runner, IEnumerable<string> others)
    {
        var taken = others.Where(other => other != name).ToList();
        ImmutableArray<string> names = [name, .. Enumerable.Range(2, count - 1).Select(part => Name(name, part, runner, taken))];
        var order = MigrationFolder.Order(taken.Concat(names));
        int at = order.IndexOf(name);
        return names.Distinct(StringComparer.Ordinal).Count() == count && !names.Skip(1).Any(taken.Contains) && order.Skip(at).Take(count).SequenceEqual(names) ? names : null;
    }

    /// <summary>Whether Flyway knows the file by its name.</summary>
    public static bool IsFlyway(string path) => Flyway().IsMatch(Path.GetFileName(path));

    private static string Name(string path, int part, string? runner, List<string> taken)
    {
        // A file called migration.sql is named by its folder.
        int cut = Path.GetFileName(path) is "migration.sql" or "up.sql" && Path.GetDirectoryName(path) is { Length: > 0 } parent ? parent.Length : path.Length;
        var (head, tail) = (path[..cut], path[cut..]);
        int slash = head.LastIndexOf('/') + 1;
        var (folder, name) = (head[..slash], head[slash..]);
        if (Flyway().Match(name) is { Success: true } flyway)
            return $"{folder}{Flyway(flyway, part, taken)}{Suffixed(name[flyway.Length..], $"_part_{part}")}{tail}";
        if (Number().Match(name) is { Success: true } number && (number.Length >= TimeDigits || IsKey(runner, name)))
            return $"{folder}{Next(number.Value, part - 1)}{Suffixed(name[number.Length..], $"_{part}")}{tail}";
        return $"{folder}{Suffixed(name, $"_{part}")}{tail}";
    }

    /// <summary>Whether the runner takes the number alone for a migration's identity.</summary>
    private static bool IsKey(string? runner, string name) => runner is "goose" or "dbmate" or "sqlx" || name.EndsWith(".up.sql", StringComparison.Ordinal);

    private static string Next(string number, int by) =>
        (BigInteger.Parse(number, CultureInfo.InvariantCulture) + by).ToString(CultureInfo.InvariantCulture).PadLeft(number.Length, '0');

    /// <summary>V5 becomes V5.1, or V5.0.1 where the folder has a V5.1.</summary>
    private static string Flyway(Match match, int part, List<string> taken)
    {
        string version = match.Groups["version"].Value;
        char dot = version.Contains('_', StringComparison.Ordinal) ? '_' : '.';
        string deeper = taken.Exists(other => Path.GetFileName(other).StartsWith(version + dot, StringComparison.Ordinal)) ? $"{dot}0" : "";
        return $"{version}{deeper}{dot}{(part - 1).ToString(CultureInfo.InvariantCulture)}{match.Groups["end"].Value}";
    }

    /// <summary>The name with a word before its extension, which is all from the first dot on.</summary>
    private static string Suffixed(string name, string suffix)
    {
        int dot = name.IndexOf('.', StringComparison.Ordinal);
        return dot < 0 ? name + suffix : name[..dot] + suffix + name[dot..];
    }

    [GeneratedRegex(@"^(?<version>V[0-9]+(?:[._][0-9]+)*)(?<end>__)", RegexOptions.ExplicitCapture | RegexOptions.NonBacktracking)]
    private static partial Regex Flyway();

    [GeneratedRegex("^[0-9]+", RegexOptions.NonBacktracking)]
    private static partial Regex Number();
}
