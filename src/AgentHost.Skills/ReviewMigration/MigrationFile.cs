using System.Collections.Immutable;
using System.Text.RegularExpressions;

namespace AgentHost.Skills.ReviewMigration;

/// <summary>
/// A migration as its runner reads it: the part that runs on the way up, at its place in the file (everything else is blanked, so that lines
/// and columns stay true), and what the runner's directives say about transactions.
/// </summary>
/// <param name="Name">The name it was given under.</param>
/// <param name="UpText">The text with all but the up section replaced by spaces.</param>
/// <param name="Runner">The migration tool that its markers name, or null.</param>
/// <param name="NoTransaction">Whether a directive tells the runner not to wrap the file.</param>
internal sealed partial record MigrationFile(string Name, string UpText, string? Runner, bool NoTransaction)
{
    /// <summary>Whether the runner keeps up and down in one file, and this one has nothing to take it back.</summary>
    public bool DownIsEmpty { get; private init; }

    /// <summary>The line that begins the down section, 1-based, or null where there is none.</summary>
    public int? DownLine { get; private init; }

    /// <summary>What takes it back, where that was given.</summary>
    public MigrationDown? Down { get; init; }

    /// <summary>Whether nothing takes it back, while other migrations of its folder can be.</summary>
    public bool LacksDown { get; init; }

    /// <summary>Liquibase's changesets, each a transaction of its own; empty for every other runner.</summary>
    public ImmutableArray<Changeset> Changesets { get; private init; } = [];

    /// <summary>Files that psql would read at this place, which are not reviewed with this one.</summary>
    public ImmutableArray<string> Includes { get; private init; } = [];

    /// <summary>The changeset that an offset lies in, -1 before the first.</summary>
    public int ChangesetAt(int offset) => Changesets.Count(changeset => changeset.Start <= offset) - 1;

    /// <summary>Reads the directives of goose, dbmate, Atlas, sqlx, Liquibase, Drizzle, Prisma and Flyway.</summary>
    public static MigrationFile Read(MigrationSource source)
    {
        string text = source.Text.StartsWith('\uFEFF') ? " " + source.Text[1..] : source.Text;
        string? runner = Prisma().IsMatch(source.Name) ? "prisma" : null;
        bool noTransaction = source.NoTransaction;
        var changesets = ImmutableArray.CreateBuilder<Changeset>();
        var includes = ImmutableArray.CreateBuilder<string>();
        bool up = true;
        var kept = text.ToCharArray();
        int? downAt = null;
        bool hasDown = false;
        foreach (var range in text.AsSpan().SplitAny('\r', '\n'))
        {
            var line = text.AsSpan(range);
            // Drizzle puts it behind a statement on its line.
            if (line.Contains("--> statement-breakpoint", StringComparison.Ordinal))
                runner ??= "drizzle";
            if (line.TrimStart().StartsWith("--", StringComparison.Ordinal))
            {
                (runner, up, noTransaction) = Apply(line.ToString(), runner, up, noTransaction);
                if (runner == "liquibase" && Liquibase().Match(line.ToString()) is { Success: true } changeset)
                    changesets.Add(new(range.Start.GetOffset(text.Length), changeset.Groups["options"].Value.Contains("runInTransaction:false", StringComparison.OrdinalIgnoreCase)));
            }
            else if (Include().Match(line.ToString()) is { Success: true } include)
            {
                includes.Add(include.Groups["file"].Value);
            }

            if (!up && downAt is null)
                downAt = text.AsSpan(0, range.Start.Value).Count('\n') + 1;
            hasDown |= !up && !line.IsWhiteSpace() && !line.TrimStart().StartsWith("--", StringComparison.Ordinal);
            if (!up)
                kept.AsSpan(range).Fill(' ');
        }

        return new(source.Name, new string(kept), runner, noTransaction)
        {
            DownIsEmpty = runner is "goose" or "dbmate" && !hasDown,
            DownLine = downAt,
            Changesets = changesets.ToImmutable(),
            Includes = includes.ToImmutable(),
            Down = hasDown ? MigrationDown.Read(source.Name, isSection: true, Without(text, kept)) : null,
        };
    }

