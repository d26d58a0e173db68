using System.Collections.Frozen;
using System.Collections.Immutable;
using AgentHost.Postgres.Catalog;

namespace AgentHost.Postgres.Twins;

/// <summary>
/// Takes the data out of a snapshot: every value in its statistics that does not stand in the schema's own text (labels of enums, constants of checks and predicates)
/// is replaced by another one in the same place of the order, the same in every column, so that plans cost the same. What they are drawn with is a key, which does not go into the file.
/// </summary>
public sealed class Redaction
{
    private const int HashBytes = 9;

    private readonly SurrogateKey key = SurrogateKey.New();
    private readonly FrozenSet<string> known;
    private readonly Dictionary<SurrogateKind, Dictionary<string, string>> surrogates;

    private Redaction(CatalogSnapshot snapshot)
    {
        var constants = SchemaConstants.Of(snapshot.Ddl);
        known = constants.Texts;
        var values = new SurrogateValues(key, constants);
        surrogates = Columns(snapshot).SelectMany(Values).Where(v => v.Kind != SurrogateKind.None && (!known.Contains(v.Value) || v.Kind is SurrogateKind.Lexeme or SurrogateKind.Document)).GroupBy(v => v.Kind, v => v.Value)
            .ToDictionary(g => g.Key, g => values.Of(g.Key, [.. g.Distinct(StringComparer.Ordinal)]));
    }

    /// <summary>The snapshot without data.</summary>
    public static CatalogSnapshot Of(CatalogSnapshot snapshot)
    {
        ArgumentNullException.ThrowIfNull(snapshot);
        return new Redaction(snapshot).Redact(snapshot);
    }

    /// <summary>The snapshot with the key that was written when it was redacted: a query's constants are then found among its values.</summary>
    /// <param name="snapshot">A redacted one.</param>
    /// <param name="key">The key's text.</param>
    /// <exception cref="SnapshotFileException">It is no key, or another snapshot's.</exception>
    public static CatalogSnapshot Unlock(CatalogSnapshot snapshot, string key)
    {
        ArgumentNullException.ThrowIfNull(snapshot);
        ArgumentNullException.ThrowIfNull(key);
        try
        {
            return Check(SurrogateKey.Parse(key.Trim())) == snapshot.RedactionCheck
                ? snapshot with { RedactionKey = key.Trim() }
                : throw new SnapshotFileException("The key beside it is another snapshot's. Put the one beside it that was written with it, or take the key away to go without.");
        }
        catch (FormatException e)
        {
            throw new SnapshotFileException("The file beside it is no key, or was cut off. Put the one beside it that was written with it, or take it away to go without.", e);
        }
    }

    /// <summary>By what a constant of a query is found again among the values that were replaced; null where it is none of the kind.</summary>
    internal static string? Hash(SurrogateKey key, SurrogateKind kind, string value) =>
        SurrogateKinds.Canonical(kind, value) is { } canonical ? Convert.ToBase64String(key.Draw($"constant {(int)kind}", canonical).AsSpan(0, HashBytes)) : null;

    /// <summary>By what a key is known to be a snapshot's.</summary>
    internal static string Check(SurrogateKey key) => Convert.ToBase64String(key.Draw("check", "").AsSpan(0, HashBytes));

    private static IEnumerable<ColumnStatistics> Columns(CatalogSnapshot snapshot) =>
        snapshot.Relations.SelectMany(r => r.Statistics.Concat(r.Indexes.SelectMany(i => i.Statistics))).Concat(snapshot.ExtendedStatistics.SelectMany(e => e.Expressions));

    private static IEnumerable<(SurrogateKind Kind, string Value)> Values(ColumnStatistics column)
    {
        var (kind, elements) = (SurrogateKinds.Of(column.Type), SurrogateKinds.OfElements(column.Type));
        return column.CommonValues.Concat(column.Histogram).Select(v => (kind, v)).Concat(column.CommonElements.Select(e => (elements, e))).Concat(column.RangeBounds.SelectMany(RangeSurrogate.Bounds));
    }

    private CatalogSnapshot Redact(CatalogSnapshot snapshot) => snapshot with
    {
        RedactionKey = key.ToString(),
        RedactionCheck = Check(key),
        Surrogates = Hashes(snapshot),
        Relations =
        [
            .. snapshot.Relations.Select(relation => relation with
            {
                Statistics = [.. relation.Statistics.Select(Redact)],
                Indexes = [.. relation.Indexes.Select(index => index with { Statistics = [.. index.Statistics.Select(Redact)] })],
            }),
        ],
        ExtendedStatistics = [.. snapshot.ExtendedStatistics.Select(extended => Redact(extended, snapshot))],
        OpenTransactions = [.. snapshot.OpenTransactions.Select(open => open with { Application = "" })],
        Notes = [.. snapshot.Notes, "Redacted: values in the statistics are surrogates of the same order; those of addresses and other types without surrogates are left out."],
    };

