using System.Globalization;
using AgentHost.Skills.ReviewMigration.Fixing;
using AgentHost.Sql;
using AgentHost.Sql.Statements;

namespace AgentHost.Skills.ReviewMigration;

/// <summary>Whether a table's validated CHECKs prove that all its rows fit a partition's bound (manual, ALTER TABLE, ATTACH PARTITION).</summary>
internal static class BoundProof
{
    /// <summary>True or false where it can be told; null where the parent, its key or the bound is not known well enough.</summary>
    public static bool? IsImplied(TableModel child, TableModel? parent, PartitionBound? bound)
    {
        var said = child.Constraints.Where(constraint => constraint is { Kind: ConstraintKind.Check, NotValid: false }).SelectMany(constraint => constraint.Check!.Comparisons).ToList();
        if (parent is null || bound is null)
            return said.Count == 0 ? false : null;
        if (parent.PartitionKey is not [{ } key])
            return said.Count == 0 ? false : null;
        // The bound of a partition excludes nulls, unless a list names NULL.
        if (child.Column(key) is { IsNotNull: false } && !child.ProvesNotNull(key))
            return false;
        var aboutKey = said.Where(comparison => comparison.Column == key).ToList();
        return bound.Values.IsEmpty
            ? Both(Holds(aboutKey, bound.Lower, ">=", atLeast: true), Holds(aboutKey, bound.Upper, "<", atLeast: false))
            : aboutKey.Exists(equal => equal.Operator == "=" && equal.Values.All(value => bound.Values.Contains(value)));
    }

    /// <summary>The CHECKs that imply the bound, or for the DEFAULT partition exclude it, before the partition is made or attached.</summary>
    /// <param name="context">The statement.</param>
    /// <param name="span">The clause that the fix stands in for.</param>
    /// <param name="parent">The partitioned table.</param>
    /// <param name="bound">The new partition's bound.</param>
    /// <param name="child">The table that is attached; null where nothing of it needs to be proven.</param>
    /// <param name="rest">The DEFAULT partition; null where there is none to read.</param>
    /// <param name="last">The statement itself, in the form that then reads nothing.</param>
    public static Fix? Fix(StatementContext context, SourceSpan span, TableModel parent, PartitionBound bound, QualifiedName? child, QualifiedName? rest, string last)
    {
        if (parent.PartitionKey is not [{ } key] || Condition(SqlIdentifier.Quote(key), bound) is not { } condition)
            return null;
        (QualifiedName Table, string Check)?[] proofs = [child is null ? null : (child, condition), rest is null ? null : (rest, $"NOT ({condition})")];
        var named = proofs.OfType<(QualifiedName Table, string Check)>().Select(proof => (Table: SqlIdentifier.Quote(proof.Table),
            Name: SqlIdentifier.Quote(NotNullProof.Free(context.Schema.Table(proof.Table), proof.Table.Name + "_bound")), proof.Check)).ToList();
        return Skills.Fix.Of("Prove the bound first", span,
        [
            .. named.Select(proof => new FixStep($"ALTER TABLE {proof.Table} ADD CONSTRAINT {proof.Name} CHECK ({proof.Check}) NOT VALID")),
            .. named.Select(proof => new FixStep($"ALTER TABLE {proof.Table} VALIDATE CONSTRAINT {proof.Name}", FixRun.Fresh)),
            new FixStep(last, FixRun.Fresh),
            .. named.Select(proof => new FixStep($"ALTER TABLE {proof.Table} DROP CONSTRAINT {proof.Name}")),
        ]);
    }

    private static string? Condition(string key, PartitionBound bound)
    {
        static string Literal(string value) => $"'{value.Replace("'", "''", StringComparison.Ordinal)}'";
        var parts = new List<string> { $"{key} IS NOT NULL" };
        if (!bound.Values.IsEmpty)
        {
            if (bound.Values.Contains(null))
                return null;
            parts.Add($"{key} IN ({string.Join(", ", bound.Values.Select(value => Literal(value!)))})");
        }

        if (bound.Lower is [{ } low])
            parts.Add($"{key} >= {Literal(low)}");
        if (bound.Upper is [{ } high])
            parts.Add($"{key} < {Literal(high)}");
        return string.Join(" AND ", parts);
    }

    private static bool? Both(bool? one, bool? other) => one == false || other == false ? false : one is null || other is null ? null : true;

    /// <summary>Whether a comparison is at least as strict as one end of a range; MINVALUE and MAXVALUE ask nothing.</summary>
    private static bool? Holds(List<Comparison> said, System.Collections.Immutable.ImmutableArray<string?> end, string wanted, bool atLeast)
    {
        if (end is not [{ } limit])
            return end.Length == 1 ? true : null;
        bool? best = false;
        foreach (var comparison in said.Where(comparison => comparison.Operator == "=" || comparison.Operator[0] == wanted[0]))
        {
            foreach (string value in comparison.Values)
            {
                int? order = Order(value, limit);
                bool? holds = order is null ? null
                    : atLeast ? order >= 0
                    : order < 0 || (order == 0 && comparison.Operator == "<");
                best = holds == true ? true : best == true ? true : holds is null ? null : best;
            }
        }

        return best;
    }

    private static int? Order(string one, string other)
    {
        if (one == other)
            return 0;
        if (decimal.TryParse(one, NumberStyles.Number, CultureInfo.InvariantCulture, out var number) && decimal.TryParse(other, NumberStyles.Number, CultureInfo.InvariantCulture, out var limit))
            return number.CompareTo(limit);
        return DateTimeOffset.TryParse(one, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var moment)
            && DateTimeOffset.TryParse(other, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var end) ? moment.CompareTo(end) : null;
    }
}