    /// <summary>What was blanked in a text, at its place.</summary>
    private static string Without(string text, char[] kept) =>
        string.Create(text.Length, (text, kept), static (rest, parts) =>
        {
            for (int i = 0; i < rest.Length; i++)
                rest[i] = parts.kept[i] != parts.text[i] || parts.text[i] is '\n' or '\r' ? parts.text[i] : ' ';
        });

    private static (string? Runner, bool Up, bool NoTransaction) Apply(string line, string? runner, bool up, bool noTransaction)
    {
        if (Goose().Match(line) is { Success: true } goose)
        {
            string word = goose.Groups["word"].Value.ToUpperInvariant();
            return ("goose", word switch { "UP" => true, "DOWN" => false, _ => up }, noTransaction || word.StartsWith("NO", StringComparison.Ordinal));
        }

        if (Dbmate().Match(line) is { Success: true } dbmate)
        {
            bool isUp = dbmate.Groups["section"].Value.Equals("up", StringComparison.OrdinalIgnoreCase);
            bool off = isUp && dbmate.Groups["options"].Value.Contains("transaction:false", StringComparison.OrdinalIgnoreCase);
            return ("dbmate", isUp, noTransaction || off);
        }

        if (AtlasNone().IsMatch(line))
            return ("atlas", up, true);
        if (Sqlx().IsMatch(line))
            return ("sqlx", up, true);
        if (LiquibaseHead().IsMatch(line))
            return ("liquibase", up, noTransaction);
        return (runner, up, noTransaction);
    }

    [GeneratedRegex(@"^\s*--\s*\+goose\s+(?<word>up|down|no\s+transaction)\b", RegexOptions.ExplicitCapture | RegexOptions.IgnoreCase | RegexOptions.CultureInvariant, 1000)]
    private static partial Regex Goose();

    [GeneratedRegex(@"^\s*--\s*migrate:(?<section>up|down)\b(?<options>.*)$", RegexOptions.ExplicitCapture | RegexOptions.IgnoreCase | RegexOptions.CultureInvariant, 1000)]
    private static partial Regex Dbmate();

    [GeneratedRegex(@"^\s*--\s*atlas:txmode\s+none\b", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant, 1000)]
    private static partial Regex AtlasNone();

    [GeneratedRegex(@"^\s*--\s*no-transaction\b", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant, 1000)]
    private static partial Regex Sqlx();

    [GeneratedRegex(@"^\s*--\s*liquibase\s+formatted\s+sql\b", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant, 1000)]
    private static partial Regex LiquibaseHead();

    [GeneratedRegex(@"^\s*--\s*changeset\s+\S+:\S+(?<options>.*)$", RegexOptions.ExplicitCapture | RegexOptions.IgnoreCase | RegexOptions.CultureInvariant, 1000)]
    private static partial Regex Liquibase();

    /// <summary>Prisma's folders are named by the moment.</summary>
    [GeneratedRegex(@"(?:^|/)[0-9]{14}_[^/]+/migration\.sql$", RegexOptions.CultureInvariant, 1000)]
    private static partial Regex Prisma();

    [GeneratedRegex(@"^\s*\\(?:i|ir|include|include_relative)\s+(?<file>\S+)", RegexOptions.ExplicitCapture | RegexOptions.CultureInvariant, 1000)]
    private static partial Regex Include();
}

/// <summary>A changeset of Liquibase's formatted SQL.</summary>
/// <param name="Start">Where its directive begins.</param>
/// <param name="NoTransaction">Whether it runs outside of a transaction.</param>
internal sealed record Changeset(int Start, bool NoTransaction);
