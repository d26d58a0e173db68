using System.Collections.Immutable;

namespace AgentHost.Skills.DesignSchema.Physical;

internal sealed partial class PhysicalDesigner
{
    /// <summary>
    /// A unique key in which an optional reference stands beside attributes: what the attributes name is unique below the reference, and the rows without one
    /// are below the same nothing. SQL's NULLs are all distinct, so a plain key would not hold for them.
    /// </summary>
    private void AddUniqueSet(Draft d, ImmutableArray<string> set, List<IndexDraft> indexes, List<KeyConstraint> uniques)
    {
        var scopes = set.Where(c => d[c] is { Source: ColumnSource.Reference, IsNullable: true }).ToImmutableArray();
        var named = set.Where(c => d[c].Source is ColumnSource.Attribute or ColumnSource.Timestamp).ToImmutableArray();
        var isScoped = !scopes.IsEmpty && !named.IsEmpty && !HasAlternative(d, set, scopes);
        var absent = isScoped ? named.Where(c => d[c].IsNullable).ToImmutableArray() : [];
        if (isScoped && pgVersion < 15)
        {
            AddDistinct();
            foreach (var without in Subsets(scopes))
                AddIndex([.. set.Except(without)], nullsNotDistinct: false, whereNull: without, wherePresent: []);
        }
        else if (!isScoped)
        {
            AddDistinct();
        }
        else if (absent.IsEmpty && !d.IsSoftDeleted)
        {
            AddUnique(d, set, nullsNotDistinct: true, indexes, uniques);
        }
        else
        {
            AddIndex(set, nullsNotDistinct: true, whereNull: [], wherePresent: absent);
        }
        if (!scopes.IsEmpty && !named.IsEmpty)
            DecideNulls(d, set, scopes, isScoped);

        void AddDistinct()
        {
            if (d.IsSoftDeleted)
                AddIndex(set, nullsNotDistinct: false, whereNull: [], wherePresent: []);
            else
                AddUnique(d, set, nullsNotDistinct: false, indexes, uniques);
        }

        void AddIndex(ImmutableArray<string> columns, bool nullsNotDistinct, ImmutableArray<string> whereNull, ImmutableArray<string> wherePresent) =>
            indexes.Add(new IndexDraft([.. columns.Select(c => new IndexColumn(c, false))])
            {
                IsUnique = true, OnlyLive = d.IsSoftDeleted, NullsNotDistinct = nullsNotDistinct, WhereNull = whereNull, WherePresent = wherePresent,
            });
    }

    private void AddUnique(Draft d, ImmutableArray<string> columns, bool nullsNotDistinct, List<IndexDraft> indexes, List<KeyConstraint> uniques)
    {
        var constraint = new KeyConstraint(names.Make(d.Name, columns, "key"), columns, nullsNotDistinct);
        uniques.Add(constraint);
        indexes.Add(Constraint(constraint));
    }

    /// <summary>Whether another key has the same rest below another optional reference: then a row lacks one because it has the other.</summary>
    private static bool HasAlternative(Draft d, ImmutableArray<string> set, ImmutableArray<string> scopes) =>
        d.UniqueSets.Exists(other => other != set && other.Except(set, StringComparer.Ordinal).ToList() is { Count: > 0 } more
            && more.TrueForAll(c => d[c] is { Source: ColumnSource.Reference, IsNullable: true })
            && set.Except(other, StringComparer.Ordinal).All(c => scopes.Contains(c)));

    private static IEnumerable<ImmutableArray<string>> Subsets(ImmutableArray<string> columns) =>
        Enumerable.Range(1, (1 << columns.Length) - 1).Select(bits => columns.Where((_, i) => (bits & (1 << i)) != 0).ToImmutableArray());

    private void DecideNulls(Draft d, ImmutableArray<string> set, ImmutableArray<string> scopes, bool isScoped)
    {
        var (key, without) = ($"{d.Name} ({string.Join(", ", set)})", string.Join(", ", scopes));
        if (!isScoped)
        {
            log.Decide($"{key}: rows without {without} are not compared", "another key has the same columns below another optional reference, so a row lacks one because it has the other",
                "natural-keys-and-unique", "Which to choose");
            return;
        }
        log.Decide($"{key} also holds among the rows without {without}: {(pgVersion >= 15 ? "NULLS NOT DISTINCT" : "a partial unique index for them, as NULLS NOT DISTINCT is new in 15")}",
            "by default NULLs are distinct, and any number of rows at the top could have the same name", "natural-keys-and-unique", "Which to choose");
    }
}
