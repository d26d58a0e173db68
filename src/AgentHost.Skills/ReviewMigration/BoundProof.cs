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

    /// <summary>The CHECK that implies the bound, before the partition is attached.</summary>
    public static Fix? Fix(StatementContext context, AlterTable alter, AttachPartition attach, TableModel parent)
    {
        if (parent.PartitionKey is not [{ } key] || attach.Bound is not { } bound || Condition(SqlIdentifier.Quote(key), bound) is not { } condition)
            return null;
        var (child, check) = (SqlIdentifier.Quote(attach.Partition), SqlIdentifier.Quote(NotNullProof.Free(context.Schema.Table(attach.Partition), attach.Partition.Name + "_bound")));
        return Skills.Fix.Of("Prove the bound first", attach.Span,
            new FixStep($"ALTER TABLE {child} ADD CONSTRAINT {check} CHECK ({condition}) NOT VALID"),
            new FixStep($"ALTER TABLE {child} VALIDATE CONSTRAINT {check}", FixRun.Fresh),
            new FixStep($"ALTER TABLE {SqlIdentifier.Quote(alter.Table)} {context.TextOf(attach.Span)}", FixRun.Fresh),
            new FixStep($"ALTER TABLE {child} DROP CONSTRAINT {check}"));
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
