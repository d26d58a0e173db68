using System.Collections.Immutable;
using System.Security.Cryptography;
using System.Text;
using System.Text.RegularExpressions;
using AgentHost.Sql;

namespace AgentHost.Skills.RecommendIndex;

/// <summary>A btree index that might be worth having.</summary>
internal sealed record IndexCandidate(TableFacts Table, ImmutableArray<CandidateKey> Keys, CandidatePredicate? Predicate)
{
    private const int MaxNameBytes = 63;

    /// <summary>How many leading keys are compared for equality, so that their order among themselves is free.</summary>
    public int EqualityKeys { get; init; }

    /// <summary>The index without its name: <c>public.tasks USING btree (tenant_id, created_at) WHERE …</c>. Ties are broken on it.</summary>
    public string Definition { get; } =
        $"{SqlIdentifier.Quote(Table.Name)} USING btree ({string.Join(", ", Keys.Select(k => k.Sql))})" + (Predicate is null ? "" : $" WHERE {Predicate.Sql}");

    /// <summary>Estimated size, in bytes.</summary>
    public long SizeBytes { get; } = IndexSize.Estimate(Table, Keys, Predicate?.Fraction ?? 1);

    /// <summary>The statement to run.</summary>
    /// <param name="taken">Names that the schema already uses.</param>
    public string CreateStatement(IReadOnlySet<string> taken)
    {
        var name = $"{Table.Name.Name}_{string.Join('_', Keys.Select(k => k.NamePart))}{(Predicate is null ? "" : "_where_" + string.Join('_', Predicate.Columns))}_idx";
        if (Encoding.UTF8.GetByteCount(name) > MaxNameBytes || taken.Contains(name))
        {
            var hash = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(Definition)))[..8];
            while (Encoding.UTF8.GetByteCount(name) > MaxNameBytes - 9)
                name = name[..^(char.IsLowSurrogate(name[^1]) ? 2 : 1)];
            name = $"{name.TrimEnd('_')}_{hash}";
        }
        return $"CREATE INDEX CONCURRENTLY {SqlIdentifier.Quote(name)} ON {Definition};";
    }

    /// <summary>Whether this index serves whatever <paramref name="other"/> serves: the same leading keys under the same predicate.</summary>
    public bool Extends(IndexCandidate other) =>
        Table.Oid == other.Table.Oid && Predicate?.Sql == other.Predicate?.Sql && Keys.Length > other.Keys.Length
        && Keys.Take(other.Keys.Length).Select(k => k.Sql).SequenceEqual(other.Keys.Select(k => k.Sql));
}

/// <summary>A key of a candidate: a column, or an expression over columns.</summary>
internal sealed partial record CandidateKey(ColumnFacts Facts, KeyRole Role, bool Descending, bool NullsFirst)
{
    /// <summary>The column, or the expression.</summary>
    public string Column => Facts.Name;

    /// <summary>The operator class, where it is not the type's default.</summary>
    public string? OperatorClass { get; init; }

    public string Sql => (Facts.IsExpression ? $"({Facts.Name})" : SqlIdentifier.Quote(Facts.Name))
        + (OperatorClass is null ? "" : " " + OperatorClass)
        + (Descending ? " DESC" : "")
        + (Descending == NullsFirst ? "" : NullsFirst ? " NULLS FIRST" : " NULLS LAST");

    /// <summary>What the index's name calls it: the words of an expression.</summary>
    public string NamePart => Facts.IsExpression ? string.Join('_', Words().Matches(Facts.Name).Select(m => m.Value).Distinct().Take(4)) : Facts.Name;

    /// <summary>Whether an existing index's key is the same.</summary>
    public bool IsSame(IndexedColumn key) => !Facts.IsExpression && Facts.Number == key.Column && Descending == key.Descending && NullsFirst == key.NullsFirst
        && OperatorClass is null == key.HasDefaultClass;

    [GeneratedRegex("[a-z_][a-z0-9_]*", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant, 1000)]
    private static partial Regex Words();
}

/// <summary>What a key column does for the query that asked for it.</summary>
internal enum KeyRole { Equality, Join, Sort, Group, Range, Prefix }

/// <summary>The predicate of a partial index.</summary>
/// <param name="Sql">Its condition, without WHERE.</param>
/// <param name="Columns">The columns in it, in the order of the text.</param>
/// <param name="Fraction">The share of rows that it keeps, 0 to 1.</param>
internal sealed record CandidatePredicate(string Sql, ImmutableArray<string> Columns, double Fraction);
