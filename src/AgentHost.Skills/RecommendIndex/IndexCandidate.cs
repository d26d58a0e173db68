using System.Collections.Immutable;
using System.Security.Cryptography;
using System.Text;
using AgentHost.Sql;

namespace AgentHost.Skills.RecommendIndex;

/// <summary>An index that might be worth having. Two with the same definition are the same.</summary>
internal sealed partial record IndexCandidate(TableFacts Table, ImmutableArray<CandidateKey> Keys, CandidatePredicate? Predicate)
{
    private const int MaxNameBytes = 63;

    /// <summary>The access method.</summary>
    public string Method { get; init; } = "btree";

    /// <summary>Columns that a leaf holds besides the keys, so that the table need not be visited.</summary>
    public ImmutableArray<ColumnFacts> Include { get; init; } = [];

    /// <summary>Storage parameters, as <c>pages_per_range = 32</c>; null for the method's own.</summary>
    public string? Storage { get; init; }

    /// <summary>Extensions that must be created first, since the database has them not yet.</summary>
    public ImmutableArray<string> Extensions { get; init; } = [];

    /// <summary>How many leading keys are compared for equality, so that their order among themselves is free.</summary>
    public int EqualityKeys { get; init; }

    /// <summary>The index without its name: <c>public.tasks USING btree (tenant_id, created_at) WHERE …</c>. Ties are broken on it.</summary>
    public string Definition => field ??=
        $"{SqlIdentifier.Quote(Table.Name)} USING {Method} ({string.Join(", ", Keys.Select(k => k.Sql))})"
        + (Include.IsEmpty ? "" : $" INCLUDE ({string.Join(", ", Include.Select(c => SqlIdentifier.Quote(c.Name)))})")
        + (Storage is null ? "" : $" WITH ({Storage})") + (Predicate is null ? "" : $" WHERE {Predicate.Sql}");

    /// <summary>Estimated size, in bytes; known better once the expressions' values are.</summary>
    public long SizeBytes { get => field == 0 ? field = IndexSize.Estimate(this) : field; init; }

    /// <summary>All columns whose change needs a new entry: those of keys, payload and predicate.</summary>
    public IEnumerable<string> Columns => Keys.SelectMany(k => k.Facts.Columns).Concat(Include.Select(c => c.Name)).Concat(Predicate?.Columns ?? []).Distinct();

    public bool IsBtree => Method == "btree";

    /// <summary>The statements to run, the last of which makes the index.</summary>
    /// <param name="taken">Names that the schema already uses.</param>
    public string CreateStatement(IReadOnlySet<string> taken)
    {
        var name = $"{Table.Name.Name}_{string.Join('_', Keys.Select(k => k.NamePart))}{(Predicate is null ? "" : "_where_" + string.Join('_', Predicate.Columns))}_{(IsBtree ? "idx" : Method)}";
        if (Encoding.UTF8.GetByteCount(name) > MaxNameBytes || taken.Contains(name))
        {
            var hash = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(Definition)))[..8];
            while (Encoding.UTF8.GetByteCount(name) > MaxNameBytes - 9)
                name = name[..^(char.IsLowSurrogate(name[^1]) ? 2 : 1)];
            name = $"{name.TrimEnd('_')}_{hash}";
        }
        // A partitioned table's index cannot be made concurrently.
        return $"CREATE INDEX {(Table.Kind == 'p' ? "" : "CONCURRENTLY ")}{SqlIdentifier.Quote(name)} ON {Definition};";
    }

    /// <summary>Whether this index serves whatever <paramref name="other"/> serves: the same leading keys under the same predicate.</summary>
    public bool Extends(IndexCandidate other) =>
        Table.Oid == other.Table.Oid && IsBtree && other.IsBtree && Predicate?.Sql == other.Predicate?.Sql
        && (Keys.Length > other.Keys.Length || (Keys.Length == other.Keys.Length && Include.Length > other.Include.Length))
        && Keys.Take(other.Keys.Length).Select(k => k.Sql).SequenceEqual(other.Keys.Select(k => k.Sql))
        && other.Include.All(c => Include.Contains(c) || Keys.Any(k => k.Column == c.Name));

    /// <summary>Whether an existing index holds no more than this one, so that it can go once this one is built.</summary>
    public bool Replaces(IndexFacts existing) =>
        IsBtree && Predicate is null && existing is { Method: "btree", IsValid: true, IsUnique: false, Predicate: null } && existing.Keys.Length <= Keys.Length
        && Keys.Zip(existing.Keys).All(pair => pair.First.IsSame(pair.Second))
        && existing.Include.All(name => Include.Any(c => c.Name == name) || Keys.Any(k => k.Column == name));

    /// <summary>Whether an existing index serves what this one would.</summary>
    public bool IsServedBy(IndexFacts index) => index is { IsValid: true } && index.Method == Method
        && (index.Predicate is null ? Predicate is null : Predicate is not null && SamePredicate(index.Predicate, Predicate.Sql))
        && (IsBtree ? index.Keys.Length >= Keys.Length : index.Keys.Length == Keys.Length)
        && Keys.Zip(index.Keys).All(pair => pair.First.IsSame(pair.Second))
        && Include.All(c => index.Include.Contains(c.Name) || index.Keys.Any(k => k.Column == c.Number));

    // PostgreSQL writes a predicate with parentheses and casts of its own.
    private static bool SamePredicate(string stored, string written) => Bare(stored) == Bare(written);

    private static string Bare(string predicate) => Casts().Replace(predicate, "").Replace("(", "", StringComparison.Ordinal).Replace(")", "", StringComparison.Ordinal).Replace(" ", "", StringComparison.Ordinal);

    [System.Text.RegularExpressions.GeneratedRegex(@"::(?:character varying|timestamp with(?:out)? time zone|double precision|[a-z_0-9]+)(?:\[\])?", System.Text.RegularExpressions.RegexOptions.CultureInvariant, 1000)]
    private static partial System.Text.RegularExpressions.Regex Casts();

    public bool Equals(IndexCandidate? other) => other is not null && Definition == other.Definition;

    public override int GetHashCode() => string.GetHashCode(Definition, StringComparison.Ordinal);

    public override string ToString() => Definition;
}

/// <summary>The predicate of a partial index.</summary>
/// <param name="Sql">Its condition, without WHERE.</param>
/// <param name="Columns">The columns in it, in the order of the text.</param>
/// <param name="Fraction">The share of rows that it keeps, 0 to 1.</param>
internal sealed record CandidatePredicate(string Sql, ImmutableArray<string> Columns, double Fraction);
