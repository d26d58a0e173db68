using System.Collections.Immutable;
using AgentHost.Skills.ReviewMigration;

namespace AgentHost.Skills.Tests.ReviewMigration;

/// <summary>
/// Migrations of which is known what a review must and must not say. A case is a heading, an optional line <c>!!! reason</c> where the review is known to be
/// wrong about it, and the SQL up to the next heading:
/// <code>
/// === title | options
/// «rule,rule»a line that these rules must report
/// another line
/// </code>
/// The options: a major version of PostgreSQL (else 17); <c>T</c>, the runner wraps the file in a transaction; the schema that the migration meets, by its
/// file's name, or <c>none</c>; <c>+rule,rule</c>, which may be reported or not; <c>-rule,rule</c>, which must not be reported although they are advice.
/// </summary>
internal static class LabelledMigrations
{
    private static readonly string Folder = Path.Combine(AppContext.BaseDirectory, "ReviewMigration", "Labelled");

    private static readonly Lazy<ImmutableArray<LabelledMigration>> Cases = new(() =>
        [.. Directory.EnumerateFiles(Folder, "*.txt").Order(StringComparer.Ordinal).SelectMany(path => Read(Path.GetFileNameWithoutExtension(path), File.ReadAllText(path)))]);

    public static ImmutableArray<LabelledMigration> All => Cases.Value;

    private static IEnumerable<LabelledMigration> Read(string theme, string text) => text.Split("\n=== ").Skip(1).Select(part => ReadCase(theme, part));

    private static LabelledMigration ReadCase(string theme, string text)
    {
        var lines = text.TrimEnd('\n').Split('\n');
        var (title, options) = lines[0].Split(" | ") is [var name, var rest] ? (name, rest.Split(' ')) : throw new FormatException($"'{lines[0]}' is no heading.");
        var reason = lines[1].StartsWith("!!! ", StringComparison.Ordinal) ? lines[1][4..] : null;
        var labelled = lines[(reason is null ? 1 : 2)..];
        var marks = Array.ConvertAll(labelled, line => line.StartsWith('«') ? line[1..line.IndexOf('»', StringComparison.Ordinal)] : null);
        var sql = labelled.Zip(marks, (line, mark) => mark is null ? line : line[(mark.Length + 2)..]).ToArray();
        return new($"{theme}: {title}", string.Join('\n', sql))
        {
            WrongBecause = reason,
            Schema = options.Single(option => option is "none" || char.IsAsciiLetterLower(option[0])) is var schema && schema == "none" ? null : SchemaOf(schema),
            PgVersion = options.Where(option => char.IsAsciiDigit(option[0])).Select(int.Parse).SingleOrDefault(17),
            Transaction = options.Contains("T") ? TransactionMode.On : TransactionMode.Off,
            Labels = [.. marks.SelectMany((mark, at) => RulesIn(mark ?? "").Select(rule => LabelOf(rule, sql, at)))],
            Allowed = RulesOf('+'),
            Forbidden = RulesOf('-'),
        };

        ImmutableArray<string> RulesOf(char sign) => [.. options.Where(option => option[0] == sign).SelectMany(option => RulesIn(option[1..]))];
    }

    private static string[] RulesIn(string list) => list.Split(',', StringSplitOptions.RemoveEmptyEntries);

    private static string SchemaOf(string name) => File.ReadAllText(Path.Combine(Folder, "schema", name + ".sql"));

    /// <summary>The label of a line is that of the lines of its statement.</summary>
    private static Label LabelOf(string rule, string[] sql, int at)
    {
        var (first, last) = (at, at);
        while (first > 0 && !IsBoundary(sql[first - 1]))
            first--;
        while (last < sql.Length - 1 && !sql[last].TrimEnd().EndsWith(';'))
            last++;
        return new(rule, first + 1, last + 1);
    }

    /// <summary>Whether a statement begins after a line.</summary>
    private static bool IsBoundary(string line) => line.Trim() is var text
        && (text is "" or "BEGIN" || text.StartsWith("--", StringComparison.Ordinal) || text.EndsWith(';') || text.EndsWith("$$", StringComparison.Ordinal) || text.EndsWith("THEN", StringComparison.Ordinal));
}

/// <summary>A migration and what a review must and must not say about it.</summary>
/// <param name="Name">Its theme and title.</param>
/// <param name="Sql">Its text, without the marks.</param>
internal sealed record LabelledMigration(string Name, string Sql)
{
    /// <summary>Why the review is wrong about it, or null where it is right.</summary>
    public string? WrongBecause { get; init; }

    /// <summary>The DDL of the schema that it meets, or null.</summary>
    public string? Schema { get; init; }

    /// <summary>The server's major version.</summary>
    public int PgVersion { get; init; } = 17;

    /// <summary>Whether the runner wraps it.</summary>
    public TransactionMode Transaction { get; init; }

    /// <summary>What must be reported.</summary>
    public ImmutableArray<Label> Labels { get; init; } = [];

    /// <summary>Rules that may be reported or not.</summary>
    public ImmutableArray<string> Allowed { get; init; } = [];

    /// <summary>Rules that must not be reported.</summary>
    public ImmutableArray<string> Forbidden { get; init; } = [];

    /// <summary>All rules that it names.</summary>
    public IEnumerable<string> Rules => [.. Labels.Select(label => label.Rule), .. Allowed, .. Forbidden];
}

/// <summary>A rule that must be reported on one of the lines of a statement.</summary>
/// <param name="Rule">The rule's id.</param>
/// <param name="First">The statement's first line.</param>
/// <param name="Last">Its last line.</param>
internal sealed record Label(string Rule, int First, int Last)
{
    /// <summary>Whether a finding is what the label tells of; one without a line is about the whole file.</summary>
    public bool Fits(Finding finding) => finding.Rule == Rule && (finding.Line == 0 || (finding.Line >= First && finding.Line <= Last));

    /// <inheritdoc/>
    public override string ToString() => $"{Rule} on line {First}";
}