    // Only of what a query may name exactly: bounds of histograms are nobody's constants.
    private ImmutableSortedDictionary<string, string> Hashes(CatalogSnapshot snapshot)
    {
        var hashes = ImmutableSortedDictionary.CreateBuilder<string, string>(StringComparer.Ordinal);
        foreach (var (kind, value) in Columns(snapshot).SelectMany(c => Values(c with { Histogram = [], RangeBounds = [] })))
        {
            // Words and documents are computed.
            if (kind is not (SurrogateKind.Lexeme or SurrogateKind.Document) && Surrogate(kind, value) is { } surrogate && surrogate != value && Hash(key, kind, value) is { } hash)
                hashes[hash] = surrogate;
        }

        return hashes.ToImmutable();
    }

    private ColumnStatistics Redact(ColumnStatistics column)
    {
        var (kind, elements) = (SurrogateKinds.Of(column.Type), SurrogateKinds.OfElements(column.Type));
        var common = All(kind, column.CommonValues);
        var words = All(elements, column.CommonElements);
        ImmutableArray<string> bounds = [.. column.RangeBounds.Select(range => RangeSurrogate.Of(range, Surrogate)).OfType<string>()];
        return column with
        {
            CommonValues = common ?? [],
            CommonFrequencies = common is null ? [] : column.CommonFrequencies,
            // Codes are ordered by their letters, however the database orders texts.
            Histogram = All(kind, column.Histogram) is not { } histogram ? [] : kind == SurrogateKind.Word ? [.. histogram.Order(StringComparer.Ordinal)] : histogram,
            CommonElements = words is null ? [] : [.. Sorted(elements, words.Value).Select(i => words.Value[i])],
            CommonElementFrequencies = words is null ? [] : [.. Sorted(elements, words.Value).Select(i => column.CommonElementFrequencies[i]), .. column.CommonElementFrequencies.Skip(words.Value.Length)],
            RangeBounds = bounds.Length == column.RangeBounds.Length ? bounds : [],
        };
    }

    // Which combination is common is told by its values. Those without surrogates are left out; the counts and dependencies stay, which hold none.
    private ExtendedStatistics Redact(ExtendedStatistics extended, CatalogSnapshot snapshot)
    {
        var owner = snapshot.Relations.FirstOrDefault(r => extended.Columns.Values.All(c => r.Statistics.Any(s => s.Column == c)) && snapshot.Ddl.Contains($"FROM {AgentHost.Sql.SqlIdentifier.Quote(r.Schema)}.{AgentHost.Sql.SqlIdentifier.Quote(r.Name)};", StringComparison.Ordinal));
        List<SurrogateKind> kinds = [.. extended.Columns.Values.Select(c => SurrogateKinds.Of(owner?.Statistics.First(s => s.Column == c).Type ?? ""))];
        return extended with
        {
            Common = [.. extended.Common.Select(c => c with { Values = [.. c.Values.Select((v, i) => v is null ? null : Surrogate(i < kinds.Count ? kinds[i] : SurrogateKind.None, v) ?? "\0")] }).Where(c => !c.Values.Contains("\0"))],
            Expressions = [.. extended.Expressions.Select(Redact)],
        };
    }

    /// <summary>In which order elements are looked up: words of a text search by their length first (ts_selfuncs.c).</summary>
    private static IEnumerable<int> Sorted(SurrogateKind kind, ImmutableArray<string> elements) => kind is SurrogateKind.Word or SurrogateKind.Lexeme
        ? Enumerable.Range(0, elements.Length).OrderBy(i => kind == SurrogateKind.Lexeme ? elements[i].Length : 0).ThenBy(i => elements[i], StringComparer.Ordinal)
        : Enumerable.Range(0, elements.Length);

    private ImmutableArray<string>? All(SurrogateKind kind, ImmutableArray<string> values)
    {
        var others = values.Select(v => Surrogate(kind, v)).ToList();
        return others.Contains(null) ? null : [.. others.Select(o => o!)];
    }

    private string? Surrogate(SurrogateKind kind, string value) =>
        known.Contains(value) && kind is not (SurrogateKind.Lexeme or SurrogateKind.Document) ? value : surrogates.TryGetValue(kind, out var all) ? all.GetValueOrDefault(value) : null;
}
