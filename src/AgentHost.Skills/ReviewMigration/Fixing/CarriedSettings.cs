using System.Text.RegularExpressions;

namespace AgentHost.Skills.ReviewMigration.Fixing;

/// <summary>The settings that a migration has made so far, for the transactions into which it is cut.</summary>
internal sealed partial class CarriedSettings
{
    private readonly Dictionary<string, (string Sql, bool IsLocal)> settings = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>Takes note of a statement of the migration.</summary>
    public void Note(Piece piece)
    {
        if (piece.Setting is not { } set)
            return;
        if (set.Name.Equals("all", StringComparison.OrdinalIgnoreCase))
            settings.Clear();
        else if (set.Value is null)
            settings.Remove(set.Name);
        else
            settings[set.Name] = (piece.Sql.Trim(), set.IsLocal);
    }

    /// <summary>Forgets what ended with a transaction.</summary>
    public void EndTransaction()
    {
        foreach (string name in settings.Where(setting => setting.Value.IsLocal).Select(setting => setting.Key).ToList())
            settings.Remove(name);
    }

    /// <summary>What a further transaction must set; with <paramref name="localOnly"/> what the session does not keep.</summary>
    public string Inside(bool localOnly) => string.Concat(settings.Values.Where(setting => setting.IsLocal || !localOnly).Select(setting => setting.Sql + "\n"));

    /// <summary>What a statement outside of a transaction needs: no timeouts, for it takes its time and lets others work.</summary>
    public string Outside() => string.Concat(settings.Where(setting => !setting.Key.EndsWith("_timeout", StringComparison.OrdinalIgnoreCase))
        .Select(setting => Local().Replace(setting.Value.Sql, "SET ", 1) + "\n"));

    [GeneratedRegex(@"^SET\s+LOCAL\s+", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant, 1000)]
    private static partial Regex Local();
}
