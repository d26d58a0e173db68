using System.Collections.Frozen;
using System.Collections.Immutable;
using System.Security.Cryptography;
using System.Text;
using AgentHost.Postgres.Catalog;

namespace AgentHost.Postgres.Twins;

/// <summary>
/// Takes the data out of a snapshot: every value in its statistics that does not stand in the schema's own text (labels of enums, constants of checks and predicates)
/// is replaced by another one in the same place of the order, the same in every column, so that plans cost the same. What has no order to keep is left out.
/// </summary>
public sealed class Redaction
{
    private const int SaltBytes = 16, HashBytes = 9;

    private readonly byte[] key = RandomNumberGenerator.GetBytes(SaltBytes);
    private readonly FrozenSet<string> known;
    private readonly Dictionary<SurrogateKind, Dictionary<string, string>> surrogates;

    private Redaction(CatalogSnapshot snapshot)
    {
        known = SchemaConstants.Of(snapshot.Ddl);
        surrogates = Columns(snapshot).SelectMany(Values).Where(v => v.Kind != SurrogateKind.None && !known.Contains(v.Value)).GroupBy(v => v.Kind, v => v.Value)
            .ToDictionary(g => g.Key, g => SurrogateValues.Of(g.Key, [.. g.Distinct(StringComparer.Ordinal)], key));
    }

    /// <summary>The snapshot without data.</summary>
    public static CatalogSnapshot Of(CatalogSnapshot snapshot)
    {
        ArgumentNullException.ThrowIfNull(snapshot);
        return new Redaction(snapshot).Redact(snapshot);
    }

    /// <summary>By what a constant of a query is found again among the values that were replaced; null where it is none of the kind.</summary>
    internal static string? Hash(byte[] key, SurrogateKind kind, string value) => SurrogateKinds.Canonical(kind, value) is { } canonical
        ? Convert.ToBase64String(HMACSHA256.HashData(key, Encoding.UTF8.GetBytes($"{(int)kind}\0{canonical}")).AsSpan(0, HashBytes))
        : null;

    private static IEnumerable<ColumnStatistics> Columns(CatalogSnapshot snapshot) =>
        snapshot.Relations.SelectMany(r => r.Statistics.Concat(r.Indexes.SelectMany(i => i.Statistics))).Concat(snapshot.ExtendedStatistics.SelectMany(e => e.Expressions));

    private static IEnumerable<(SurrogateKind Kind, string Value)> Values(ColumnStatistics column)
    {
        var (kind, elements) = (SurrogateKinds.Of(column.Type), SurrogateKinds.OfElements(column.Type));
        return column.CommonValues.Concat(column.Histogram).Select(v => (kind, v)).Concat(column.CommonElements.Select(e => (elements, e)));
    }

    private CatalogSnapshot Redact(CatalogSnapshot snapshot) => snapshot with
    {
        RedactionSalt = Convert.ToBase64String(key),
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
        Notes = [.. snapshot.Notes, "Redacted: values in the statistics are surrogates of the same order; those of documents, addresses and other types without surrogates are left out."],
    };

    // Only of what a query may name exactly: bounds of histograms are nobody's constants.
    private ImmutableSortedDictionary<string, string> Hashes(CatalogSnapshot snapshot)
    {
        var hashes = ImmutableSortedDictionary.CreateBuilder<string, string>(StringComparer.Ordinal);
        foreach (var (kind, value) in Columns(snapshot).SelectMany(c => Values(c with { Histogram = [] })))
        {
            if (Surrogate(kind, value) is { } surrogate && surrogate != value && Hash(key, kind, value) is { } hash)
                hashes[hash] = surrogate;
        }

        return hashes.ToImmutable();
    }

    private ColumnStatistics Redact(ColumnStatistics column)
    {
        var (kind, elements) = (SurrogateKinds.Of(column.Type), SurrogateKinds.OfElements(column.Type));
        var common = All(kind, column.CommonValues);
        var words = All(elements, column.CommonElements);
        ImmutableArray<string> bounds = [.. column.RangeBounds.Select(RangeSurrogate.Of).OfType<string>()];
        return column with
        {
            CommonValues = common ?? [],
            CommonFrequencies = common is null ? [] : column.CommonFrequencies,
            Histogram = All(kind, column.Histogram) ?? [],
            CommonElements = words ?? [],
            CommonElementFrequencies = words is null ? [] : column.CommonElementFrequencies,
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

    private ImmutableArray<string>? All(SurrogateKind kind, ImmutableArray<string> values)
    {
        var others = values.Select(v => Surrogate(kind, v)).ToList();
        return others.Contains(null) ? null : [.. others.Select(o => o!)];
    }

    private string? Surrogate(SurrogateKind kind, string value) =>
        known.Contains(value) ? value : surrogates.TryGetValue(kind, out var all) ? all.GetValueOrDefault(value) : null;
}
