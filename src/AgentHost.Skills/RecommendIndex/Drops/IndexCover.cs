using AgentHost.Sql;
using AgentHost.Sql.Statements;

namespace AgentHost.Skills.RecommendIndex.Drops;

/// <summary>Whether an index answers whatever another one does.</summary>
internal static class IndexCover
{
    /// <summary>Both have the same keys, or the other's are the first of a longer btree; predicate and method are the same, and nothing that was included is missing.</summary>
    public static bool Replaces(IndexModel other, IndexModel index) =>
        other.Method == index.Method && other.Predicate?.Text == index.Predicate?.Text
        && (index.Method == "btree" ? other.Keys.Length >= index.Keys.Length : other.Keys.Length == index.Keys.Length)
        && (Begins(other, index, mirrored: false) || (index.Method == "btree" && Begins(other, index, mirrored: true)))
        && index.Include.All(column => other.Include.Contains(column) || other.Keys.Any(k => k.Column == column));

    /// <summary>The keys as PostgreSQL writes them.</summary>
    public static string Keys(IndexModel index) => string.Join(", ", index.Keys.Select(Key));

    // A btree is read from either end: the keys in the opposite direction throughout are the same order.
    private static bool Begins(IndexModel other, IndexModel index, bool mirrored) =>
        index.Keys.Zip(other.Keys).All(pair => Same(pair.First, mirrored ? pair.Second with { Descending = !pair.Second.Descending, NullsFirst = !pair.Second.NullsFirst } : pair.Second, index.Method == "btree"));

    private static bool Same(IndexKey a, IndexKey b, bool isOrdered) =>
        a.Column == b.Column && a.Expression?.Text == b.Expression?.Text && a.OperatorClass == b.OperatorClass && a.Collation == b.Collation
        && (!isOrdered || (a.Descending == b.Descending && a.NullsFirst == b.NullsFirst));

    private static string Key(IndexKey key) =>
        (key.Column ?? $"({key.Expression!.Text})") + (key.OperatorClass is { } c ? $" {c.Name}" : "") + (key.Descending ? " DESC" : "")
        + (key.NullsFirst == key.Descending ? "" : key.NullsFirst ? " NULLS FIRST" : " NULLS LAST");
}
